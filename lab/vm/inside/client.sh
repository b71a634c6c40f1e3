#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the client starts with the machine: its AoE initiator, and the iSCSI initiator's daemon.
set -eu
# One image for all machines: what a client does not have is taken away.
rm -f /usr/sbin/{corosync,crm,cib,pacemaker,stonith,attrd,drbd,vblade}*
rm -rf /etc/corosync /etc/drbd.d
modprobe aoe
modprobe iscsi_tcp
# A failover under emulation takes a minute and more: I/O waits for it.
sed -i 's/^node.session.timeo.replacement_timeout.*/node.session.timeo.replacement_timeout = 600/' /etc/iscsi/iscsid.conf
setsid iscsid -f >/run/lab-iscsid.log 2>&1 &
