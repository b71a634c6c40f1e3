// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { isQuickFile, isQuickFolder } from "./quick-files";

test.each([
  "/proc/uptime",
  "/proc/loadavg",
  "/proc/net/bonding/bond0",
  "/proc/pressure/io",
  "/proc/sys/kernel/random/boot_id",
  "/sys/class/net/eth0/mtu",
  "/sys/block/drbd0/size",
])("%s is read at once", (file) => expect(isQuickFile(file)).toBe(true));

test.each([
  "/proc/drbd",
  "/proc/mdstat",
  "/proc/1/cmdline",
  "/proc/self/stat",
  "/sys/class/net/eth0/carrier",
  "/sys/class/net/eth0/speed",
  "/sys/class/net/bond0/bonding/slaves",
  "/sys/kernel/debug/aoe/e0.0",
  "/sys/kernel/config/target/iscsi",
  "/etc/corosync/corosync.conf",
  "/dev/kmsg",
  "/proc/net/bonding/../../drbd",
  "/x/proc/uptime",
])("%s may hang, and is read by a thread", (file) => expect(isQuickFile(file)).toBe(false));

test("of folders only those of the kernel's own lists are read at once", () => {
  expect(["/proc/net/bonding", "/sys/block"].map(isQuickFolder)).toEqual([true, true]);
  expect(["/proc", "/sys/kernel/config/target", "/dev/drbd/by-res"].map(isQuickFolder)).toEqual([false, false, false]);
});
