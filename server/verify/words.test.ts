// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseVerifyLine } from "./words";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

const CASES: readonly [what: string, text: string, word: object, subject: object][] = [
  ["8.4 begins", "block drbd0: Starting Online Verify from sector 0", { says: "began", sector: 0, isStarter: true }, { minor: 0 }],
  [
    "8.4 begins at the other end",
    "block drbd1: Online Verify start sector: 100000",
    { says: "began", sector: 100_000, isStarter: false },
    { minor: 1 },
  ],
  ["8.4 goes into it", "block drbd0: conn( Connected -> VerifyS ) ", { says: "entered", state: "VerifyS" }, { minor: 0 }],
  [
    "8.4 finds a place",
    "block drbd0: Out of sync: start=2400, size=80 (sectors)",
    { says: "differs", startSector: 2_400, sectors: 80 },
    { minor: 0 },
  ],
  [
    "8.4 is done",
    "block drbd0: Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)",
    { says: "done", seconds: 43, kibPerSec: 6_092 },
    {},
  ],
  [
    "8.3 is done, with two blanks",
    "block drbd0: Online verify  done (total 9 sec; paused 1 sec; 12 K/sec)",
    { says: "done", seconds: 8, kibPerSec: 12 },
    {},
  ],
  ["8.2 has no block before it", "drbd0: Online verify found 2 4k block out of sync!", { says: "found", bytes: 8_192 }, { minor: 0 }],
  ["8.4 stops on the way", "block drbd0: Online Verify reached sector 179968", { says: "reached", sector: 179_968 }, { minor: 0 }],
  ["8.4 leaves it", "block drbd0: conn( VerifyS -> Connected ) ", { says: "left", state: "Connected" }, { minor: 0 }],
  [
    "8.4 loses the connection of the whole resource",
    "drbd r0: peer( Secondary -> Unknown ) conn( VerifyS -> Disconnecting ) pdsk( UpToDate -> DUnknown ) ",
    { says: "left", state: "Disconnecting" },
    { minor: null, resource: "r0", peer: null },
  ],
  [
    "9 names the peer",
    "drbd store/0 drbd1 ruby: Out of sync: start=0, size=8 (sectors)",
    { says: "differs", startSector: 0, sectors: 8 },
    { minor: 1, resource: "store", peer: "ruby" },
  ],
  [
    "9 leaves it",
    "drbd r0/0 drbd1 ruby: repl( VerifyS -> Established )",
    { says: "left", state: "Established" },
    { minor: 1, peer: "ruby" },
  ],
  [
    "9 loses a connection",
    "drbd r0 ruby: conn( Connected -> NetworkFailure ) peer( Secondary -> Unknown )",
    { says: "cut", state: "NetworkFailure" },
    { minor: null, peer: "ruby" },
  ],
];

describe("parseVerifyLine", () => {
  it.each(CASES)("%s", (_, text, word, subject) => {
    expect(parseVerifyLine(text)).toMatchObject({ word, subject });
  });

  it.each([
    "block drbd0: Resync done (total 1 sec; paused 0 sec; 5120 K/sec)",
    'block drbd1: using verify-alg: "md5"',
    "block drbd0: State change failed: Can not start OV/resync since it is already active",
    "block drbd0:  wanted = { cs:VerifyS ro:Secondary/Primary ds:UpToDate/UpToDate r----- }",
    "block drbd0: Out of sync: start=0, size=0 (sectors)",
    "block drbd0: Out of sync: start=99999999999999999999, size=8 (sectors)",
    "myapp: Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)",
  ])("is silent on: %s", (text) => {
    expect(parseVerifyLine(text)).toBeNull();
  });

  it("takes any beginning of a kernel's line without failing", () => {
    for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith(".txt"))) {
      for (const line of readFileSync(path.join(FIXTURES, name), "utf8").split("\n")) {
        const text = line.replace(/^[\d.]+ /, "");
        for (let length = 0; length <= text.length; length += 1) expect(() => parseVerifyLine(text.slice(0, length))).not.toThrow();
      }
    }
  });
});
