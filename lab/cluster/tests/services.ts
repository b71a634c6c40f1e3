// SPDX-License-Identifier: Apache-2.0
import type { Client, SeenView } from "../api";
import { MIRROR, RESOURCES } from "../configuration";
import { lab, seen } from "./lab";

const RUNS: ReadonlySet<string> = new Set(["Started", "Promoted", "Master"]);
/** Where a resource that stands in no clone runs; of the promotable clone, where it is promoted. */
const FACES: Readonly<Record<string, string>> = { [RESOURCES.group]: RESOURCES.members[0], [RESOURCES.promotable]: RESOURCES.promoted };

/** DRBD is asked by itself, so its word may come later than Pacemaker's. */
const isPrimary = (view: SeenView, name: string) =>
  view.get("mirror", `mirror:${MIRROR}/0`)?.copies.some(({ node, role }) => node === name && role === "Primary") ?? false;

/** Waits until the console shows where a service runs, whole and well. */
export function homeOf(client: Client, id: string): Promise<string> {
  return seen(client, `where ${id} runs`, (view) => {
    const whole = view.get("resource", `rsc:${id}`);
    const place = view.get("resource", `rsc:${FACES[id] ?? id}`)?.places.find(({ role }) => RUNS.has(role));
    if (whole?.said.level !== "ok" || !place) return null;
    return id !== RESOURCES.promotable || isPrimary(view, place.node) ? place.node : null;
  });
}

export function onlineOf(client: Client, name: string): Promise<true> {
  return seen(client, `${name} online`, (view) => view.get("node", `node:${name}`)?.state.word === "online" || null);
}

/** The first of these nodes that is another one. */
export function otherThan(name: string, nodes: readonly string[] = lab.nodes): string {
  return nodes.find((each) => each !== name) ?? "";
}

/** How long something took, for whoever reads the test's output. */
export function note(what: string, tookMs: number): void {
  process.stdout.write(`lab: ${what} took ${(tookMs / 1_000).toFixed(1)} s\n`);
}

/** The version of the configuration, as Pacemaker's own tool has it inside a node: it moves with everything that is written. */
export async function configurationVersion(node = "ruby"): Promise<string> {
  const [tag = ""] = (await lab.must(node, "cibadmin", "--query")).match(/<cib [^>]*>/) ?? [];
  const word = (name: string) => tag.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? "?";
  return `${word("admin_epoch")}.${word("epoch")}`;
}

/** What Pacemaker's own tool says of the resources' part of the configuration now. */
export function resourcesIn(node = "ruby"): Promise<string> {
  return lab.must(node, "cibadmin", "--query", "--scope", "resources");
}
