// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { formatDuration, formatPercent, joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isStanding, type Mirror, touchedMirrors, usual } from "../look";

/** A mirror that nobody but `from` would hold afterwards. */
export interface Lonely {
  key: string;
  mirror: Mirror;
  /** How the other copies are, as a phrase. */
  others: string;
  /** The node that is being brought up from `from`, and is still moving. */
  syncing: string | null;
  /** No other copy is known to be bad: it is only not known to be good. */
  isUnknown: boolean;
}

/** The touched mirrors that nobody but `from` would hold afterwards, and that somebody needs. */
export function lonelyOf(context: GuardContext, from: string): Lonely[] {
  return touchedMirrors(context).flatMap(([key, mirror]) => {
    const own = mirror.copies.find(({ node }) => node === from);
    if (!own || mirror.said.level === "absent") return [];
    const holders = mirror.holders ?? [];
    if (holders.some((node) => node !== from)) return [];
    // A copy that is behind anyway, and serves nobody, is missed by nobody.
    const isNeeded = own.role === "Primary" || holders.includes(from) || own.said.level === "old" || own.said.level === "unknown";
    if (!isNeeded) return [];
    const rest = mirror.copies.filter(({ node }) => node !== from);
    const moving = mirror.pairs.find(
      ({ a, b, line, towards, said }) =>
        [a, b].includes(from) && line === "resync" && towards !== null && towards !== from && said.level === "busy",
    );
    const isUnknown = rest.some(({ said }) => said.level === "old" || said.level === "unknown") && mirror.onlyHolder !== from;
    return [{ key, mirror, others: wordsOf(context, mirror, rest), syncing: moving?.towards ?? null, isUnknown }];
  });
}

function wordsOf(context: GuardContext, mirror: Mirror, rest: Mirror["copies"]): string {
  if (rest.length === 0) return "no other copy is known";
  return joinWords(rest.map((copy) => copyWords(context, mirror, copy)));
}

/** How a copy that does not count is, as a phrase. */
export function copyWords(context: GuardContext, mirror: Mirror, { node, disk, said, role }: Mirror["copies"][number]): string {
  if (said.level === "old" || said.level === "unknown") return `nobody can hear ${node}'s copy`;
  const pair = mirror.pairs.find(({ towards, progress }) => towards === node && progress !== null);
  if (pair?.progress && !isStanding(context)) {
    const { percent, etaSeconds, stalled } = pair.progress;
    const left = stalled ? ", stalled" : etaSeconds === null ? "" : `, ${formatDuration(etaSeconds * 1_000)} left`;
    return `${node} is ${formatPercent(percent)} synced${left}`;
  }
  if (pair?.progress) return pair.progress.stalled ? `the resync to ${node} stands still` : `${node} is not synced yet`;
  return disk === "UpToDate" ? `${node} is not connected${role === "Primary" ? " and Primary itself" : ""}` : `${node} is ${disk}`;
}

function namesOf(lonely: readonly Lonely[]): string {
  return joinWords(lonely.map(({ mirror }) => mirrorName(mirror)));
}

/** Each once: several mirrors mostly share their reason. */
function reasonsOf(lonely: readonly Lonely[]): string {
  return [...new Set(lonely.map(({ others }) => others))].slice(0, 3).join("; ");
}

function aboutOf(lonely: readonly Lonely[], from: string): string[] {
  return [...lonely.map(({ key }) => key), keyOf.node(from)];
}

/** What a node that goes is Primary for, or alone holds, is complete elsewhere too. An admin may go on: stopping it everywhere can be meant. */
export const otherCopyIsUpToDate = defineGuard({
  name: "other-copy-is-up-to-date",
  number: "3.1",
  check(context) {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const lonely = lonelyOf(context, from).filter(({ syncing, isUnknown }) => syncing === null && !isUnknown);
    if (lonely.length === 0) return [];
    const message = `${from} holds the only good copy of ${namesOf(lonely)}: ${reasonsOf(lonely)}. Without ${from} it stops everywhere. Bring the other copy back first.`;
    return [{ level: "type", message, about: aboutOf(lonely, from) }];
  },
});

/** A copy that nobody can hear is not UpToDate; nor is it known to be bad. */
export const otherCopyIsHeard = defineGuard({
  name: "other-copy-is-heard",
  number: "3.1",
  check(context) {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const lonely = lonelyOf(context, from).filter(({ syncing, isUnknown }) => syncing === null && isUnknown);
    if (lonely.length === 0) return [];
    const message = `No other copy of ${namesOf(lonely)} is known to be good: ${reasonsOf(lonely)}. Without ${from} it may stop everywhere. Look at the other node first.`;
    return [{ level: "type", message, about: aboutOf(lonely, from) }];
  },
});

/** The second node of a pair does not go while the first is still being brought up from it: that ends by itself. */
export const noResyncFromHere = defineGuard({
  name: "no-resync-from-here",
  number: "3.12",
  check(context) {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const lonely = lonelyOf(context, from).filter(({ syncing }) => syncing !== null);
    if (lonely.length === 0) return [];
    const message = `${from} holds the only good copy of ${namesOf(lonely)}: ${reasonsOf(lonely)}. Without ${from} it stops everywhere. The resync ends by itself: wait for it.`;
    return [{ level: "block", message, about: aboutOf(lonely, from) }];
  },
});

/** Nor does the node that is being brought up: until it is, its mirror hangs on the other one. */
export const noResyncToHere = defineGuard({
  name: "no-resync-to-here",
  number: "3.12",
  check(context) {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const coming = touchedMirrors(context).filter(([, { pairs }]) =>
      pairs.some(({ line, towards }) => line === "resync" && towards === from),
    );
    if (coming.length === 0) return [];
    const names = joinWords(coming.map(([, mirror]) => mirrorName(mirror)));
    const message = `${names} ${coming.length === 1 ? "is" : "are"} being synced to ${from}: that would be interrupted, and goes on only when ${from} is back. Wait until it has ended.`;
    return [{ level: "warn", message, about: [...coming.map(([key]) => key), keyOf.node(from)] }];
  },
});

/** DRBD goes down with the node: for that while a mirror has a copy less. */
export const redundancyStays = defineGuard({
  name: "redundancy-stays",
  number: "3.3",
  check(context): Found[] {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const bare: [string, Mirror][] = [];
    const thinner: [string, Mirror][] = [];
    for (const [key, mirror] of touchedMirrors(context)) {
      const left = (mirror.holders ?? []).filter((node) => node !== from).length;
      const isCopy = mirror.copies.some(({ node, disk }) => node === from && disk !== "Diskless");
      if (isCopy && left === 1) bare.push([key, mirror]);
      if (isCopy && left > 1) thinner.push([key, mirror]);
    }
    const say = (mirrors: typeof bare, level: Found["level"], what: string): Found[] => {
      if (mirrors.length === 0) return [];
      const names = joinWords(mirrors.map(([, mirror]) => mirrorName(mirror)));
      const message = `DRBD stops on ${from}: ${names} ${mirrors.length === 1 ? "has" : "have"} ${what} until ${from} is back and synced.`;
      return [{ level, message, about: mirrors.map(([key]) => key) }];
    };
    return [...say(bare, usual(context), "one copy"), ...say(thinner, "inform", "a copy less")];
  },
});
