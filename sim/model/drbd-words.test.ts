// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { greetingLines, lostLines, resyncBeginsLines, resyncDoneLines, type Voice, verifyDoneLines } from "./drbd-words";

/** The lines of a captured kernel log without their times; numbers that differ from run to run are left out. */
const captured = (name: string) =>
  readFileSync(path.join(import.meta.dirname, "../fixtures/drbd", name), "utf8")
    .split("\n")
    .map((line) => plain(line.replace(/^\[ *[\d.]+\] /, "")));
const plain = (line: string) => line.replace(/total \d+ sec/, "total n sec").replace(/\d+ K\/sec/, "n K/sec");

const voice: Voice = { isNine: false, connection: "drbd r0:", volume: "block drbd0:" };

const SAID: Record<string, { from: string; lines: string[] }> = {
  "a lost connection": { from: "cable-pulled.dmesg.txt", lines: lostLines(voice, "Secondary", "Connected", "UpToDate") },
  "a greeting": { from: "resync-source.dmesg.txt", lines: greetingLines(voice) },
  "the beginning of a resync at its source": {
    from: "resync-source.dmesg.txt",
    lines: resyncBeginsLines(voice, true, "Secondary", 24_576),
  },
  "the beginning of a resync at its target": { from: "resync-target.dmesg.txt", lines: resyncBeginsLines(voice, false, "Primary", 24_576) },
  "the end of a resync": { from: "cable-pulled.dmesg.txt", lines: resyncDoneLines(voice, true, 1, 0) },
  "the end of a verify": { from: "verify-with-differences.dmesg.txt", lines: verifyDoneLines(voice, false, 48, 5_460, 56) },
};

describe("the kernel log of DRBD 8.4", () => {
  for (const [what, { from, lines }] of Object.entries(SAID)) {
    it(`tells ${what} in the kernel's lines and order`, () => {
      const kernel = captured(from);
      const places = lines.map((line) => kernel.indexOf(plain(line)));
      expect(lines.filter((_, index) => places[index] === -1)).toEqual([]);
      expect(places).toEqual([...places].sort((one, other) => one - other));
    });
  }
});
