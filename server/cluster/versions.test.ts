// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Versions } from "@/agent/protocol/model/versions";
import { around, cluster, host, nodeFacts, T0 } from "./factories";
import type { NodeFacts } from "./facts";
import { project } from "./project";
import { versionRows } from "./versions";

function installed(part: Partial<Versions> = {}): Versions {
  return {
    os: "Debian GNU/Linux 12 (bookworm)",
    drbdLoaded: "8.4.11",
    drbdInstalled: "8.4.11",
    drbdUtils: "9.22.0-1",
    pacemaker: "2.1.5-1+deb12u1",
    corosync: "3.1.7-1+deb12u2",
    resourceAgents: "1:4.12.0-2",
    vblade: null,
    unread: [],
    ...part,
  };
}

const member = (name: string, part: Partial<Versions> = {}): NodeFacts => nodeFacts(name, { versions: installed(part) });
const rows = (...nodes: readonly [NodeFacts, ...NodeFacts[]]) => versionRows(cluster(...nodes), nodes[0]) ?? [];
const differing = (...nodes: readonly [NodeFacts, ...NodeFacts[]]) =>
  rows(...nodes).flatMap(({ what, differs }) => (differs === null ? [] : [`${what}: ${differs}`]));
const findings = (...nodes: NodeFacts[]) =>
  [...project(cluster(...nodes), around(T0), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" && ["drbd-reload", "mixed-pacemaker"].includes(entity.rule) ? [`${entity.level} ${entity.title}`] : [],
  );

test("alike: nothing is marked, and what nobody has is no row", () => {
  expect(differing(member("ruby"), member("crystal"))).toEqual([]);
  expect(rows(member("ruby"), member("crystal")).map(({ what }) => what)).not.toContain("vblade");
});

test("another version is marked with who has it", () => {
  const others = [member("crystal", { drbdUtils: "9.21.0-1" }), member("jade", { drbdUtils: "9.21.0-1" })];
  expect(differing(member("ruby"), ...others)).toEqual(["DRBD utilities: crystal and jade have 9.21.0-1"]);
});

test("what only this node lacks is a row without a version", () => {
  const [row] = rows(member("ruby", { vblade: null }), member("crystal", { vblade: "25-1" })).filter(({ what }) => what === "vblade");
  expect(row).toEqual({ what: "vblade", version: null, differs: "crystal has 25-1" });
});

test("kernels are compared too", () => {
  const crystal = nodeFacts("crystal", { versions: installed(), host: host({ kernel: "6.1.0-57-amd64" }) });
  const ruby = nodeFacts("ruby", { versions: installed(), host: host({ kernel: "6.1.0-56-amd64" }) });
  expect(differing(ruby, crystal)).toEqual(["Kernel: crystal has 6.1.0-57-amd64"]);
});

test("a client is not compared with the storage nodes", () => {
  const client = nodeFacts("hv05", { versions: installed({ os: "Debian GNU/Linux 11 (bullseye)" }) }, { role: "client" });
  expect(differing(member("ruby"), client)).toEqual([]);
});

test("versions never read are no rows, not rows without a version", () => {
  expect(versionRows(cluster(nodeFacts("ruby")), nodeFacts("ruby"))).toBeUndefined();
});

test("another module on disk than in the kernel is told: the next boot brings it", () => {
  const ruby = member("ruby", { drbdInstalled: "8.4.12" });
  expect(differing(ruby, member("crystal"))).toEqual(["DRBD module: 8.4.12 is installed"]);
  expect(findings(ruby, member("crystal"))).toEqual(["busy ruby runs DRBD 8.4.11, but 8.4.12 is installed"]);
});

test("members with different Pacemaker releases are at risk; a patch of the distribution is the same release", () => {
  expect(findings(member("ruby"), member("crystal", { pacemaker: "2.1.5-1+deb12u2" }))).toEqual([]);
  expect(findings(member("ruby"), member("crystal", { pacemaker: "1:2.0.5-2" }))).toEqual(["risk Nodes run different Pacemaker releases"]);
});

test("a kernel that was not read yet is no row, and told as none by nobody", () => {
  const crystal = nodeFacts("crystal", { versions: installed(), host: host({ kernel: "6.1.0-57-amd64" }) });
  const ruby = nodeFacts("ruby", { versions: installed(), host: host({ kernel: null }) });
  expect(rows(ruby, crystal).map(({ what }) => what)).not.toContain("Kernel");
  const told = [...project(cluster(ruby, crystal), around(T0), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" && entity.rule === "version-drift" ? [entity.why] : [],
  );
  expect(told).toEqual([]);
});
