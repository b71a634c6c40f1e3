// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import { around, drbd, fact, ok, T0 } from "./factories";
import type { ClusterFacts } from "./facts";
import { crystalSettings, crystalSide, pair, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";
import { reduce } from "./reduce";

const ALONE: Partial<DrbdPeer> = { connection: "StandAlone", replication: "Off", role: "Unknown", disk: "DUnknown" };
const TOGETHER: Partial<DrbdPeer> = {};
const SPLIT = "block drbd0: Split-Brain detected but unresolved, dropping connection!";

/** Both sides print their line to the peer as given, at that time. */
function said(facts: ClusterFacts, of: Partial<DrbdPeer>, atMs: number): ClusterFacts {
  const cs = of.connection === "StandAlone" ? "StandAlone" : "Connected";
  const ruby = drbd([rubySide({ cs }, of)], { settings: [rubySettings] });
  const crystal = drbd([crystalSide({ cs }, of)], { settings: [crystalSettings] });
  const one = reduce(facts, { type: "frame", node: "ruby", frame: fact("drbd", { drbd: ok(ruby, atMs) }, atMs) }, atMs).facts;
  return reduce(one, { type: "frame", node: "crystal", frame: fact("drbd", { drbd: ok(crystal, atMs) }, atMs) }, atMs).facts;
}

function printed(facts: ClusterFacts, node: string, text: string, atMs: number): ClusterFacts {
  const line = { kmsgSeq: atMs - T0, atMs, priority: 1, topic: "drbd", text } as const;
  return reduce(facts, { type: "frame", node, frame: { type: "line", journalId: "journal", seq: atMs - T0 + 1, atMs, line } }, atMs).facts;
}

function seen(facts: ClusterFacts, nowMs: number) {
  const view = project(facts, around(nowMs), new Map());
  const mirror = view.get("mirror:store/0");
  const findings = [...view.values()].flatMap((one) => (one.kind === "finding" && one.rule === "mirror-cut" ? [one.title] : []));
  return {
    word: mirror?.kind === "mirror" ? mirror.pairs[0]?.said.word : null,
    meaning: mirror?.kind === "mirror" ? mirror.meaning : [],
    findings,
  };
}

describe("a split brain", () => {
  const before = said(pair(), TOGETHER, T0 - 100_000);
  const torn = printed(said(before, ALONE, T0), "ruby", SPLIT, T0 + 1);

  it("is what the kernel log says of a line that stands alone, on the mirror and among the findings", () => {
    const now = seen(torn, T0 + 500);
    expect(now.word).toBe("split brain");
    expect(now.findings).toEqual(["Split brain: crystal and ruby hold different data of store"]);
    expect(now.meaning.join(" ")).toContain("drbdadm connect --discard-my-data store");
  });

  it("is not claimed of a line that stands alone by hand", () => {
    expect(seen(said(before, ALONE, T0), T0 + 500).word).toBe("StandAlone on both");
  });

  it("is over once they were connected: a disconnect later is no split brain", () => {
    const solved = said(torn, TOGETHER, T0 + 60_000);
    expect(seen(solved, T0 + 60_500).word).toBe("in sync");
    expect(seen(said(solved, ALONE, T0 + 120_000), T0 + 120_500).word).toBe("StandAlone on both");
  });

  it("is known whichever came first, the line or the reading", () => {
    expect(seen(said(printed(before, "crystal", SPLIT, T0 - 300), ALONE, T0), T0 + 500).word).toBe("split brain");
  });

  it("of one resource says nothing of another", () => {
    const other = printed(said(before, ALONE, T0), "ruby", SPLIT.replace("drbd0", "drbd9"), T0 + 1);
    expect(seen(other, T0 + 500).word).toBe("StandAlone on both");
  });
});

it("any number of names that split before leaves the newest split known", () => {
  let facts = said(pair(), TOGETHER, T0 + 1_000);
  for (let index = 0; index < 300; index += 1)
    facts = printed(facts, "ruby", `drbd old${index}: Split-Brain detected but unresolved, dropping connection!`, T0 + 2_000 + index);
  facts = printed(said(facts, ALONE, T0 + 10_000), "ruby", SPLIT, T0 + 10_001);
  expect(Object.keys(facts.nodes.get("ruby")?.sources.kernelLog?.memory ?? {})).toHaveLength(256);
  expect(JSON.stringify(facts.nodes.get("ruby")?.sources.kernelLog?.memory)).toContain("split:store");
});
