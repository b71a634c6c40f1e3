#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Corosync and Pacemaker, last of all.
set -eu
mkdir -p /var/log/corosync /var/lib/corosync
corosync >/run/lab-corosync.log 2>&1
until corosync-cfgtool -s >/dev/null 2>&1; do sleep 0.2; done
setsid pacemakerd >/run/lab-pacemakerd.log 2>&1 &
