// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { constrainedNode, originOf } from "@/server/cluster/history";
import { joinWords } from "@/server/cluster/words";
import { every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { type Mirror, nodeOf, touchedMirrors, touchedResources, usableOthers, usual } from "../look";

type Constraint = EntityOf<"constraint">["constraint"];

/** Constraints on what is touched, or on what that stands in. */
function ownConstraints(context: GuardContext): [string, Constraint][] {
  const ids = new Set(touchedResources(context).flatMap(({ id, parents }) => [id, ...parents]));
  return every(context.view, "constraint").flatMap(([key, { constraint }]): [string, Constraint][] =>
    constraint.resource !== null && ids.has(constraint.resource) ? [[key, constraint]] : [],
  );
}

/** Constraints that earlier moves left decide silently where a service may go. */
export const noConstraintIsLeft = defineGuard({
  name: "no-constraint-is-left",
  number: "4.4",
  check(context) {
    const { touched } = context;
    return ownConstraints(context).flatMap(([key, constraint]): Found[] => {
      const origin = originOf(constraint);
      const node = constrainedNode(constraint);
      if (node === null || constraint.resource === null) return [];
      const about = [key, keyOf.resource(constraint.resource)];
      // Where no other place is left, that is what has to be said.
      const others = touched.isWholeNode ? usableOthers(context.view, touched.from) : [];
      const isLastPlace = others.length === 1 && others[0]?.name === node;
      if (origin === "ban" && node !== touched.to && !isLastPlace) {
        // Of the node that is left anyway it changes nothing now.
        const level = node === touched.from && touched.isWholeNode ? "inform" : usual(context);
        const message = `A left-over ban keeps ${constraint.resource} off ${node}, even when no other node is there (${constraint.id}). Clear it.`;
        return [{ level, message, about }];
      }
      if (origin === "prefer" && touched.isWholeNode && node === touched.from) {
        const message = `${constraint.resource} returns as soon as ${node} does: a left-over move holds it there (${constraint.id}).`;
        return [{ level: "inform", message, about }];
      }
      return [];
    });
  },
});

/** A second preference takes the place of the first: it does not add to it. */
export const noPreferenceIsReplaced = defineGuard({
  name: "no-preference-is-replaced",
  number: "4.5",
  check(context) {
    return ownConstraints(context).flatMap(([key, constraint]): Found[] => {
      const node = constrainedNode(constraint);
      if (originOf(constraint) !== "prefer" || node === context.touched.to || constraint.resource === null) return [];
      const message = `${constraint.resource} is held on ${node ?? "a node"} by an earlier move (${constraint.id}): this one takes its place, and it goes when the move is done.`;
      return [{ level: "warn", message, about: [key, keyOf.resource(constraint.resource)] }];
    });
  },
});

/** The mirrors that a lock of DRBD is about: by the name in its id, else all that are touched. */
function lockedMirrors(context: GuardContext, { id }: Constraint): readonly [string, Mirror][] {
  const named = every(context.view, "mirror").filter(([, { resource }]) => id.startsWith(`drbd-fence-by-handler-${resource}-`));
  return named.length > 0 ? named : touchedMirrors(context);
}

function isWhole(mirrors: readonly [string, Mirror][]): boolean {
  const isOne = ({ copies, holders = [] }: Mirror) =>
    copies.length > 1 && copies.every(({ node, disk }) => disk === "Diskless" || holders.includes(node));
  return mirrors.length > 0 && mirrors.every(([, mirror]) => isOne(mirror));
}

/** The node that DRBD has locked promotion to; null where its rule says it otherwise. */
function lockedTo({ rule, node }: Constraint): string | null {
  return rule?.match(/#uname ne (\S+)/)?.[1] ?? node;
}

/** DRBD itself forbids promotion elsewhere while it does not trust the other copy. */
export const drbdHasNotLocked = defineGuard({
  name: "drbd-has-not-locked",
  number: "4.3",
  check(context) {
    const { touched, view } = context;
    return ownConstraints(context).flatMap(([key, constraint]): Found[] => {
      if (originOf(constraint) !== "drbdFence" || constraint.resource === null) return [];
      const only = lockedTo(constraint);
      const isFromThere = only === null || only === touched.from || !nodeOf(view, only);
      const goesFrom = touched.to === null && touched.from !== null && isFromThere;
      const goesElsewhere = touched.to !== null && only !== touched.to;
      if (!goesFrom && !goesElsewhere) return [];
      const mirrors = lockedMirrors(context, constraint);
      const names = mirrors.length === 0 ? constraint.resource : joinWords(mirrors.map(([, mirror]) => mirrorName(mirror)));
      const about = [key, keyOf.resource(constraint.resource), ...mirrors.map(([mirror]) => mirror)];
      const head = `DRBD itself has locked promotion of ${constraint.resource}${only === null ? "" : ` to ${only}`} (${constraint.id})`;
      if (isWhole(mirrors)) {
        return [{ level: "block", message: `${head}. ${names} is in sync by now: the lock was left behind. Clear it first.`, about }];
      }
      return [
        { level: "block", message: `${head}, because it lost its peer. It goes by itself when ${names} is in sync: wait for that.`, about },
      ];
    });
  },
});

/** DRBD's lock is cleared only where every copy is complete and connected: else an old copy could be promoted. */
export const clearedLockIsNotNeeded = defineGuard({
  name: "cleared-lock-is-not-needed",
  number: "4.3",
  check(context) {
    const { preview } = context;
    return ownConstraints(context).flatMap(([key, constraint]): Found[] => {
      if (originOf(constraint) !== "drbdFence" || constraint.resource === null) return [];
      // What is cleared is named in the command line; before one is there it may be this.
      const isCleared = preview === null || preview.some(({ commands }) => commands.some((line) => line.includes(constraint.id)));
      const mirrors = lockedMirrors(context, constraint);
      if (!isCleared || isWhole(mirrors)) return [];
      const names = mirrors.length === 0 ? "its mirror" : joinWords(mirrors.map(([, mirror]) => mirrorName(mirror)));
      const message = `${constraint.id} is DRBD's own lock: without it an old copy of ${names} could be promoted. It goes by itself when the copies are in sync.`;
      const about = [key, keyOf.resource(constraint.resource), ...mirrors.map(([mirror]) => mirror)];
      return [{ level: preview === null ? "inform" : "block", message, about }];
    });
  },
});
