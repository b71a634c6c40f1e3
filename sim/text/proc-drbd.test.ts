// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProcDrbdDevice, renderProcDrbd } from "./proc-drbd";

const HEAD = ["version: 8.4.11 (api:1/proto:86-101)", "srcversion: F73C670A7EC572DB9CF3E5B "];

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/drbd", name), "utf8");

function device(given: Partial<ProcDrbdDevice>): ProcDrbdDevice {
  return {
    minor: 0,
    cs: "Connected",
    role: "Primary",
    peerRole: "Secondary",
    disk: "UpToDate",
    peerDisk: "UpToDate",
    protocol: "C",
    flags: "r-----",
    ns: 0,
    nr: 0,
    dw: 0,
    dr: 0,
    al: 14,
    bm: 0,
    lo: 0,
    pe: 0,
    ua: 0,
    ap: 0,
    ep: 1,
    wo: "f",
    oos: 0,
    progress: null,
    ...given,
  };
}

const secondOnAlice = device({ minor: 1, role: "Secondary", peerRole: "Primary", protocol: "B", nr: 4096, dw: 4096, al: 8 });
const secondOnBob = device({ minor: 1, protocol: "B", ns: 4096, dw: 4096, al: 9 });
const resync = { kind: "resync", totalKib: 24_576, finishSeconds: 1 } as const;
const verify = { kind: "verify", totalKib: 262_100, finishSeconds: 25 } as const;

const CAPTURES: Record<string, ProcDrbdDevice[]> = {
  "nothing-up.proc.txt": [],
  "resync-source.proc.txt": [
    device({
      cs: "SyncSource",
      peerDisk: "Inconsistent",
      ns: 10_652,
      dw: 24_576,
      dr: 272_752,
      pe: 1,
      oos: 14_336,
      progress: { ...resync, leftKib: 14_336, speed: 10_240, averageSpeed: 10_240, want: null },
    }),
    secondOnAlice,
  ],
  "resync-target.proc.txt": [
    device({
      cs: "SyncTarget",
      role: "Secondary",
      peerRole: "Primary",
      disk: "Inconsistent",
      nr: 271_124,
      dw: 271_124,
      al: 8,
      lo: 1,
      pe: 3,
      oos: 15_552,
      progress: { ...resync, leftKib: 15_552, speed: 9_024, averageSpeed: 9_024, want: 8_192 },
    }),
    secondOnBob,
  ],
  "verify-starter.proc.txt": [
    device({
      cs: "VerifyS",
      ns: 5_120,
      dw: 26_624,
      dr: 318_760,
      lo: 1,
      pe: 195,
      progress: { ...verify, leftKib: 235_136, speed: 8_988, averageSpeed: 8_988, want: 8_192 },
    }),
    secondOnAlice,
  ],
  "verify-other.proc.txt": [
    device({
      cs: "VerifyT",
      role: "Secondary",
      peerRole: "Primary",
      nr: 5_120,
      dw: 8_192,
      dr: 26_836,
      al: 2,
      pe: 7,
      progress: { ...verify, leftKib: 235_292, speed: 8_936, averageSpeed: 8_936, want: null },
    }),
    secondOnBob,
  ],
  "stand-alone.proc.txt": [
    device({ cs: "StandAlone", peerRole: "Unknown", peerDisk: "DUnknown", protocol: null, ns: 262_100, dr: 262_100, al: 8 }),
    secondOnAlice,
  ],
  "waiting.proc.txt": [
    device({ cs: "WFConnection", role: "Secondary", peerRole: "Unknown", peerDisk: "DUnknown", nr: 262_100, dw: 262_100, al: 8 }),
    secondOnBob,
  ],
};

describe("/proc/drbd of 8.4", () => {
  for (const [name, devices] of Object.entries(CAPTURES)) {
    it(`says ${name} as the kernel said it`, () => {
      expect(renderProcDrbd(HEAD, devices)).toBe(captured(name));
    });
  }

  it("leaves a line blank where a minor is missing", () => {
    expect(renderProcDrbd(HEAD, [device({ minor: 2 })]).split("\n")[2]).toBe("");
  });

  it("counts in 32 bits and in MiB above 4 GiB, hours without end", () => {
    const progress = {
      ...resync,
      totalKib: 2 ** 31,
      leftKib: 2 ** 30,
      finishSeconds: 400 * 3600 + 61,
      speed: 1_024_000,
      averageSpeed: 1_000,
      want: null,
    };
    const text = renderProcDrbd(HEAD, [device({ cs: "SyncSource", ns: 2 ** 32 + 5, progress })]);
    expect(text).toContain("ns:5 ");
    expect(text).toContain("sync'ed: 50.1% (1048576/2097152)M\n\tfinish: 400:01:01 speed: 1,024,000 (1,000) K/sec\n");
  });

  it("never says more than 100 %, and its bar is 20 or 21 characters wide", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2 ** 33 }), fc.double({ min: 0, max: 1, noNaN: true }), (totalKib, share) => {
        const progress = { ...resync, totalKib, leftKib: totalKib * share, speed: 1, averageSpeed: 1, want: null };
        const text = renderProcDrbd(HEAD, [device({ cs: "SyncSource", progress })]);
        const [, bar = "", percent = "", left = "", total = ""] =
          /\[([=>.]+)\] sync'ed: {0,2}([\d.]+)% \((\d+)\/(\d+)\)[KM]/.exec(text) ?? [];
        expect(bar.length === 20 || bar.length === 21).toBe(true);
        expect(Number(percent)).toBeLessThanOrEqual(100);
        expect(Number(left)).toBeLessThanOrEqual(Number(total));
      }),
    );
  });
});
