#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PID 1 of a lab node: private mounts over the machine's own, then Corosync and Pacemaker. $1: the node's folder, $2: its name.
# Its input is held open by whoever runs the lab: when that one is gone, for whatever reason, so is the node.
set -eu
home=$1
name=$2

hostname "$name"
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/lock /run/crm /run/resource-agents /run/lab
chown hacluster:haclient /run/crm
for pair in pacemaker:/var/lib/pacemaker corosync:/var/lib/corosync log:/var/log corosync.d:/etc/corosync hosts:/etc/hosts; do
  mount --bind "$home/${pair%%:*}" "${pair#*:}"
done
# The lab's fence agent and resource agents, seen by this node alone.
mount -t overlay overlay -o "lowerdir=$home/sbin:/usr/sbin" /usr/sbin
mount -t overlay overlay -o "lowerdir=$home/ocf:/usr/lib/ocf/resource.d" /usr/lib/ocf/resource.d

export PCMK_logfile=/var/log/pacemaker/pacemaker.log HA_LOGFACILITY=none
corosync
tries=0
until corosync-cfgtool -s >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 600 ] || { echo "corosync does not answer"; exit 1; }
  sleep 0.05
done
pacemakerd &
: >/run/lab/booted

# Whatever the cluster's daemons leave behind is buried while this waits.
cat >/dev/null
