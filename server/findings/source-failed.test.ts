// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { SourceName } from "@/agent/protocol/sources";
import { around, cluster, failed, nodeFacts, T0 } from "@/server/cluster/factories";
import type { NodeFacts } from "@/server/cluster/facts";
import { project } from "@/server/cluster/project";

/** A node of which these sources hang since just now, and were never read before. */
function hanging(...sources: readonly SourceName[]): NodeFacts {
  const node = nodeFacts("ruby");
  const reading = failed("Could not read it: it did not answer within 5 s. Run it by hand.");
  const hung = Object.fromEntries(
    sources.map((source) => [source, { reading, lastOk: null, takenAtMs: T0, okAtMs: null, everyMs: 5_000 }]),
  );
  return { ...node, sources: { ...node.sources, ...hung } };
}

function told(node: NodeFacts) {
  const view = project(cluster(node), around(T0), new Map());
  return [...view.values()].flatMap((one) => (one.kind === "finding" && one.rule === "source-failed" ? [one] : []));
}

it("two sources that fail are two findings, each with its own next step", () => {
  expect(told(hanging("bonding", "aoe")).map(({ title }) => title)).toEqual([
    "Bonding on ruby cannot be read",
    "AoE on ruby cannot be read",
  ]);
});

it("three that fail alike are one: they have one cause", () => {
  const [finding, ...others] = told(hanging("bonding", "aoe", "drbd"));
  expect(others).toEqual([]);
  expect(finding?.title).toBe("3 sources on ruby cannot be read");
  expect(finding?.why).toBe("DRBD, bonding and AoE: it did not answer within 5 s.");
  expect(finding?.about).toEqual(expect.arrayContaining(["node:ruby", "source:ruby/bonding", "source:ruby/aoe", "source:ruby/drbd"]));
});

it("what was never read is not called old", () => {
  expect(told(hanging("aoe"))[0]?.why).toBe("It did not answer within 5 s.");
});
