// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ParseError } from "../collectors/define";
import { cutsOf, goldenCases } from "../collectors/golden";
import { Placement, SimulatedAction, SimulatedOperation } from "../protocol/steps";
import { parseSimulation } from "./parse-simulation";

const Contract = z.object({
  actions: z.array(SimulatedAction),
  operations: z.array(SimulatedOperation),
  placements: z.array(Placement),
});
const cases = goldenCases(path.join(import.meta.dirname, "fixtures/simulation"));
const textOf = (name: string) => cases.find((one) => one.name === `pacemaker-2.1.5-${name}`)?.text ?? "";

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Contract.parse(parseSimulation(text))).toEqual(golden);
  });

  test("cut anywhere it is refused", () => {
    for (const cut of cutsOf(text.trimEnd())) expect(() => parseSimulation(cut), cut.slice(-60)).toThrow(ParseError);
  });
});

test("standby: what moves, what stops, what is promoted, and where everything ends", () => {
  const { actions, operations, placements } = parseSimulation(textOf("standby-node1"));
  expect(actions).toContainEqual({
    resource: "drbd:1",
    action: "promote",
    node: "node2",
    to: null,
    role: "Unpromoted",
    nextRole: "Promoted",
    reason: null,
  });
  expect(actions.filter(({ action }) => action === "move").map(({ resource, node, to }) => [resource, node, to])).toEqual([
    ["fence", "node1", "node2"],
    ["g-ip", "node1", "node2"],
    ["g-fs", "node1", "node2"],
    ["g-tgt", "node1", "node2"],
  ]);
  expect(placements.some(({ node }) => node === "node1")).toBe(false);
  expect(placements).toContainEqual({ resource: "drbd", node: "node2", role: "Promoted" });
  expect(new Set(operations.map(({ operation }) => operation))).toEqual(new Set(["stop", "start", "promote", "demote"]));
});

test("a node that falls silent is fenced: an action of no resource, with its reason", () => {
  const [first] = parseSimulation(textOf("nodefail")).actions;
  expect(first).toMatchObject({ resource: null, action: "fence", node: "node2", reason: "peer is no longer part of the cluster" });
});

test("what Pacemaker would like but may not do says so in its reason", () => {
  const reasons = parseSimulation(textOf("quorum-lost")).actions.map(({ reason }) => reason);
  expect(reasons).toContain("no quorum (blocked)");
});

test("in maintenance nothing is done, and everything stays where it is", () => {
  const { actions, placements } = parseSimulation(textOf("maintenance"));
  expect(actions).toEqual([]);
  expect(placements).toContainEqual({ resource: "g-ip", node: "node1", role: "Started" });
});

describe("refused", () => {
  test.each([
    ["text", "Current cluster status:\n"],
    ["another document", "<cib/>"],
    ["no status", "<pacemaker-result><revised_cluster_status/></pacemaker-result>"],
    ["a failure", '<pacemaker-result><revised_cluster_status/><status code="78" message="Invalid"/></pacemaker-result>'],
    ["no outcome", '<pacemaker-result><actions/><status code="0"/></pacemaker-result>'],
    [
      "an action without a word",
      '<pacemaker-result><actions><rsc_action resource="a"/></actions><revised_cluster_status/><status code="0"/></pacemaker-result>',
    ],
  ])("%s", (_name, text) => {
    expect(() => parseSimulation(text)).toThrow(ParseError);
  });

  test("any text at all: a result or a refusal, nothing else", () => {
    const pieces = fc.constantFrom(
      "<actions>",
      "</actions>",
      '<rsc_action action="stop" resource="a"/>',
      "<",
      '"',
      "&",
      "x",
      "<node_action/>",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          parseSimulation(`<pacemaker-result>${parts.join("")}<revised_cluster_status/><status code="0"/></pacemaker-result>`);
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
    );
  });
});
