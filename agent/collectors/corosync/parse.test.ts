// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { Corosync } from "@/agent/protocol/model/corosync";
import { parseConfig } from "./parse-config";
import { parseReachable, parseRings } from "./parse-links";
import { parseQuorum } from "./parse-quorum";

/** What each says, as part of a whole reading: so a value the contract refuses is found here. */
const NOTHING = { clusterName: null, transport: null, localNodeId: null, quorum: null, members: null, qdevice: null, links: null };
const whole = (part: object) => Corosync.parse({ isRunning: true, configured: null, unread: [], ...NOTHING, ...part });

const ofQuorum = (text: string) => whole(parseQuorum(text));
const ofReachable = (text: string) => whole(parseReachable(text));
const ofRings = (text: string) => whole(parseRings(text));
const ofConfig = (text: string) => whole(parseConfig(text));

const KINDS = [
  { kind: "quorum", parse: ofQuorum, mustFinish: true },
  { kind: "reachable", parse: ofReachable, mustFinish: true },
  { kind: "rings", parse: ofRings, mustFinish: true },
  { kind: "config", parse: ofConfig, mustFinish: false },
];
const casesOf = (kind: string) => goldenCases(path.join(import.meta.dirname, "fixtures", kind));
const textOf = (kind: string, name: string) => casesOf(kind).find((one) => one.name.startsWith(name))?.text ?? "";

/** The value, or null where the parser refused; anything else thrown fails the test. */
function parseOrRefuse(parse: (text: string) => Corosync, text: string): Corosync | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

const everywhere = KINDS.flatMap((kind) => casesOf(kind.kind).map((one) => ({ ...kind, ...one })));

describe.each(everywhere)("$kind/$name", ({ text, golden, parse, mustFinish }) => {
  test("becomes its golden value", () => {
    expect(parse(text)).toEqual(whole(Object(golden)));
  });

  test("cut anywhere it is refused, or says nothing that the whole does not say", () => {
    const all = parse(text);
    for (const cut of cutsOf(text)) {
      const value = parseOrRefuse(parse, cut);
      if (value === null) continue;
      if (mustFinish) expect(cut.endsWith("\n"), `a value from an unfinished line: ${cut.slice(-40)}`).toBe(true);
      expect(value.quorum ?? all.quorum).toEqual(all.quorum);
      expect(value.members ?? all.members).toEqual(all.members);
      expect(value.clusterName ?? all.clusterName).toBe(all.clusterName);
      for (const link of value.links ?? []) expect(all.links).toContainEqual(link);
      for (const node of value.configured ?? []) expect(all.configured).toContainEqual(node);
    }
  });

  test("with Windows line ends it says the same", () => {
    expect(parse(text.replaceAll("\n", "\r\n"))).toEqual(parse(text));
  });

  test("with any one line changed it is refused or read, never anything else", () => {
    const lines = text.split("\n");
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: "grapheme", maxLength: 40 }), (at, other) => {
        parseOrRefuse(parse, lines.with(at, other).join("\n"));
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

const three = textOf("quorum", "corosync-3.1.7-three");
const linked = textOf("reachable", "corosync-3.1.7-two");
const rings = textOf("rings", "corosync-3.1.7-two");
const config = textOf("config", "two-rings");

describe("damaged texts are refused", () => {
  test.each<[string, (text: string) => Corosync, string]>([
    ["an empty text", ofQuorum, ""],
    ["a member fewer than it says", ofQuorum, three.replace(/ +3 +1 node3\n/, "")],
    ["a member twice", ofQuorum, three.replace("3          1 node3", "2          1 node2")],
    ["a quorum of two words", ofQuorum, three.replace("Quorate:          Yes", "Quorate:          Yes and No")],
    ["two statuses in one", ofQuorum, three + three],
    ["votes that are no number", ofQuorum, three.replace("Total votes:      3", "Total votes:      three")],
    ["a peer without its end", ofReachable, linked.replace("\n\nnodeid: 3", "\nnodeid: 3")],
    ["a link before any peer", ofReachable, linked.replace("nodeid: 2 reachable\n", "")],
    ["a link without addresses", ofReachable, linked.replace("(10.77.0.1->10.77.0.2)", "()")],
    ["a link twice", ofReachable, linked.replace("LINK: 1", "LINK: 0")],
    ["no number of this node", ofRings, rings.replace(/^Local node.*\n/, "")],
    ["a link without a status", ofRings, rings.replace(/\t\tnodeid: .*\n/g, "")],
    ["a line nobody prints", ofRings, rings.replace("\tstatus:", "\tstate:")],
    ["a section that does not close", ofConfig, config.slice(0, -2)],
    ["a section that closes twice", ofConfig, `${config}}\n`],
    ["a nodeid that is a name", ofConfig, config.replace("nodeid: 2", "nodeid: two")],
  ])("%s", (_, parse, text) => {
    expect(() => parse(text)).toThrow(ParseError);
  });
});

test("hostile texts stay cheap", () => {
  expect(() => parseQuorum(three + "         9          1 x\n".repeat(5_000))).toThrow(ParseError);
  expect(() => parseRings(rings + "\t\tnodeid:          4:\tconnected\n".repeat(20_000))).toThrow(ParseError);
  expect(() => parseConfig("nodelist {\n".repeat(50_000))).toThrow(ParseError);
});
