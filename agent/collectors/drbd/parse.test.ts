// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { Drbd, type DrbdDevice } from "@/agent/protocol/model/drbd";
import { parseDumpXml } from "./parse-dump-xml";
import { parseEvents2 } from "./parse-events2";
import { parseStatusJson } from "./parse-json";
import { parseProcDrbd } from "./parse-proc";
import { parseShow } from "./parse-show";

const folder = path.join(import.meta.dirname, "fixtures");
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));

/** What each kind of text is read by, and how its outcome fits into the contract. */
const parsers: Record<string, (text: string) => unknown> = {
  proc: (text) => Drbd.pick({ module: true, devices: true }).parse(parseProcDrbd(text)),
  events2: (text) => {
    const { devices, complete } = parseEvents2(text);
    return { ...Drbd.pick({ devices: true }).parse({ devices }), complete };
  },
  status: (text) => Drbd.pick({ devices: true }).parse({ devices: parseStatusJson(text) }),
  show: (text) => Drbd.pick({ settings: true }).parse({ settings: parseShow(text) }),
  dump: (text) => Drbd.pick({ settings: true }).parse({ settings: parseDumpXml(text, "alice") }),
};

function parserOf(name: string): (text: string) => unknown {
  const parser = parsers[name.slice(0, name.indexOf("-"))];
  if (!parser) throw new Error(`no parser reads ${name}`);
  return parser;
}

function load(name: string): string {
  return readFileSync(path.join(folder, name), "utf8");
}

/** The outcome, or null for a refusal; any other error goes on. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** Every byte up to 4 kB; above that every line end and 300 places that are the same in each run. */
function cutsOf(text: string): number[] {
  if (text.length <= 4096) return Array.from({ length: text.length }, (_, at) => at);
  const ends = [...text.matchAll(/\n/g)].flatMap((found) => [found.index, found.index + 1]);
  const places = fc.sample(fc.integer({ min: 0, max: text.length - 1 }), { numRuns: 300, seed: 20 });
  return [...new Set([...ends, ...places])];
}

describe("recorded and written texts", () => {
  test.each(files)("%s gives its golden", async (name) => {
    const outcome = parserOf(name)(load(name));
    await expect(`${JSON.stringify(outcome, null, 2)}\n`).toMatchFileSnapshot(path.join(folder, name.replace(/\.txt$/, ".json")));
  });

  test.each(files)("%s cut anywhere: an outcome or a refusal", (name) => {
    const text = load(name);
    const parser = parserOf(name);
    for (const at of cutsOf(text)) attempt(() => parser(text.slice(0, at)));
  });

  test.each(files.filter((name) => name.startsWith("proc-")))("%s cut in a line: refused", (name) => {
    const text = load(name);
    for (const at of cutsOf(text)) if (at > 0 && text[at - 1] !== "\n") expect(attempt(() => parseProcDrbd(text.slice(0, at)))).toBeNull();
  });

  test.each(files.filter((name) => name.startsWith("proc-")))("%s cut between lines: what is reported is right", (name) => {
    const text = load(name);
    const whole = parseProcDrbd(text);
    for (const found of text.matchAll(/\n/g)) {
      const part = attempt(() => parseProcDrbd(text.slice(0, found.index + 1)));
      for (const device of part?.devices.slice(0, -1) ?? []) expect(whole.devices).toContainEqual(device);
      const last = part?.devices.at(-1);
      if (last)
        expectPartOf(
          last,
          whole.devices.find((device) => device.minor === last.minor),
        );
    }
  });

  test.each(files.filter((name) => name.startsWith("events2-")))("%s cut in a line: refused", (name) => {
    const text = load(name);
    for (const at of cutsOf(text)) if (at > 0 && text[at - 1] !== "\n") expect(attempt(() => parseEvents2(text.slice(0, at)))).toBeNull();
  });

  test.each(files.filter((name) => /^(?:status|show|dump)-/.test(name)))("%s cut: refused or the whole", (name) => {
    const text = load(name);
    const parser = parserOf(name);
    const whole = parser(text);
    for (const at of cutsOf(text)) {
      const part = attempt(() => parser(text.slice(0, at)));
      const isWholeBlock = name.startsWith("show-") && /(?:^|\}\s*|found\.?)$/.test(text.slice(0, at));
      if (part !== null && !isWholeBlock) expect(part).toEqual(whole);
    }
  });
});

/** The last device of a cut text may lack details that came later: null, or as in the whole. */
function expectPartOf(last: DrbdDevice, whole: DrbdDevice | undefined): void {
  const states = ({ counters: _counters, peers: _peers, ...device }: DrbdDevice) => device;
  expect(states(last)).toEqual(whole && states(whole));
  // A block of debugfs that is still to come adds its peer's traffic.
  if (last.counters && last.peers.length === whole?.peers.length) expect(last.counters).toEqual(whole.counters);
  for (const [at, peer] of last.peers.entries()) {
    const full = whole?.peers[at];
    const { progress } = peer;
    expect({ ...peer, outOfSyncBytes: peer.outOfSyncBytes ?? full?.outOfSyncBytes, progress: null }).toEqual({ ...full, progress: null });
    if (progress)
      expect({ ...full?.progress, rateBytesPerSec: null, etaSeconds: null, stalled: null }).toEqual({
        ...progress,
        rateBytesPerSec: null,
        etaSeconds: null,
        stalled: null,
      });
    if (progress?.rateBytesPerSec != null) expect(progress).toEqual(full?.progress);
  }
}

describe("hostile texts", () => {
  const texts = files.map((name) => [name, load(name)] as const);
  const arbitrary = fc
    .oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: "grapheme", maxLength: 400 }))
    .map((text) => `${text}\n`);
  const pieces = fc.array(
    fc.constantFrom(
      " 0: cs:",
      "Connected ro:",
      "ns:1 ",
      "/",
      " ds:",
      "UpToDate",
      " C r-----",
      "\n",
      "\t",
      "sync'ed: 1.0% (1/2)K",
      "finish: ",
      "0:00:01 speed: 1 (1) K/sec",
      "version: 8.4.1 (api:1/proto:1)\n",
      "{",
      "}",
      ";",
      '"',
      "exists ",
      "device ",
      "name:a",
      " volume:0 minor:0",
      "<config>",
      "</config>",
      "[",
      "]",
      ":nan,",
    ),
    { maxLength: 60 },
  );

  test("any text: an outcome or a refusal", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          arbitrary,
          pieces.map((parts) => `${parts.join("")}\n`),
        ),
        (text) => {
          for (const parser of Object.values(parsers)) attempt(() => parser(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a fixture with a piece changed, doubled or taken out: an outcome or a refusal", () => {
    const mutation = fc.record({
      which: fc.nat(texts.length - 1),
      at: fc.nat(10_000),
      length: fc.nat(40),
      put: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom("\n", "\0", " ", ":", "-1", "99999999999999999999", "&gt;", "…", "</b>")),
      times: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(mutation, ({ which, at, length, put, times }) => {
        const [name, text] = texts[which] ?? ["proc-none", ""];
        const place = at % Math.max(1, text.length);
        const changed = text.slice(0, place) + put.repeat(times) + text.slice(place + length);
        attempt(() => parserOf(name)(changed));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["deep XML", "dump-", `<config>${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</config>\n`],
    ["a reserved name in XML", "dump-", "<config><__proto__><x>1</x></__proto__></config>\n"],
    ["an entity of its own", "dump-", '<!DOCTYPE a [<!ENTITY b "c">]><config/>\n'],
    ["XML that is not closed", "dump-", "<config><resource></config>\n"],
    ["deep JSON", "status-", `${"[".repeat(100_000)}${"]".repeat(100_000)}\n`],
    ["deep settings", "show-", `${"a {".repeat(100_000)}${"}".repeat(100_000)}\n`],
    ["a quote that is not closed", "show-", 'resource "r0 {\n}\n'],
    ["a minor beyond DRBD's own limit", "proc-", "1048577: cs:Unconfigured\n"],
    ["a minor twice", "proc-", " 0: cs:Unconfigured\n 0: cs:Unconfigured\n"],
    ["two files in one", "proc-", "version: 8.4.11 (api:1/proto:86-101)\nversion: 8.4.11 (api:1/proto:86-101)\n"],
    ["markup inside a state", "proc-", " 0: cs:Connected ro:Primary/Secondary ds:<b>UpToDate</b>/UpToDate C r-----\n"],
    ["dashes that a word processor made", "proc-", " 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r—–\n"],
    [
      "counters continued with a backslash",
      "proc-",
      ` 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----\n ns:1 nr:0 dw:1 \\\n pe:0 ua:0 ap:0 oos:0\n`,
    ],
    [
      "counters wrapped before their end",
      "proc-",
      ` 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----\n ns:1 nr:0 dw:1 dr:0 al:0 bm:0 lo:0\n pe:0 ua:0 ap:0 oos:0\n`,
    ],
    ["a status line wrapped before its flags", "proc-", " 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C\nr-----\n"],
    [
      "a device line glued to the build line",
      "proc-",
      "version: 8.0.4 (api:86/proto:86)\nSVN Revision: 1 0: cs:Connected st:Primary/Secondary\n",
    ],
    ["a wrapped event", "events2-", "exists peer-device name:r0 conn-name:bob volume:0\n    replication:Established\n"],
    ["no event at all", "events2-", "\n"],
  ])("%s: refused", (_what, kind, text) => {
    expect(attempt(() => parserOf(kind)(text))).toBeNull();
  });

  test("a line of a megabyte is refused", () => {
    for (const piece of [" ", "(", "9", "ns:1 ", "0: cs:", "-", "a:b "]) {
      const line = `${piece.repeat(Math.ceil(1_000_000 / piece.length))}x\n`;
      expect(attempt(() => parseProcDrbd(line))).toBeNull();
      expect(attempt(() => parseEvents2(line))).toBeNull();
    }
  });
});
