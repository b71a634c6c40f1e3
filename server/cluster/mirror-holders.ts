// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, MirrorPair } from "@/agent/protocol/console/view";
import { linkState } from "./drbd-words";
import type { Standing } from "./freshness";
import type { Joined } from "./join";
import type { PairState } from "./mirror-pair";
import { byName } from "./words";

/** All that is known of one mirror. */
export interface MirrorState {
  joined: Joined;
  states: readonly PairState[];
  pairs: readonly MirrorPair[];
  copies: EntityOf<"mirror">["copies"];
  standings: ReadonlyMap<string, Standing>;
}

/**
 * The nodes that hold all of the mirror's data for certain. A node says UpToDate of its own copy even when it has been
 * cut off from the writer: so where a Primary is known, only what is connected to it counts.
 */
export function holdersOf({ joined, states, copies }: MirrorState): string[] {
  const good = new Set(copies.filter((copy) => copy.disk === "UpToDate" && isHeard(copy)).map(({ node }) => node));
  const writers = writersOf(joined, copies);
  if (writers.length === 0) return [...good].sort(byName);
  const reached = new Set(writers);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { a, b, link } of states) {
      if (link !== "connected") continue;
      if (reached.has(a.node)) reached.add(b.node);
      else if (reached.has(b.node)) reached.add(a.node);
    }
  }
  return [...good].filter((node) => reached.has(node)).sort(byName);
}

/** The one node that holds all of it, when every other copy is known not to; null when another may. */
export function onlyHolderOf({ joined, states, copies }: MirrorState, holders: readonly string[]): string | null {
  const [only] = holders;
  if (only === undefined || holders.length > 1 || copies.length < 2) return null;
  const isWriter = writersOf(joined, copies).includes(only);
  const isCertain = copies.every((copy) => {
    if (copy.node === only) return true;
    const pair = states.find(({ a, b }) => [a.node, b.node].includes(copy.node) && [a.node, b.node].includes(only));
    const isCut = pair?.link === "waiting" || pair?.link === "broken" || pair?.link === "standAlone" || saysCut(pair, only);
    // The Primary hears of its peer's disk by the line itself: a peer whose agent is silent is no better for that.
    if (isWriter && saysPeerBad(pair, only)) return true;
    // A silent copy gets no write of a Primary it is cut off from; without a Primary it may itself have become one.
    return isCut ? isWriter || isHeard(copy) : isHeard(copy) && pair?.link !== "contradiction" && pair?.link !== "unknown";
  });
  return isCertain ? only : null;
}

/** The holder itself says that the line is cut: a peer that still calls it connected has only not noticed. */
function saysCut(state: MirrorState["states"][number] | undefined, node: string): boolean {
  const end = [state?.a, state?.b].find((one) => one?.node === node);
  return state?.link === "contradiction" && end?.isCurrent === true && end.peer !== null && linkState(end.peer.connection) !== "connected";
}

const NOT_WHOLE: ReadonlySet<string> = new Set(["Inconsistent", "Outdated", "Diskless", "Failed"]);

/** The holder's own current words of its connected peer's disk rule that copy out. */
function saysPeerBad(state: MirrorState["states"][number] | undefined, node: string): boolean {
  const end = [state?.a, state?.b].find((one) => one?.node === node);
  return end?.isCurrent === true && end.peer !== null && linkState(end.peer.connection) === "connected" && NOT_WHOLE.has(end.peer.disk);
}

/** Every copy is heard, by its own node or by a connected peer: then "nobody has it" is knowledge, not ignorance. */
export function isEveryCopyHeard({ copies }: MirrorState): boolean {
  return copies.every(isHeard);
}

function isHeard(copy: MirrorState["copies"][number]): boolean {
  return copy.said.level !== "old" && copy.said.level !== "unknown";
}

function writersOf(joined: Joined, copies: MirrorState["copies"]): string[] {
  const heard = new Set(copies.filter(isHeard).map(({ node }) => node));
  return joined.sides.filter(({ device, node }) => device.role === "Primary" && heard.has(node)).map(({ node }) => node);
}
