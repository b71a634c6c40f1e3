#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# PID 1 of a guest, in the place of a service manager, which takes twice as long under emulation: a real udevd, the buses that
# targetcli and Corosync ask for, the network, then the lab's channel. Everything else is started through the channel.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
word() { sed -n "s/.*lab\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o size=128M shm /dev/shm
mount -t tmpfs run /run
mkdir -p /run/lock/iscsi /run/udev /run/dbus /run/crm /run/resource-agents
chown hacluster:haclient /run/crm
mount -t debugfs debugfs /sys/kernel/debug
mount -t cgroup2 cgroup2 /sys/fs/cgroup
hostname "$(word name)"
ip link set lo up
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle -t 60

# targetcli refuses to start without a system bus and without its folder for reservations.
dbus-uuidgen --ensure
dbus-daemon --system --fork
modprobe -a virtio_console configfs
mount -t configfs configfs /sys/kernel/config
mkdir -p /etc/target/pr /var/log/pacemaker
chown hacluster:haclient /var/log/pacemaker

# A card is known by its address: the last byte 00 is the network, 01 to 04 are the cables between the storage nodes.
for device in /sys/class/net/*; do
  name=${device##*/}
  case $(cat "$device/address") in
  52:54:00:00:0?:00) to=lan ;;
  52:54:00:00:0?:0[1-4]) to=p$(tail -c 2 "$device/address") ;;
  *) continue ;;
  esac
  ip link set "$name" down
  ip link set "$name" name "$to"
  # A card of virtio has no speed, and 802.3ad joins nothing without one.
  [ "$to" = lan ] || ethtool -s "$to" speed 1000 duplex full
done
cp -r /lab/etc/. /etc/
ip addr add "$(word address)/24" dev lan
ip link set lan up

while :; do
  python3 /lab/channel.py
  sleep 1
done
