// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { HostFacts } from "@/agent/protocol/model/host";
import type { MdArray } from "@/agent/protocol/model/md";
import type { Memory, NodeFacts, SourceFacts } from "./facts";

/**
 * Which pools and arrays a node had, kept with the facts of their source: `here:<name>` when a reading that was sent last listed it (the
 * first after a boot always is), `gone:<name>` since the first reading without it. What a boot does not bring back no tool lists: it
 * looks like what never was.
 * The boots themselves are kept with the host's facts, `boot:<its time>`. Times are the node's own.
 */
type Missing = NonNullable<EntityOf<"node">["missing"]>[number];

/** So long after a boot a first reading without it means that the boot did not bring it. */
const BOOT_MS = 600_000;
/** So long it is missed: whoever took it away on purpose is not reminded for ever. */
const MISSED_MS = 30 * 86_400_000;
/** More than any node has: hostile names must not grow the facts without bound. */
const MAX_NAMES = 256;
const MAX_BOOTS = 8;

/** An array by what stays of it: its UUID. The kernel's name, which may be another after a boot, is for people. */
export function arrayName({ name, uuid }: Pick<MdArray, "name" | "uuid">): string {
  return uuid === null ? name : `${name} ${uuid}`;
}

const staysOf = (name: string) => name.split(" ").at(-1) ?? name;

/** What is remembered after a reading that lists `after`, from what was remembered before it; keys that are not ours are left out. */
export function rememberNames(memory: Memory, before: readonly string[], after: readonly string[], rawMs: number): Memory {
  const next: Record<string, number> = {};
  const now = new Set(after.map(staysOf));
  for (const name of after.slice(0, MAX_NAMES)) next[`here:${name}`] = rawMs;
  const known = new Set([...before, ...Object.keys(memory).flatMap((key) => /^(?:here|gone):(.+)$/.exec(key)?.[1] ?? [])]);
  let left = MAX_NAMES;
  for (const name of known) {
    const goneMs = memory[`gone:${name}`] ?? rawMs;
    if (now.has(staysOf(name)) || rawMs - goneMs >= MISSED_MS || left === 0) continue;
    next[`gone:${name}`] = goneMs;
    const hereMs = memory[`here:${name}`];
    if (hereMs !== undefined) next[`here:${name}`] = hereMs;
    left -= 1;
  }
  return next;
}

/** The boots that the host's facts remember after this reading of it; keys that are not ours are left out. */
export function rememberBoot(memory: Memory, isBoot: boolean, { uptimeSeconds }: HostFacts, rawMs: number): Memory {
  const boots = Object.entries(memory).filter(([key]) => key.startsWith("boot:"));
  if (uptimeSeconds === null || (!isBoot && boots.length > 0)) return Object.fromEntries(boots);
  const atMs = Math.round(rawMs / 1_000 - uptimeSeconds) * 1_000;
  const kept = [...boots.filter(([, other]) => rawMs - other < MISSED_MS), [`boot:${atMs}`, atMs] as const];
  return Object.fromEntries(kept.slice(-MAX_BOOTS));
}

/** What a boot of this node did not bring back, by what is remembered. Whether it is somewhere else now is not asked here. */
export function missingAfterBoot(node: NodeFacts): Missing[] {
  const boots = Object.entries(node.sources.host?.memory ?? {}).flatMap(([key, atMs]) => (key.startsWith("boot:") ? [atMs] : []));
  const of = (kind: Missing["kind"], facts: SourceFacts<"zfs"> | SourceFacts<"md"> | undefined): Missing[] =>
    Object.entries(facts?.memory ?? {}).flatMap(([key, goneMs]) => {
      if (!key.startsWith("gone:")) return [];
      const whole = key.slice("gone:".length);
      // What was seen since a boot, that boot has brought.
      const hereMs = facts?.memory?.[`here:${whole}`] ?? 0;
      if (!boots.some((bootMs) => goneMs >= bootMs && goneMs - bootMs < BOOT_MS && hereMs < bootMs)) return [];
      const [name = "", uuid = null] = whole.split(" ");
      return [{ kind, name, uuid, sinceMs: goneMs + node.clockOffsetMs }];
    });
  return [...of("pool", node.sources.zfs), ...of("array", node.sources.md)].sort((x, y) => (x.name < y.name ? -1 : 1));
}
