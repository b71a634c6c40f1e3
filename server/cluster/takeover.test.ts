// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import type { Versions } from "@/agent/protocol/model/versions";
import { around, cluster, member, nodeFacts, pacemaker, resource, T0 } from "./factories";
import { project } from "./project";

const NAMES = ["ruby", "crystal", "jade"];
const installed: Versions = {
  os: null,
  drbdLoaded: null,
  drbdInstalled: null,
  drbdUtils: null,
  pacemaker: null,
  corosync: null,
  resourceAgents: null,
  vblade: null,
  unread: [],
};
const need = (name: string, isThere: boolean | null, by = "p_fs") => ({ resource: by, kind: "tool" as const, name, isThere });
const rule = (more: Partial<PacemakerConstraint>): PacemakerConstraint => ({
  id: "c",
  kind: "location",
  resource: "g_mail",
  with: null,
  node: null,
  score: null,
  role: null,
  rule: null,
  ...more,
});
/** p_fs of g_mail runs on ruby, ms_drbd on ruby and crystal. */
function told(needs: NonNullable<Versions["needs"]>, constraints: PacemakerConstraint[] = []) {
  const value = pacemaker(
    NAMES.map((name) => member(name)),
    [
      resource("p_fs", "ruby", { parents: ["g_mail"] }),
      ...["ruby", "crystal"].map((node) => resource("p_drbd", node, { parents: ["ms_drbd"] })),
    ],
    {
      collections: [
        { id: "g_mail", kind: "group", parents: [], managed: true },
        { id: "ms_drbd", kind: "clone", parents: [], managed: true },
      ],
      constraints,
    },
  );
  const facts = cluster(...NAMES.map((name) => nodeFacts(name, { pacemaker: value, versions: { ...installed, needs } })));
  return [...project(facts, around(T0), new Map()).values()].flatMap((one) =>
    one.kind === "finding" && one.rule === "takeover-lacks" ? [`${one.level} ${one.title}`] : [],
  );
}

it("a node to which the service may come is told what it lacks; where it runs, it has all", () => {
  expect(told([need("mdadm", false)])).toEqual(["risk crystal lacks mdadm", "risk jade lacks mdadm"]);
});

it("what is there, or could not be looked for, is not lacking", () => {
  expect(told([need("mdadm", true), need("zpool", null)])).toEqual([]);
});

it("each thing once, however many need it, and the rest of a long list counted", () => {
  const many = ["a", "b", "c", "d", "e"].map((name) => need(name, false));
  expect(told([...many, need("a", false, "p_drbd")])).toContain("risk jade lacks a, b, c and 2 more");
});

it("a node that its constraints forbid, of the service or of the group it is in, lacks nothing of it", () => {
  expect(told([need("mdadm", false)], [rule({ node: "jade", score: "-INFINITY" })])).toEqual(["risk crystal lacks mdadm"]);
});

it("nor does one that is forbidden to what it must be together with", () => {
  const together = rule({ id: "t", kind: "colocation", resource: "g_mail", with: "ms_drbd", score: "INFINITY" });
  const never = rule({ id: "n", resource: "ms_drbd", node: "jade", score: "-INFINITY" });
  expect(told([need("mdadm", false)], [together, never])).toEqual(["risk crystal lacks mdadm"]);
  // A wish is no must, and a circle ends.
  expect(told([need("mdadm", false)], [{ ...together, score: "100" }, never])).toHaveLength(2);
  const back = rule({ id: "b", kind: "colocation", resource: "ms_drbd", with: "g_mail", score: "INFINITY" });
  expect(told([need("mdadm", false)], [together, back])).toHaveLength(2);
});
