// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { KernelLine } from "@/agent/protocol/model/kernel-log";
import { parseKernelLine } from "./parse";
import { topicOf } from "./topic";

/** 2026-11-20T11:00:00Z. */
const BOOT_MS = 1_795_172_400_000;
const cases = goldenCases(path.join(import.meta.dirname, "fixtures"));

function parseOrRefuse(record: string): KernelLine | null {
  try {
    const line = parseKernelLine(record, BOOT_MS);
    return line === null ? null : KernelLine.parse(line);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(cases)("$name", ({ text, golden }) => {
  const records = text.split("\n").slice(0, -1);

  test("becomes its golden value", () => {
    expect(records.map((record) => parseKernelLine(record, BOOT_MS)).filter((line) => line !== null)).toEqual(golden);
  });

  test("each record, cut anywhere, is refused or a line of the same number and time", () => {
    for (const record of records) {
      const whole = parseOrRefuse(record);
      for (const cut of cutsOf(record)) {
        const line = parseOrRefuse(cut);
        if (line !== null && whole !== null) expect({ ...line, text: "", topic: "" }).toEqual({ ...whole, text: "", topic: "" });
      }
    }
  });
});

test("the dictionary behind a record is not a line", () => {
  expect(parseKernelLine(" DEVICE=+scsi:2:0:0:0", BOOT_MS)).toBeNull();
});

test("a program's words are not the kernel's", () => {
  expect(parseKernelLine("14,900,1,-;drbd r0: conn( Connected -> StandAlone )", BOOT_MS)).toBeNull();
});

test.each(["", ";", "6,1;drbd", "x,1,1,-;drbd", "6,99999999999999999999,1,-;drbd", "[  12.3] drbd r0: text"])(
  "%j is not a record",
  (record) => {
    if (record === "") expect(parseKernelLine(record, BOOT_MS)).toBeNull();
    else expect(() => parseKernelLine(record, BOOT_MS)).toThrow(ParseError);
  },
);

test("a long line is kept within the contract's bound", () => {
  expect(parseOrRefuse(`6,1,1,-;drbd ${"\\xf0\\x9f\\x98\\x80".repeat(1_000)}`)?.text.length).toBeLessThanOrEqual(1_000);
});

test("hostile records give a line that fits the contract, nothing, or a ParseError", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\\x", "\\xff\\xfe", "\\x1b[2J", "\\xe2\\x80\\xae", "; ", "drbd0: "),
  );
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 6 }),
      fc.integer({ min: -1, max: 300 }),
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      (parts, priority, number) => {
        const line = parseOrRefuse(`${priority},${number},${number},-;drbd ${parts.join("")}`);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the promise
        if (line !== null) expect(line.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      },
    ),
    { numRuns: 500 },
  );
});

test.each<[string | null, string]>([
  ["drbd", "drbd store/0 drbd1 ruby: Out of sync: start=0, size=8 (sectors)"],
  ["drbd", "drbd store ruby: conn( Connected -> NetworkFailure )"],
  ["drbd", "block drbd0: Split-Brain detected but unresolved, dropping connection!"],
  ["bond", "idmz: (slave enp1s0): link status definitely down, disabling slave"],
  ["bond", "bond0: link status definitely up for interface eth0, 1000 Mbps full duplex"],
  ["bond", "bonding: bond0: now running without any active interface !"],
  ["aoe", "aoe: e7.3: setting 8704 byte data frames"],
  ["iscsi", "iSCSI Login timeout on Network Portal 10.0.0.1:3260"],
  ["iscsi", "TARGET_CORE[iSCSI]: Detected NON_EXISTENT_LUN Access for 0x00000001"],
  ["disk", "blk_update_request: I/O error, dev sdc, sector 2048"],
  ["disk", "Buffer I/O error on dev drbd0, logical block 0, async page read"],
  ["disk", "EXT4-fs (dm-2): Remounting filesystem read-only"],
  ["disk", "XFS (sdb1): Metadata corruption detected at xfs_agf_read_verify"],
  ["disk", "md: md0: recovery done."],
  ["hung", "INFO: task jbd2/drbd0-8:812 blocked for more than 120 seconds."],
  ["hung", "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [kworker/1:1:44]"],
  ["memory", "Out of memory: Killed process 4711 (corosync) total-vm:190000kB"],
  ["memory", "EDAC MC0: 1 UE on mc#0csrow#0channel#1"],
  ["other", "Kernel panic - not syncing: Fatal exception"],
  ["other", "igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Down"],
  [null, "usb 1-1: new high-speed USB device number 2 using xhci_hcd"],
  [null, "IPv6: ADDRCONF(NETDEV_CHANGE): bond0: link becomes ready"],
  [null, 'audit: type=1400 audit(1.2:3): apparmor="STATUS"'],
])("%s: %s", (topic, text) => {
  expect(topicOf(text)).toBe(topic);
});
