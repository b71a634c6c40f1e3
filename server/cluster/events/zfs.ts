// SPDX-License-Identifier: Apache-2.0
import type { Zfs, ZfsPool } from "@/agent/protocol/model/zfs";
import { rememberNames } from "../boot-baseline";
import { plainName } from "../devices";
import { type Change, type Telling, type Told, told } from "./tell";

const GOOD: ReadonlySet<string | null> = new Set(["ONLINE", "AVAIL", "INUSE"]);

/** What changed in a node's ZFS pools. */
export function tellZfs({ node, before, after, memory: known, rawMs }: Change<Zfs>): Telling {
  const memory = rememberNames(known, namesOf(before), namesOf(after), rawMs);
  if (!before) return { told: [], memory };
  const news: Told[] = [];
  const old = new Map(before.pools.map((pool) => [pool.name, pool]));
  for (const pool of after.pools) {
    const was = old.get(pool.name);
    old.delete(pool.name);
    if (was) news.push(...tellPool(node, was, pool));
    else news.push(told(pool.name, `${node}: pool ${pool.name} imported, ${pool.state}`, GOOD.has(pool.state) ? "ok" : "risk"));
  }
  for (const gone of old.values()) news.push(told(gone.name, `${node}: pool ${gone.name} exported or gone`, "absent"));
  return { told: news, memory };
}

const namesOf = (value: Zfs | null) => (value?.pools ?? []).map(({ name }) => name);

function tellPool(node: string, was: ZfsPool, now: ZfsPool): Told[] {
  const news: Told[] = [];
  const tell = (text: string, level: Told["level"]) => news.push(told(now.name, `${node}: pool ${now.name} ${text}`, level));
  if (was.state !== now.state)
    tell(`is ${now.state}, was ${was.state}`, GOOD.has(now.state) ? "ok" : now.state === "DEGRADED" ? "risk" : "bad");
  const states = new Map(was.vdevs.map(({ name, state }) => [name, state]));
  for (const { name, state } of now.vdevs) {
    const before = states.get(name);
    // Groups follow their devices, and the pool has been told.
    const isGroup = name === now.name || /^(?:mirror|raidz\d?|draid\S*|replacing|spare)-\d+$/.test(name);
    if (before !== undefined && before !== state && !isGroup)
      tell(`${plainName(name)} is ${state ?? "not said"}`, GOOD.has(state) ? "ok" : "risk");
  }
  const scanOf = ({ scan }: ZfsPool) => /^(scrub|resilver) in progress/.exec(scan ?? "")?.[1];
  const [before, after] = [scanOf(was), scanOf(now)];
  if (after !== undefined && after !== before) tell(`${after} started`, "busy");
  if (before !== undefined && after !== before)
    tell(`${before} ended${now.scan && !now.scan.includes("in progress") ? `: ${now.scan}` : ""}`, "ok");
  if (was.errors !== now.errors && now.errors !== null) tell(`says: ${now.errors}`, now.errors === "No known data errors" ? "ok" : "bad");
  return news;
}
