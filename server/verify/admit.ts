// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { formatDuration, joinWords } from "@/server/cluster/words";
import { isCurrent } from "@/server/commands/look";
import { clusterOf, every, mirrorName } from "@/server/findings/define";
import { type Ground, groundOf, occupantsOf, unheard } from "./occupied";

/** A verify that waits for its turn, or has begun. */
export interface InQueue {
  id: string;
  resource: string;
  volume: number;
  askedAtMs: number;
  /** Its command was given: it holds its ground, seen or not. */
  hasBegun: boolean;
}

/** What the queue has to say of one of them. */
export interface Turn {
  id: string;
  mayStart: boolean;
  /** From 1 among those that wait; null for one that has begun. */
  place: number | null;
  /** What it waits for, as a sentence. */
  says: string;
  /** Null when not known. */
  startsAtMs: number | null;
}

/** Something that is in the way. */
interface Taken extends Ground {
  mirror: string;
  /** "store", "mail, the larger one,": what its doing is said of. */
  name: string;
  /** "is resyncing", "goes first". */
  does: string;
  leftMs: number | null;
}

type Mirror = EntityOf<"mirror">;
interface Wanted {
  item: InQueue;
  key: string;
  mirror: Mirror | null;
  ground: Ground;
}

/**
 * Whose turn it is in one cluster: one at a time on each node and each replication link, the largest first, and none beside a
 * resync, in a maintenance, beside a command, or on facts that are old. What it is held up by is said for every other.
 */
export function admit(items: readonly InQueue[], view: View, nowMs: number): Turn[] {
  const wanted = items.map((item) => wantedOf(view, item)).sort(inTurn);
  const running = occupantsOf(view);
  const taken: Taken[] = running.map(({ does, ...one }) => ({ ...one, does: does === "verify" ? "is being verified" : "is resyncing" }));
  for (const { item, key, mirror, ground } of wanted) {
    if (!item.hasBegun || running.some((one) => one.mirror === key && one.does === "verify")) continue;
    const name = mirror ? mirrorName(mirror) : item.resource;
    taken.push({ ...ground, mirror: key, name: `the verify of ${name}`, does: "begins", leftMs: durationMs(view, key, mirror) });
  }
  const free = freeing(taken, nowMs);

  let place = 0;
  return wanted.map(({ item, key, mirror, ground }): Turn => {
    const { id } = item;
    if (item.hasBegun) return { id, mayStart: false, place: null, says: "It has begun.", startsAtMs: null };
    place += 1;
    const held = heldBy(view, mirror, nowMs);
    const inWay = taken.find((one) => meets(one, ground, key));
    const startsAtMs = held === null ? free.after(ground) : null;
    const mayStart = held === null && inWay === undefined;
    // One that is held up from outside keeps nobody from going before it.
    if (held === null) free.take(ground, startsAtMs, durationMs(view, key, mirror));
    if (mayStart) {
      const name = mirror ? mirrorName(mirror) : item.resource;
      taken.push({ ...ground, mirror: key, name: `${name}, the larger one,`, does: "goes first", leftMs: null });
      return { id, mayStart, place, says: "It starts now.", startsAtMs: nowMs };
    }
    if (held !== null) return { id, mayStart, place, says: `Waits: ${held}.`, startsAtMs: null };
    return { id, mayStart, place, says: waitsFor(inWay, ground, key, startsAtMs, nowMs), startsAtMs };
  });
}

function wantedOf(view: View, item: InQueue): Wanted {
  const key = keyOf.mirror(item.resource, item.volume);
  const found = view.get(key);
  const mirror = found?.kind === "mirror" ? found : null;
  return { item, key, mirror, ground: mirror ? groundOf(view, key, mirror) : { nodes: new Set(), links: new Set() } };
}

/** The largest first; then who asked first. */
function inTurn(a: Wanted, b: Wanted): number {
  const bySize = (b.mirror?.sizeBytes ?? -1) - (a.mirror?.sizeBytes ?? -1);
  return bySize || a.item.askedAtMs - b.item.askedAtMs || (a.item.id < b.item.id ? -1 : 1);
}

/** What keeps a mirror from being verified whatever else goes on: the end of a sentence; null when nothing does. */
function heldBy(view: View, mirror: Mirror | null, nowMs: number): string | null {
  if (mirror === null) return "no node tells of this mirror now";
  const silent = unheard(view, mirror);
  if (silent.length > 0) return `DRBD on ${joinWords(silent)} is not heard now`;
  if (clusterOf(view)?.pacemaker && !isCurrent(view)) return "no node's Pacemaker is heard now";
  for (const node of [null, ...mirror.copies.map((copy) => copy.node)]) {
    const held = view.get(keyOf.maintenance(node));
    if (held?.kind === "maintenance") return maintenanceSays(held, nowMs);
  }
  const busy = every(view, "run").find(([, run]) => run.isDisruptive && run.outcome === null)?.[1];
  return busy ? `${busy.by} is at work here: ${busy.title}` : null;
}

function maintenanceSays({ node, declared }: EntityOf<"maintenance">, nowMs: number): string {
  const what = node === null ? "the cluster is in maintenance" : `${node} is in maintenance`;
  if (declared === null) return `${what}, switched on elsewhere`;
  const leftMs = declared.endsAtMs - nowMs;
  const rest = leftMs > 0 ? `${wholeMinutes(leftMs)} left` : "over time";
  return `${what} (${declared.owner}: ${declared.note.replace(/[.\s]+$/, "")}), ${rest}`;
}

function waitsFor(inWay: Taken | undefined, ground: Ground, key: string, startsAtMs: number | null, nowMs: number): string {
  if (inWay === undefined) return "Waits for its turn.";
  const isOwn = inWay.mirror === key;
  const what = isOwn ? `it ${inWay.does}` : `${inWay.name} ${inWay.does} ${whereOf(inWay, ground)}`;
  const left = inWay.leftMs === null ? "" : `, ${wholeMinutes(inWay.leftMs)} left`;
  const isSoonest = inWay.leftMs !== null && startsAtMs !== null && startsAtMs <= nowMs + inWay.leftMs;
  const starts = startsAtMs === null || isSoonest ? "" : ` Starts in about ${wholeMinutes(startsAtMs - nowMs)}.`;
  return `Waits: ${what}${left}.${starts}`;
}

function meets(one: Taken, ground: Ground, key: string): boolean {
  return one.mirror === key || shared(one.links, ground.links) !== null || shared(one.nodes, ground.nodes) !== null;
}

function whereOf(one: Ground, ground: Ground): string {
  if (shared(one.links, ground.links) !== null) return "on the same link";
  return `on ${shared(one.nodes, ground.nodes) ?? "the same node"}`;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string | null {
  for (const one of a) if (b.has(one)) return one;
  return null;
}

/** How long its verify takes at the rate of the last one; null when none was measured. */
function durationMs(view: View, mirrorKey: string, mirror: Mirror | null): number | null {
  if (mirror === null || mirror.sizeBytes === null) return null;
  const known = view.get(mirrorKey.replace(/^mirror:/, "verify:"));
  const rate = known?.kind === "verify" ? (known.last?.rateBytesPerSec ?? null) : null;
  return rate === null || rate <= 0 ? null : (mirror.sizeBytes / rate) * 1_000;
}

/** When each node and link is free again, as far as that can be told. */
function freeing(taken: readonly Taken[], nowMs: number) {
  /** Null: not known. Missing: free now. */
  const at = new Map<string, number | null>();
  const placesOf = ({ nodes, links }: Ground) => [...[...nodes].map((node) => `node ${node}`), ...[...links].map((link) => `link ${link}`)];
  function take(ground: Ground, fromMs: number | null, forMs: number | null): void {
    const untilMs = fromMs === null || forMs === null ? null : fromMs + forMs;
    for (const place of placesOf(ground)) {
      const before = at.get(place);
      at.set(place, untilMs === null || before === null ? null : Math.max(before ?? 0, untilMs));
    }
  }
  for (const one of taken) take(one, nowMs, one.leftMs);
  return {
    take,
    after(ground: Ground): number | null {
      let free = nowMs;
      for (const place of placesOf(ground)) {
        const untilMs = at.get(place);
        if (untilMs === null) return null;
        free = Math.max(free, untilMs ?? 0);
      }
      return free;
    },
  };
}

/** Rounded up to minutes, so that a sentence does not change with every look. */
function wholeMinutes(ms: number): string {
  return formatDuration(Math.max(1, Math.ceil(ms / 60_000)) * 60_000);
}
