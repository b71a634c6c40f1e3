#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PID 1 of a lab node: private mounts over the machine's own, then Corosync and Pacemaker. $1: the node's folder, $2: its name.
set -eu
home=$1
name=$2

hostname "$name"
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/lock /run/crm /run/resource-agents
chown hacluster:haclient /run/crm
for pair in pacemaker:/var/lib/pacemaker corosync:/var/lib/corosync log:/var/log corosync.d:/etc/corosync hosts:/etc/hosts; do
  mount --bind "$home/${pair%%:*}" "${pair#*:}"
done

export PCMK_logfile=/var/log/pacemaker/pacemaker.log HA_LOGFACILITY=none
corosync
tries=0
until corosync-cfgtool -s >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || { echo "corosync does not answer"; exit 1; }
  sleep 0.05
done
pacemakerd &

# Whatever the cluster's daemons leave behind is PID 1's to bury.
trap 'exit 0' TERM
while :; do
  sleep 3600 &
  wait $! || true
done
