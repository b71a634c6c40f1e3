// SPDX-License-Identifier: Apache-2.0
import type { HostFacts } from "@/agent/protocol/model/host";
import { rememberBoot } from "../boot-baseline";
import { counted } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed of the machine itself: a boot, a link that no bond tells, memory errors, another kernel. */
export function tellHost({ node, before, after, memory, rawMs, facts }: Change<HostFacts>): Telling {
  const news: Told[] = [];
  const isBoot = before !== null && before.bootId !== null && after.bootId !== null && before.bootId !== after.bootId;
  const next: Record<string, number> = { ...rememberBoot(memory, isBoot, after, rawMs) };
  if (isBoot) {
    const kernel = after.kernel !== null && before.kernel !== after.kernel ? `, kernel ${after.kernel}` : "";
    news.push(told(node, `${node} rebooted${kernel}`, "risk"));
  }
  // A node comes back with another kernel only by a boot; who looks for versions finds it by itself.
  if (before && before.kernel !== null && after.kernel !== null && before.kernel !== after.kernel)
    news.push(told(node, `${node}: the kernel is ${after.kernel}, was ${before.kernel}`, "ok", "version"));
  // Counts are compared with what was told last: counters between frames may have been lost, or not.
  for (const [key, count, words, level] of [
    ["eccCorrected", after.eccCorrected, "corrected memory error", "risk"],
    ["eccUncorrected", after.eccUncorrected, "uncorrected memory error", "bad"],
  ] as const) {
    if (count === null) continue;
    const last = isBoot ? 0 : memory[key];
    if (last !== undefined && count > last) news.push(told(node, `${node}: ${counted(count - last, words)} more`, level));
    next[key] = count;
  }
  if (before && !isBoot) news.push(...tellLinks(node, before, after, portsOf(node, facts)));
  return { told: news, memory: next };
}

function portsOf(node: string, facts: Change<HostFacts>["facts"]): ReadonlySet<string> {
  const bonds = facts.nodes.get(node)?.sources.bonding?.lastOk?.value.bonds ?? [];
  return new Set(bonds.flatMap((bond) => [bond.name, ...bond.ports.map(({ name }) => name)]));
}

function tellLinks(node: string, before: HostFacts, after: HostFacts, bonded: ReadonlySet<string>): Told[] {
  const old = new Map(before.interfaces.map((one) => [one.name, one]));
  return after.interfaces.flatMap(({ name, linkUp }) => {
    const was = old.get(name)?.linkUp;
    if (bonded.has(name) || was === undefined || was === linkUp || was === null) return [];
    if (linkUp === null) return [told(name, `${node}: ${name} was switched off`, "risk")];
    return [told(name, `${node}: ${name} link ${linkUp ? "up" : "down"}`, linkUp ? "ok" : "risk")];
  });
}
