// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configure } from "@/sim/cib/configure";
import { type CibNode, childOf, readCib } from "@/sim/cib/tree";
import { newFleet } from "@/sim/model/fleet";
import { type Cluster, clusterOf, type Fleet, nodeOf } from "@/sim/model/model";
import { renderCib } from "@/sim/text/cib";
import { cibOf } from "@/sim/tree/cib-view";
import { actingTools } from "./catalog";
import type { ToolAnswer } from "./tool";

// What the simulated tools do to a copy of the CIB, and what the simulation's scheduler makes of it, beside Debian's Pacemaker.

let dir = "";
const file = (name: string) => path.join(dir, name);
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "sim-pacemaker-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const fleet: Fleet = newFleet({ atMs: Date.now(), isCalm: true, pace: 1, newId: () => "id" });
/** The copies are read by Debian 12's Pacemaker 2.1.5: it knows no newer features. */
const textOf = (cluster: Cluster) => renderCib(cibOf(cluster)).replaceAll('"3.17.4"', '"3.16.1"');

function real(tool: string, args: readonly string[], copy?: string) {
  const env = { ...process.env, LC_ALL: "C", ...(copy === undefined ? {} : { CIB_file: copy }) };
  const { status, stdout } = spawnSync(tool, args, { env, encoding: "utf8" });
  return { code: status, stdout };
}

async function ours(cluster: Cluster, tool: string, args: readonly string[], copy: string | null = null): Promise<ToolAnswer> {
  const node = nodeOf(fleet, cluster.pacemaker.dc).node;
  const run = actingTools(node)[tool];
  if (!run) throw new Error(`There is no ${tool}.`);
  const reach = { fleet: () => fleet, change: () => undefined, until: () => Promise.resolve() };
  return run({ node, cluster, args, pid: 1, cwd: dir, cibFile: copy }, reach);
}

/** Who is where, in which role, when the simulation ends; one line each. */
function ending(simulated: string): string[] {
  const lines: string[] = [];
  const walk = (node: CibNode) => {
    if (node.name !== "resource") node.content.forEach(walk);
    else if (node.attributes.role !== "Stopped")
      lines.push(`${node.attributes.id} ${node.attributes.role} ${node.content[0]?.attributes.name}`);
  };
  const revised = childOf(readCib(simulated), "revised_cluster_status");
  if (!revised) throw new Error("There is no outcome.");
  walk(revised);
  return lines.sort();
}

/** What would be done, one line each, without the order. */
function actions(simulated: string): string[] {
  const said = childOf(readCib(simulated), "actions")?.content ?? [];
  return said.map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`).sort();
}

/** A date that is now and a while is another second later. */
const timeless = (text: string) => text.replaceAll(/ end="[^"]*"/g, "");

/** Does the same with the real tools and with ours. Gives the cluster as it is configured then. */
async function compare(cluster: Cluster, tool: string, args: readonly string[]): Promise<Cluster> {
  writeFileSync(file("seen.xml"), textOf(cluster));
  for (const name of ["real.xml", "ours.xml"]) writeFileSync(file(name), textOf(cluster));
  expect(real(tool, args, file("real.xml")).code).toBe(0);
  expect((await ours(cluster, tool, args, file("ours.xml"))).code).toBe(0);
  const said = (name: string) => timeless(readFileSync(file(name), "utf8"));
  expect(said("ours.xml")).toBe(said("real.xml"));
  const diff = ["--original", file("seen.xml"), "--new", file("ours.xml")];
  expect(await ours(cluster, "crm_diff", diff)).toMatchObject({ ...real("crm_diff", diff) });
  const simulate = ["--xml-file", file("ours.xml"), "-S", "--output-as=xml"];
  const expected = real("crm_simulate", simulate).stdout;
  const simulated = await ours(cluster, "crm_simulate", simulate);
  expect(actions(simulated.stdout)).toEqual(actions(expected));
  expect(ending(simulated.stdout)).toEqual(ending(expected));
  const made = structuredClone(cluster);
  configure(made, readCib(readFileSync(file("ours.xml"), "utf8")));
  return made;
}

const SLUGS = ["san-a", "north"] as const;

describe.each(SLUGS)("on %s the simulation and Pacemaker agree on", (slug) => {
  const cluster = clusterOf(fleet, slug);
  const members = cluster.pacemaker.members.map((member) => member.node);
  const groups = cluster.pacemaker.services.map((service) => service.group);
  const clones = cluster.pacemaker.services.flatMap((service) => service.stack.map((layer) => layer.clone));
  const placeOf = (group: string) => cluster.pacemaker.services.find((service) => service.group === group)?.primitives[0]?.node ?? "";
  const elsewhere = groups.flatMap((group) => members.filter((name) => name !== placeOf(group)).map((name) => [group, name] as const));

  it("nothing to do when nothing changed", async () => {
    writeFileSync(file("seen.xml"), textOf(cluster));
    const simulate = ["--xml-file", file("seen.xml"), "-S", "--output-as=xml"];
    const expected = real("crm_simulate", simulate).stdout;
    expect(actions(expected)).toEqual([]);
    expect(ending((await ours(cluster, "crm_simulate", simulate)).stdout)).toEqual(ending(expected));
  });

  it.each(members)("standby of %s, and of all but it", async (name) => {
    await compare(cluster, "crm_standby", ["-N", name, "-v", "on"]);
    let others = cluster;
    for (const other of members.filter((member) => member !== name))
      others = await compare(others, "crm_standby", ["-N", other, "-v", "on"]);
    await compare(others, "crm_standby", ["-N", members.find((member) => member !== name) ?? "", "-D"]);
  });

  it.each(elsewhere)("move of %s to %s, and back", async (group, to) => {
    const moved = await compare(cluster, "crm_resource", ["--move", "--resource", group, "--node", to]);
    await compare(moved, "cibadmin", ["--delete", "--scope", "constraints", "--xml-text", `<rsc_location id="cli-prefer-${group}"/>`]);
  });

  it("a move and a ban that end by themselves", async () => {
    const [group = "", to = ""] = elsewhere[0] ?? [];
    await compare(cluster, "crm_resource", ["--move", "--resource", group, "--node", to, "--lifetime", "PT120S"]);
    await compare(cluster, "crm_resource", ["--ban", "--resource", group, "--node", placeOf(group), "--lifetime", "PT120S"]);
    // A move to where it was banned from takes the ban back.
    const banned = await compare(cluster, "crm_resource", ["--ban", "--resource", group, "--node", to]);
    await compare(banned, "crm_resource", ["--move", "--resource", group, "--node", to]);
  });

  it.each(groups)("ban of %s where it is, then everywhere", async (group) => {
    let banned = cluster;
    for (const name of [placeOf(group), ...members.filter((member) => member !== placeOf(group))])
      banned = await compare(banned, "crm_resource", ["--ban", "--resource", group, "--node", name]);
  });

  it.each(clones)("moves and bans of the promoted copy of %s", async (clone) => {
    const layer = cluster.pacemaker.services.find((service) => service.stack.some((one) => one.clone === clone));
    const holder = placeOf(layer?.group ?? "");
    await compare(cluster, "crm_resource", ["--ban", "--resource", clone, "--node", holder, "--promoted"]);
    await compare(cluster, "crm_resource", ["--ban", "--resource", clone, "--node", holder]);
    for (const name of layer?.order.filter((one) => one !== holder) ?? [])
      await compare(cluster, "crm_resource", ["--move", "--resource", clone, "--node", name, "--promoted"]);
  });

  it.each(elsewhere)("%s when it failed to start on %s: nobody tries again", async (group, to) => {
    const failed = structuredClone(cluster);
    const resource = failed.pacemaker.services.find((service) => service.group === group)?.primitives[0]?.id ?? "";
    failed.pacemaker.failures.push({ resource, node: to, task: "start", reason: "", call: 44, atMs: fleet.atMs });
    await compare(failed, "crm_resource", ["--move", "--resource", group, "--node", to]);
  });

  it("maintenance of the cluster and of a node, and what is not managed", async () => {
    const still = await compare(cluster, "crm_attribute", ["--type", "crm_config", "--name", "maintenance-mode", "--update", "true"]);
    await compare(still, "crm_standby", ["-N", members[0] ?? "", "-v", "on"]);
    const [name = ""] = members;
    const left = await compare(cluster, "crm_attribute", ["--type", "nodes", "--node", name, "--name", "maintenance", "--update", "true"]);
    await compare(left, "crm_attribute", ["--type", "nodes", "--node", name, "--name", "maintenance", "--delete"]);
    for (const id of [groups[0] ?? "", clones[0] ?? ""]) {
      const meta = (value: string) => ["--resource", id, "--meta", "--set-parameter", "is-managed", "--parameter-value", value];
      const kept = await compare(cluster, "crm_resource", meta("false"));
      await compare(kept, "crm_resource", meta("true"));
    }
  });
});
