// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { defineRule, every, type ViewSoFar } from "./define";

type Missing = NonNullable<EntityOf<"node">["missing"]>[number];

/** A boot brings pools and arrays one after the other. */
const SETTLES_MS = 60_000;

/** Services that bring them up: where one does, the cluster decides on which node. By the ends of their agents' names. */
const MANAGERS: Readonly<Record<Missing["kind"], { agent: RegExp; parameter: readonly string[] }>> = {
  pool: { agent: /zfs|zpool/i, parameter: ["pool"] },
  array: { agent: /:(?:mdraid|Raid1)$/, parameter: ["md_dev", "raiddev"] },
};

/** Whether a service of the cluster brings it up, or may: one whose parameter is not known. */
function isManaged(view: ViewSoFar, { kind, name }: Missing): boolean {
  const { agent, parameter } = MANAGERS[kind];
  return every(view, "resource").some(([, service]) => {
    if (service.agent === null || !agent.test(service.agent)) return false;
    const named = parameter.flatMap((one) => service.parameters?.[one] ?? []);
    return named.length === 0 || named.some((one) => one.split("/").at(-1) === name);
  });
}

/** Whether another node has it now, or might: one whose list cannot be read. */
function isElsewhere(view: ViewSoFar, node: string, { kind, name, uuid }: Missing): boolean {
  const others = (from: { node: string }) => from.node !== node;
  const source: SourceName = kind === "pool" ? "zfs" : "md";
  const isBlind = every(view, "source").some(([, one]) => one.source === source && one.node !== node && one.status === "failed");
  if (kind === "pool") return isBlind || every(view, "pool").some(([, one]) => others(one.from) && one.pool.name === name);
  const isIt = ({ array }: EntityOf<"array">) => (uuid === null ? array.name === name : array.uuid === uuid);
  return isBlind || every(view, "array").some(([, one]) => others(one.from) && isIt(one));
}

function missing(view: ViewSoFar, kind: Missing["kind"], nowMs: number): { key: string; node: string; one: Missing }[] {
  const source: SourceName = kind === "pool" ? "zfs" : "md";
  return every(view, "node").flatMap(([key, node]) => {
    const read = view.get(keyOf.source(node.name, source));
    if (node.link !== "live" || read?.kind !== "source" || (read.status !== "ok" && read.status !== "absent")) return [];
    return (node.missing ?? [])
      .filter(
        (one) => one.kind === kind && nowMs - one.sinceMs >= SETTLES_MS && !isManaged(view, one) && !isElsewhere(view, node.name, one),
      )
      .map((one) => ({ key, node: node.name, one }));
  });
}

/** A pool that the last boot did not import. What stands on it, or serves from it, has no disk. */
export const poolMissing = defineRule({
  name: "pool-missing",
  doc: {
    area: "storage",
    title: "A ZFS pool did not come up after a boot",
    means: "It was imported before the boot and is not now. zpool lists only what is imported: of a pool that is missing it says nothing.",
    levels: ["bad"],
    fires: "The console remembers the pool from before a boot of the node, and no reading since had it: it was gone within ten minutes.",
    not: "A pool that was exported while the node ran (before the boot or minutes after it), that another node has now or may have, or that a service of the cluster brings up; the first minute after the boot. After 30 days it is no longer missed.",
    todo: "zpool import lists what can be imported, and why not.",
    needs: [15],
  },
  find: (view, { nowMs }) =>
    missing(view, "pool", nowMs).map(({ key, node, one }) => ({
      id: `pool-missing:${node}/${one.name}`,
      level: "bad" as const,
      title: `${node}: pool ${one.name} did not come up after the boot`,
      why: "It was imported before, and no node has it now.",
      todo: `zpool import on ${node} says what can be imported and which device is missing; when nothing is: zpool import ${one.name}, without -f. If it was taken away on purpose, this is forgotten after 30 days.`,
      about: [key],
      sinceMs: one.sinceMs,
    })),
});

/** An md array that the last boot did not assemble. */
export const arrayMissing = defineRule({
  name: "array-missing",
  doc: {
    area: "storage",
    title: "An md array did not come up after a boot",
    means: "It ran before the boot, and /proc/mdstat does not name it now: not even as one that was not started.",
    levels: ["bad"],
    fires:
      "The console remembers the array from before a boot of the node, by its UUID, and no reading since had it: it was gone within ten minutes.",
    not: "An array that was stopped while the node ran (before the boot or minutes after it), that came up under another name, that another node has now or may have, or that a service of the cluster brings up; the first minute after the boot. After 30 days it is no longer missed.",
    todo: "mdadm --assemble --scan --verbose says why.",
    needs: [15, 112],
  },
  find: (view, { nowMs }) =>
    missing(view, "array", nowMs).map(({ key, node, one }) => ({
      id: `array-missing:${node}/${one.uuid ?? one.name}`,
      level: "bad" as const,
      title: `${node}: ${one.name} did not come up after the boot`,
      why: `It ran before, and no node has it now.${one.uuid === null ? "" : ` Its UUID is ${one.uuid}.`}`,
      todo: `mdadm --assemble --scan --verbose on ${node} says why: mostly its devices came too late. Do not create it anew. If it was taken away on purpose, this is forgotten after 30 days.`,
      about: [key],
      sinceMs: one.sinceMs,
    })),
});
