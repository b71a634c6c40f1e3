// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { View } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { around, enrolled, silent, T0 } from "@/server/cluster/factories";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { project } from "@/server/cluster/project";
import { RULES } from "./catalog";
import { standingOf } from "./over";
import { proofOf } from "./proofs/all.factories";
import type { Scene } from "./proofs/scenes.factories";
import { trustedWitnesses } from "./witnesses";

const viewIn = ({ facts, around: more }: Scene): View => project(facts, { ...around(T0), ...more }, new Map());

/** A rule's findings where it fires, with whose word each is. */
function told(rule: string) {
  const scene = proofOf(rule).fires;
  const view = viewIn(scene);
  return [...view].flatMap(([key, one]) => {
    if (one.kind !== "finding" || one.rule !== rule) return [];
    return [{ id: key.slice("finding:".length), witnesses: trustedWitnesses(one, view, scene.facts.nodes) }];
  });
}

function withNodes(facts: ClusterFacts, change: (node: NodeFacts) => NodeFacts): ClusterFacts {
  return { ...facts, nodes: new Map([...facts.nodes].map(([name, node]) => [name, change(node)])) };
}

/** All that read Pacemaker read this of it instead. */
function withPacemaker(change: (value: Pacemaker) => Partial<Pacemaker>) {
  return (facts: ClusterFacts) =>
    withNodes(facts, (node) => {
      const read = node.sources.pacemaker;
      if (read?.reading.status !== "ok") return node;
      const reading = { ...read.reading, value: { ...read.reading.value, ...change(read.reading.value) } };
      return { ...node, sources: { ...node.sources, pacemaker: { ...read, reading, lastOk: reading } } };
    });
}

const one = (name: string, change: (node: NodeFacts) => NodeFacts) => (facts: ClusterFacts) =>
  withNodes(facts, (node) => (node.node === name ? change(node) : node));
const isGone = (name: string) =>
  withPacemaker(({ nodes }) => ({ nodes: nodes.map((node) => (node.name === name ? { ...node, online: false } : node)) }));

/** What may hide a trouble and mends none. */
const HIDING: readonly [string, (facts: ClusterFacts) => ClusterFacts][] = [
  ["the quorum is lost", withPacemaker(() => ({ quorate: false }))],
  [
    "a maintenance begins",
    withPacemaker(({ resources }) => ({ maintenance: true, resources: resources.map((service) => ({ ...service, managed: false })) })),
  ],
  [
    "a node is put into standby",
    withPacemaker(({ nodes }) => ({ nodes: nodes.map((node) => (node.name === "crystal" ? { ...node, standby: true } : node)) })),
  ],
  ["ruby is gone", isGone("ruby")],
  ["crystal is gone", isGone("crystal")],
  ["ruby's agent falls silent", one("ruby", silent)],
  ["crystal's agent falls silent", one("crystal", silent)],
  ["ruby's new agent has read nothing yet", one("ruby", (node) => ({ ...node, sources: {} }))],
  ["crystal's new agent has read nothing yet", one("crystal", (node) => ({ ...node, sources: {} }))],
  ["crystal's new agent was not heard yet", one("crystal", ({ node }) => enrolled(node))],
];

describe.each(HIDING)("because %s", (_, hide) => {
  it.each(RULES.map(({ name }) => name))("a finding of %s is not over", (rule) => {
    const scene = proofOf(rule).fires;
    const facts = hide(scene.facts);
    const view = viewIn({ ...scene, facts });
    for (const { id, witnesses } of told(rule)) {
      if (view.has(`finding:${id}`)) continue;
      expect(standingOf({ id, witnesses }, { view, agents: facts.nodes, unwatched: () => null })).not.toMatchObject({ end: "over" });
    }
  });
});

describe("a finding that is not found any more", () => {
  const { facts } = proofOf("bond-ports").fires;
  const view = viewIn({ facts });
  const [missed] = told("bond-ports");
  if (!missed) throw new Error("bond-ports found nothing");
  const without = new Map([...view].filter(([key]) => key !== `finding:${missed.id}`));
  const whole = { view: without, agents: facts.nodes, unwatched: (): string | null => null };

  it("is over when all whose word it was are heard", () => {
    expect(standingOf(missed, whole)).toMatchObject({ is: "ended", end: "over", level: "ok" });
  });

  it("is not known in a view that could not be made", () => {
    expect(standingOf(missed, { ...whole, view: new Map() })).toEqual({ is: "notKnown" });
  });

  it("is not looked at any more when its rule is switched off, whoever is silent", () => {
    expect(standingOf(missed, { ...whole, view: new Map(), unwatched: () => "anna switched it off." })).toMatchObject({
      end: "unwatched",
      says: "anna switched it off. Whether it still is so is not looked at.",
    });
  });

  it("is not looked at any more by a version that has no such rule", () => {
    expect(standingOf({ ...missed, id: "nonsense:ruby" }, whole)).toMatchObject({
      end: "unwatched",
      says: "This version of the console does not look for nonsense. Whether it still is so is not looked at.",
    });
  });

  it("is no longer known when the agent that told of it is trusted no more", () => {
    const agents = new Set([...facts.nodes.keys()].filter((name) => !missed.witnesses.nodes.includes(name)));
    expect(standingOf(missed, { ...whole, agents })).toMatchObject({ end: "untrusted", level: "unknown" });
  });

  it("of which it was not kept whose word it was is over only when everybody is heard", () => {
    expect(standingOf({ ...missed, witnesses: null }, whole)).toMatchObject({ end: "over" });
    const late = viewIn({ facts: one("crystal", silent)(facts) });
    expect(standingOf({ ...missed, witnesses: null }, { ...whole, view: late })).toEqual({ is: "notKnown" });
  });
});
