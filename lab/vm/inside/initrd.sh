#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# First program of a guest: loads what the root disk needs, lays the lab's own files beside it, and hands over to them.
export PATH=/bin
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /new
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do
  insmod "/m/$module" 2>/dev/null || echo "$module could not be loaded"
done </modules
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 200 ]; do
  usleep 50000
  tries=$((tries + 1))
done
mount -t ext4 /dev/vda /new
mount -t tmpfs lab /new/lab
cp -a /lab/. /new/lab/
mount --move /dev /new/dev
umount /proc /sys
exec switch_root /new /lab/init.sh
