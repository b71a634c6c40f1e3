#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a storage node starts with the machine: bonds, mirrors, the AoE target.
set -eu
id=$(sed -n 's/.*lab\.address=10\.0\.0\.\([12]\).*/\1/p' /proc/cmdline)

# Twice two cables to the other node: a 802.3ad bond each, and an active-backup bond of both.
modprobe bonding max_bonds=0
bond() {
  name=$1 mode=$2
  shift 2
  ip link add "$name" type bond mode $mode miimon 100
  for port; do
    ip link set "$port" down
    ip link set "$port" master "$name"
  done
  ip link set "$name" up
}
bond rep1 "802.3ad lacp_rate fast" p1 p2
bond rep2 "802.3ad lacp_rate fast" p3 p4
bond rep active-backup rep1 rep2
# There is no switch between them: both ends must prefer the same one, or neither hears the other after all cables were gone.
ip link set rep type bond primary rep1
ip addr add "10.2.0.$id/24" dev rep

# The address comes last and goes first, so that a client waits while its disk moves: the target listens before it has the address.
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
modprobe -a drbd target_core_mod iscsi_target_mod
for mirror in store spare; do
  [ -e "/var/lib/drbd/made-$mirror" ] && continue
  mkdir -p /var/lib/drbd
  drbdadm create-md --force "$mirror" >/dev/null
  touch "/var/lib/drbd/made-$mirror"
done
# drbdadm gives its helper 5 s, which is not enough on a busy machine.
until drbdadm adjust spare; do sleep 1; done

# Both nodes answer as e0.0, from disks that are the same because nobody writes them.
setsid vblade -s 0 0 lan /dev/vdd >/run/lab-vblade.log 2>&1 &
