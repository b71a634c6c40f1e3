// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { counted, formatBytes, joinWords } from "@/server/cluster/words";
import { isOverdue, LIMIT_DAYS } from "@/server/verify/limit";
import { defineRule, every, mirrorName, type ViewSoFar } from "./define";

type Verify = EntityOf<"verify">;

const DAY_MS = 86_400_000;
/** Mirrors named in a sentence; the rest is counted. */
const NAMED = 4;

/** Those of a cluster's mirrors that can differ at all: with one copy there is nothing to compare. */
function verifies(view: ViewSoFar): [string, Verify][] {
  return every(view, "verify").filter(([key]) => {
    const mirror = view.get(mirrorKeyOf(key));
    return mirror?.kind === "mirror" && mirror.pairs.length > 0;
  });
}

function mirrorKeyOf(verifyKey: string): string {
  return `mirror:${verifyKey.slice("verify:".length)}`;
}

function named(list: readonly [string, Verify][]): string {
  const names = list.map(([, verify]) => (verify.volume === 0 ? verify.resource : `${verify.resource}/${verify.volume}`));
  const rest = names.length - NAMED;
  return joinWords(rest > 0 ? [...names.slice(0, NAMED), `${rest} more`] : names);
}

/** Mirrors of which nobody knows whether their copies are the same. Good to know, and no alarm: on a new console it is true of all. */
export const verifyNever = defineRule({
  name: "verify-never",
  doc: {
    area: "verify",
    title: "A mirror was never verified",
    means: "Nobody knows whether its copies are the same.",
    levels: ["absent"],
    fires: "The console has no record of a clean verify.",
    not: "A mirror with one copy.",
    todo: "Verify it once, then give it a schedule.",
    needs: [16, 26],
  },
  find(view) {
    const all = verifies(view);
    const never = all.filter(([, { cleanAtMs, last, running }]) => cleanAtMs === null && last === null && running === null);
    if (never.length === 0) return [];
    const title =
      never.length === all.length ? "No mirror was ever verified" : `${counted(never.length, "mirror")} never verified: ${named(never)}`;
    return [
      {
        id: "verify-never",
        level: "absent" as const,
        title,
        why: "That both copies are in sync is what DRBD believes; whether they are the same is only known from a verify.",
        todo: "Verify them at a quiet time, or put them on a schedule.",
        about: never.map(([key]) => key),
      },
    ];
  },
});

/** Mirrors whose last clean verify is too long ago. */
export const verifyOld = defineRule({
  name: "verify-old",
  doc: {
    area: "verify",
    title: "A verify is old",
    means: "The proof that the copies are the same is older than it should be.",
    levels: ["absent"],
    fires: "The last clean verify is older than the limit.",
    not: "A mirror that was never verified: told by itself, and one with a single copy.",
    todo: "Verify it, or give it a schedule.",
    needs: [16, 26],
  },
  find(view, { nowMs }) {
    const old = verifies(view).filter(([, { cleanAtMs }]) => cleanAtMs !== null && isOverdue(cleanAtMs, nowMs));
    if (old.length === 0) return [];
    const oldest = Math.min(...old.map(([, { cleanAtMs }]) => cleanAtMs ?? nowMs));
    return [
      {
        id: "verify-old",
        level: "absent" as const,
        title: `Not verified for more than ${LIMIT_DAYS} days: ${named(old)}`,
        why: `The oldest clean verify is ${Math.floor((nowMs - oldest) / DAY_MS)} days old.`,
        todo: "Verify them at a quiet time, or put them on a schedule.",
        about: old.map(([key]) => key),
        sinceMs: oldest + LIMIT_DAYS * DAY_MS,
      },
    ];
  },
});

/** A mirror whose last verify found differences, and no clean one since. While blocks are still marked, `mirror-differs` says so. */
export const verifyDiffered = defineRule({
  name: "verify-differed",
  doc: {
    area: "verify",
    title: "The last verify found differences",
    means: "Nothing is marked any more, so it was repaired since; that the copies are the same now is not proven.",
    levels: ["absent"],
    fires: "The newest verify differed, and none was clean since.",
    not: "Blocks that are still marked: that is told as out of sync, and a clean verify since.",
    todo: "Compare it with earlier runs, then verify once more.",
    needs: [16, 26, 113],
  },
  find(view, { told }) {
    const marked = new Set(told.flatMap(({ rule, about }) => (rule === "mirror-differs" ? about : [])));
    return verifies(view).flatMap(([key, { last }]) => {
      const mirrorKey = mirrorKeyOf(key);
      const mirror = view.get(mirrorKey);
      if (last?.result !== "differs" || marked.has(mirrorKey) || mirror?.kind !== "mirror") return [];
      const found = last.differsBytes === null ? "differences" : formatBytes(last.differsBytes);
      return [
        {
          id: `verify-differed:${mirrorName(mirror)}`,
          level: "absent" as const,
          title: `${mirrorName(mirror)}: its last verify found ${found}`,
          why: "Nothing is marked out of sync any more, so it was repaired since; that the copies are the same now is not proven.",
          todo: "Look at what it found beside earlier runs, then verify it once more.",
          about: [mirrorKey, key],
          ...(last.endedAtMs === null ? {} : { sinceMs: last.endedAtMs }),
        },
      ];
    });
  },
});
