// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { AgentFrame } from "@/agent/protocol/messages";
import { timing } from "@/agent/protocol/timing";
import { cluster, enrolled, fact, failed, host, nodeFacts, ok, silent, T0 } from "./factories";
import type { NodeFacts } from "./facts";
import { freshnessSignature, linkFreshness, sourceFreshness, standingOf } from "./freshness";
import { type Happening, reduce } from "./reduce";

const TIMES = timing();
const node = nodeFacts("ruby");

describe("a link", () => {
  it.each<[string, NodeFacts, number, string]>([
    ["heard just now", node, 0, "live"],
    ["silent for three pulses", node, 3_000, "live"],
    ["silent for longer", node, 3_001, "stale"],
    ["silent for very long", node, 10_001, "lost"],
    ["closed: stale at once", silent(node), 1, "stale"],
    ["closed and silent for very long", silent(node), 10_001, "lost"],
    ["never heard", enrolled("ruby"), 0, "never"],
  ])("%s", (_, facts, later, expected) => {
    expect(linkFreshness(facts, T0 + later, TIMES)).toBe(expected);
  });

  it("scales with the one factor", () => {
    expect(linkFreshness(node, T0 + 20_000, timing(10))).toBe("live");
  });
});

describe("a source", () => {
  const heardAt = (nowMs: number) => ({ ...node, lastWordAtMs: nowMs });

  it("is stale after twice its pace and a second, on a live link", () => {
    expect(sourceFreshness(heardAt(T0 + 5_000), "host", T0 + 5_000, TIMES)).toBe("live");
    expect(sourceFreshness(heardAt(T0 + 5_001), "host", T0 + 5_001, TIMES)).toBe("stale");
  });

  it("is never fresher than its node", () => {
    expect(sourceFreshness(silent(node), "host", T0 + 1, TIMES)).toBe("stale");
    expect(sourceFreshness(node, "host", T0 + 10_001, TIMES)).toBe("lost");
  });

  it("that was never read is pending and not current", () => {
    expect(standingOf({ ...node, sources: {} }, "drbd", T0, TIMES)).toMatchObject({
      status: "pending",
      freshness: "never",
      isCurrent: false,
    });
  });

  it("that failed is heard, and not current", () => {
    const { host } = node.sources;
    if (!host) throw new Error("no host");
    const hung = { ...node, sources: { ...node.sources, host: { ...host, reading: failed("no answer") } } };
    expect(standingOf(hung, "host", T0, TIMES)).toEqual({
      freshness: "live",
      status: "failed",
      isCurrent: false,
      why: "/proc and /sys on ruby could not be read: no answer.",
    });
  });
});

describe("a source whose agent links anew", () => {
  const linked: Happening = { type: "linked", node: "ruby", agentVersion: "1.0.0" };
  const frame = (one: Extract<Happening, { type: "frame" }>["frame"]): Happening => ({ type: "frame", node: "ruby", frame: one });
  const pulse = (times: Extract<AgentFrame, { type: "pulse" }>["read"]) => frame({ type: "pulse", sentAtMs: T0 + 100, read: times });
  const read = (takenAtMs: number) => ({ host: ok(host(), takenAtMs) });

  function standing(...happenings: Happening[]) {
    const facts = happenings.reduce((before, one) => reduce(before, one, T0 + 200).facts, cluster(node));
    const ruby = facts.nodes.get("ruby");
    if (!ruby) throw new Error("no ruby");
    return standingOf(ruby, "host", T0 + 200, TIMES);
  }

  it("is not believed as it was read before: the node may have been started anew since", () => {
    expect(standing()).toMatchObject({ freshness: "live", isCurrent: true });
    const why = "/proc and /sys on ruby was not read yet since its agent is back.";
    for (const more of [[], [pulse({})], [pulse({}), frame(fact("host", read(T0 + 50), T0 + 50))]])
      expect(standing(linked, ...more)).toMatchObject({ status: "ok", freshness: "never", isCurrent: false, why });
  });

  it("is believed once the agent says over this link when it read it, or has read it anew", () => {
    const confirmed = [
      [pulse({ host: { takenAtMs: T0, everyMs: 5_000 } })],
      [pulse({}), frame(fact("host", read(T0 + 150), T0 + 150))],
      [pulse({}), frame({ type: "telemetry", source: "host", readings: read(T0 + 50) })],
    ];
    for (const more of confirmed) expect(standing(linked, ...more)).toMatchObject({ freshness: "live", isCurrent: true });
  });
});

describe("what time alone changes", () => {
  it("has another signature, and only that", () => {
    const facts = cluster(node);
    const at = (later: number) => freshnessSignature(facts, T0 + later, TIMES);
    expect(at(0)).toBe(at(2_500));
    expect(new Set([at(0), at(3_500), at(11_000)]).size).toBe(3);
  });
});
