// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { Memory } from "../facts";
import { placesOf, roleIs } from "../service-roles";
import { plainId } from "../services";
import { formatDuration, joinWords } from "../words";
import { type Telling, type Told, told } from "./tell";

/** A service as people move it: a group, or a primitive of its own. Instances of clones are told one by one. */
interface Unit {
  id: string;
  isCloned: boolean;
  members: Pacemaker["resources"];
}

function unitsOf(value: Pacemaker): Map<string, Unit> {
  const kinds = new Map(value.collections.map((one) => [one.id, one.kind]));
  const units = new Map<string, Unit>();
  for (const resource of value.resources) {
    const isCloned = resource.parents.some((parent) => kinds.get(parent) !== undefined && kinds.get(parent) !== "group");
    const group = resource.parents.find((parent) => kinds.get(parent) === "group");
    const id = plainId(isCloned || group === undefined ? resource.id : group);
    const unit = units.get(id) ?? { id, isCloned, members: [] };
    unit.members.push(resource);
    units.set(id, unit);
  }
  return units;
}

/** What services did: started, stopped, moved, failed. A move passes through halves; it is told when it has arrived. */
export function tellServices(before: Pacemaker, after: Pacemaker, memory: Memory, rawMs: number): Telling {
  const was = unitsOf(before);
  const next: Record<string, number> = {};
  const news: Told[] = [];
  const now = unitsOf(after);
  const homes = homesIn(memory);
  for (const [id, unit] of now) {
    const known = was.get(id);
    // Where a fencing device is started says nothing: it fences from anywhere.
    const isFencing = unit.members.every(({ agent }) => agent.startsWith("stonith:"));
    if (isFencing) {
      news.push(...tellTrouble(known ?? null, unit));
      continue;
    }
    if (unit.isCloned) {
      if (known) news.push(...tellInstances(known, unit, before, after));
    } else news.push(...tellUnit(known ?? null, unit, { before, after, memory, homes, next, rawMs }));
    news.push(...tellTrouble(known ?? null, unit));
    if (known && before.maintenance === after.maintenance) news.push(...tellManaged(known, unit));
  }
  for (const id of was.keys()) if (!now.has(id)) news.push(told(id, `${id} was removed from the configuration`, "risk"));
  return { told: news, memory: next };
}

/** Where all of a unit runs; null while it is between two places, or in halves. */
function settledAt(unit: Unit, value: Pacemaker): string | "stopped" | null {
  const places = placesOf(unit.members, value);
  // What only stands in the memory of a gone node has not been seen to stop.
  if (places.some(({ isGone }) => isGone)) return null;
  if (places.length === 0)
    return unit.members.some(({ pending, role }) => pending !== null || roleIs(role) === "moving") ? null : "stopped";
  const nodes = new Set(places.map(({ node }) => node));
  const [node] = nodes;
  const isWhole =
    places.length === unit.members.length && places.every(({ role }) => ["started", "promoted", "unpromoted"].includes(roleIs(role)));
  return nodes.size === 1 && isWhole && node !== undefined ? node : null;
}

/** Where each unit was last known to run whole, and when: the memory's `at:<unit>:<node>`. No node's name has a colon. */
type Homes = ReadonlyMap<string, [key: string, atMs: number]>;

function homesIn(memory: Memory): Homes {
  const homes = new Map<string, [string, number]>();
  for (const [key, atMs] of Object.entries(memory)) {
    const unit = key.startsWith("at:") ? key.slice("at:".length, key.lastIndexOf(":")) : null;
    if (unit !== null && !homes.has(unit)) homes.set(unit, [key, atMs]);
  }
  return homes;
}

interface Around {
  before: Pacemaker;
  after: Pacemaker;
  memory: Memory;
  homes: Homes;
  /** The memory that is kept for the next frame. */
  next: Record<string, number>;
  rawMs: number;
}

/** Memory: `at:<unit>:<node>` is when it was last known to run there whole, `off:<unit>` that its stop was told. */
function tellUnit(known: Unit | null, unit: Unit, { before, after, memory, homes, next, rawMs }: Around): Told[] {
  const now = settledAt(unit, after);
  const prefix = `at:${unit.id}:`;
  const last = known ? settledAt(known, before) : null;
  let from = homes.get(unit.id);
  if (!from && last !== null && last !== "stopped") from = [`${prefix}${last}`, rawMs];
  const wasOff = memory[`off:${unit.id}`] !== undefined || last === "stopped";
  if (now === null || now === "stopped") {
    const isRunning = last !== null && last !== "stopped";
    // It leaves here and now: how long it was away counts from this frame.
    if (from) next[from[0]] = isRunning ? rawMs : from[1];
    if (wasOff && now === "stopped") next[`off:${unit.id}`] = memory[`off:${unit.id}`] ?? rawMs;
    if (now !== "stopped" || wasOff || !known) {
      if (now === null && memory[`off:${unit.id}`] !== undefined) next[`off:${unit.id}`] = memory[`off:${unit.id}`] ?? rawMs;
      return [];
    }
    next[`off:${unit.id}`] = rawMs;
    const origin = from?.[0].slice(prefix.length);
    return [told(unit.id, origin === undefined ? `${unit.id} stopped` : `${unit.id} stopped on ${origin}`, "risk")];
  }
  next[`${prefix}${now}`] = rawMs;
  if (last === now || !known) return known ? [] : [told(unit.id, `${unit.id} is new, started on ${now}`, "ok")];
  const origin = from?.[0].slice(prefix.length);
  const away = from && rawMs > from[1] ? `, away for ${formatDuration(rawMs - from[1])}` : "";
  if (origin === undefined) return [told(unit.id, `${unit.id} started on ${now}`, "ok")];
  return [
    told(unit.id, origin === now ? `${unit.id} started again on ${now}${away}` : `${unit.id} moved to ${now} from ${origin}${away}`, "ok"),
  ];
}

function rolesByNode(unit: Unit, value: Pacemaker): Map<string, string> {
  const roles = new Map<string, string>();
  for (const { node, role, isGone } of placesOf(unit.members, value)) if (!isGone) roles.set(node, roleIs(role));
  return roles;
}

function tellInstances(known: Unit, unit: Unit, before: Pacemaker, after: Pacemaker): Told[] {
  const was = rolesByNode(known, before);
  const now = rolesByNode(unit, after);
  // An instance on a node that went away is that node's news.
  const remembered = new Set(placesOf(unit.members, after).flatMap(({ node, isGone }) => (isGone ? [node] : [])));
  const news: Told[] = [];
  const settled = (role: string | undefined) => (role === "moving" || role === "unknown" ? undefined : role);
  for (const [node, role] of now) {
    const last = was.get(node);
    if (last === role || settled(role) === undefined) continue;
    if (role === "promoted") news.push(told(unit.id, `${unit.id} promoted on ${node}`, "ok"));
    else if (role === "unpromoted" && last === "promoted") news.push(told(unit.id, `${unit.id} demoted on ${node}`, "ok"));
    else if (last === undefined && role !== "stopped") news.push(told(unit.id, `${unit.id} started on ${node}`, "ok"));
  }
  for (const node of was.keys()) {
    const isGone = remembered.has(node) || after.nodes.some(({ name, online }) => name === node && !online);
    if (!now.has(node) && !isGone) news.push(told(unit.id, `${unit.id} stopped on ${node}`, "risk"));
  }
  return news;
}

function tellTrouble(known: Unit | null, unit: Unit): Told[] {
  const troubled = (one: Unit | null, is: (member: Unit["members"][number]) => boolean) =>
    new Set(one?.members.filter(is).map(({ id }) => plainId(id)));
  const news: Told[] = [];
  const wasBlocked = troubled(known, ({ blocked }) => blocked);
  const wasFailed = troubled(known, ({ failed }) => failed);
  for (const id of troubled(unit, ({ blocked }) => blocked)) {
    if (!wasBlocked.has(id)) news.push(told(id, `${id} is blocked: the cluster waits for a person`, "bad"));
  }
  for (const id of troubled(unit, ({ failed }) => failed))
    if (!wasFailed.has(id)) news.push(told(id, `${id} failed${onNodes(unit, id)}`, "bad"));
  return news;
}

function onNodes(unit: Unit, id: string): string {
  const nodes = [...new Set(unit.members.filter((member) => plainId(member.id) === id && member.failed).flatMap((member) => member.nodes))];
  return nodes.length === 0 ? "" : ` on ${joinWords(nodes)}`;
}

function tellManaged(known: Unit, unit: Unit): Told[] {
  const was = known.members.every(({ managed }) => managed);
  const now = unit.members.every(({ managed }) => managed);
  if (was === now) return [];
  return [
    now
      ? told(unit.id, `${unit.id} is managed again`, "ok")
      : told(unit.id, `${unit.id} is unmanaged: the cluster leaves it alone`, "held"),
  ];
}
