// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Versions } from "@/agent/protocol/model/versions";
import { cluster, nodeFacts } from "../factories";
import { tellVersions } from "./versions";

const READ: Versions = {
  os: "Debian GNU/Linux 12 (bookworm)",
  ...{ drbdLoaded: "8.4.11", drbdInstalled: "8.4.11", drbdUtils: "9.22.0", pacemaker: "2.1.5", corosync: "3.1.7" },
  ...{ resourceAgents: "4.12.0", vblade: null, unread: [] },
};
const facts = cluster(nodeFacts("ruby"));
const tell = (before: Versions | null, after: Versions) =>
  tellVersions({ node: "ruby", before, after, memory: {}, rawMs: 1, facts }).told.map(({ text, what }) => [what, text]);

it("another version is told with the one before, and what was installed apart from what was loaded", () => {
  expect(tell(READ, { ...READ, pacemaker: "2.1.8", drbdInstalled: "9.2.12" })).toEqual([
    ["version", "ruby: the DRBD module is 9.2.12, installed, was 8.4.11"],
    ["version", "ruby: Pacemaker is 2.1.8, was 2.1.5"],
  ]);
  expect(tell(READ, { ...READ, drbdLoaded: "9.2.12" })).toEqual([["version", "ruby: the DRBD module is 9.2.12, loaded, was 8.4.11"]]);
});

it("what was not said, before or now, is no change, nor is the first reading", () => {
  expect(tell(READ, { ...READ, corosync: null })).toEqual([]);
  expect(tell({ ...READ, corosync: null }, READ)).toEqual([]);
  expect(tell(null, READ)).toEqual([]);
  expect(tell(READ, READ)).toEqual([]);
});
