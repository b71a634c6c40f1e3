// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { clusterOf, every, mirrorName } from "@/server/findings/define";
import { caseOf, locksOf, type RepairCase } from "@/server/repair/case";
import { openDisconnect, REPAIR_VERBS } from "@/server/repair/runs";
import { otherVolumes, overwriteSentence, versionsOf } from "@/server/repair/words";
import { hasWritten } from "@/server/repair/written";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isDrbd, mirrorsNamedBy } from "../look";

/** The line that a step of a repair is about. */
function repairIn({ view, touched }: GuardContext): RepairCase | null {
  const [key] = touched.mirrors;
  const mirror = key === undefined ? undefined : view.get(key);
  if (mirror?.kind !== "mirror" || touched.to === null || touched.source === undefined) return null;
  return caseOf(view, { resource: mirror.resource, volume: mirror.volume, from: touched.source, to: touched.to });
}

/** A guard that looks at a repair's line; where there is none, `line-is-known` says so. */
function ofRepair(name: string, number: string, check: (repair: RepairCase, context: GuardContext) => readonly Found[]) {
  return defineGuard({
    name,
    number,
    check(context) {
      const repair = repairIn(context);
      return repair ? check(repair, context) : [];
    },
  });
}

const aboutOf = ({ key, from, to }: RepairCase): string[] => [key, keyOf.node(to.node), keyOf.node(from.node)];

/** The two nodes hold copies of it, and a line joins them. */
export const lineIsKnown = defineGuard({
  name: "line-is-known",
  number: "2.2",
  check(context) {
    if (repairIn(context)) return [];
    const { source, to } = context.touched;
    const message = `There is no such mirror between ${source ?? "one node"} and ${to ?? "another"}. Look at the mirror's own page.`;
    return [{ level: "block", message, about: [...context.touched.mirrors] }];
  },
});

/** There are blocks that a verify marked, and nothing else is wrong: only then is this the way. */
export const blocksAreMarked = ofRepair("blocks-are-marked", "2.1", (repair, { view, verb }): Found[] => {
  const { stage, ask, mirror, from, to, pair } = repair;
  const about = aboutOf(repair);
  const name = mirrorName(mirror);
  if (verb === REPAIR_VERBS.connect) {
    if (stage === "apart" && openDisconnect(view, ask)) return [];
    const message =
      stage === "apart"
        ? `${from.node} and ${to.node} were not disconnected here for a repair of ${name} (${pair.said.word}): it may be a split brain. Look at both kernel logs before anything connects them.`
        : `${name} is not disconnected (${pair.said.word}): there is nothing to connect.`;
    return [{ level: "block", message, about }];
  }
  if (stage === "marked") return [];
  const why = stage === "same" ? "nothing is marked out of sync" : `${from.node} and ${to.node}: ${pair.said.word}`;
  const message = `This repairs what a verify marked on a mirror that is connected and UpToDate on both sides; of ${name} ${why}.`;
  return [{ level: "block", message, about }];
});

/** Each generation has its own way; another one would copy nothing, or everything. */
export const methodFitsVersions = ofRepair("method-fits-versions", "2.2", (repair, { verb }): Found[] => {
  const { method, from, to } = repair;
  const versions = versionsOf(from, to);
  const about = aboutOf(repair);
  if (method === null) {
    const message = `No way to repair is known for DRBD ${versions}. Look into the users' guide of that version.`;
    return [{ level: "block", message, about }];
  }
  if (verb === REPAIR_VERBS.take && method !== "invalidate") {
    const message = `DRBD ${versions} with utilities ${to.utils ?? "not known"} on ${to.node} may not know --reset-bitmap=no: without it the whole device would be overwritten. Disconnect and connect instead.`;
    return [{ level: "block", message, about }];
  }
  if (verb === REPAIR_VERBS.disconnect && method === "invalidate") {
    const message = `DRBD ${versions} copies marked blocks without being disconnected, and would copy nothing by that alone. Take them from ${from.node} instead.`;
    return [{ level: "block", message, about }];
  }
  return [];
});

/** Whose blocks are overwritten is meant. The Primary's data stays, always. */
export const directionIsMeant = ofRepair("direction-is-meant", "2.3", (repair): Found[] => {
  const { ask, bytes, from, to, mirror } = repair;
  const about = aboutOf(repair);
  const name = mirrorName(mirror);
  const primaries = mirror.copies.filter(({ role }) => role === "Primary").map(({ node }) => node);
  if (primaries.length > 1) {
    const message = `${name} is Primary on ${joinWords(primaries)}: whose blocks are the right ones cannot be told, and either may be in use. Make one side Secondary first.`;
    return [{ level: "block", message, about }];
  }
  if (to.role === "Primary") {
    const message = `${to.node} is Primary for ${name}: its data is in use, and is not overwritten. Look at the mirror's page anew.`;
    return [{ level: "block", message, about }];
  }
  if (from.role !== "Primary") {
    const message = `${from.node} is not Primary for ${name}: whose blocks are the right ones cannot be told, and without a Primary DRBD resynchronises nothing when it is connected again. Start what uses ${name} first.`;
    return [{ level: "block", message, about }];
  }
  const others = otherVolumes(repair);
  const more = others === null || repair.method === "invalidate" ? "" : ` ${others} has the same connection: it goes and comes with it.`;
  return [{ level: "type", message: `${overwriteSentence(bytes, ask)}${more}`, about }];
});

/** What stays is complete, and all other volumes of the connection are at rest. */
export const sourceIsComplete = ofRepair("source-is-complete", "2.4", (repair): Found[] => {
  const { from, volumes, method } = repair;
  const about = aboutOf(repair);
  if (from.disk !== "UpToDate") {
    const message = `${from.node}'s own copy is ${from.disk}: it is not what another one is to be overwritten with. Bring it back first.`;
    return [{ level: "block", message, about }];
  }
  const busy = (method === "invalidate" ? volumes.filter(({ key }) => key === repair.key) : volumes).filter(
    ({ pair }) => pair.line === "resync" || pair.line === "verify",
  );
  if (busy.length === 0) return [];
  const names = joinWords(busy.map(({ mirror, pair }) => `${mirrorName(mirror)} (${pair.said.word})`));
  const message = `A resync or verify runs: ${names}. Disconnecting now would cut it. Wait until it has ended, or stop the verify.`;
  return [{ level: "block", message, about: busy.map(({ key }) => key) }];
});

/** How many copies the Primary still sees when the other lets go, against what DRBD 9's quorum may need. */
export const quorumIsKept = ofRepair("quorum-is-kept", "2.4", (repair, { verb }): Found[] => {
  const { mirror, from, to } = repair;
  if (verb !== REPAIR_VERBS.disconnect || mirror.copies.length < 3) return [];
  const seen = mirror.pairs.filter(
    ({ a, b, line }) => [a, b].includes(from.node) && ![a, b].includes(to.node) && (line === "connected" || line === "differs"),
  );
  const left = seen.length + 1;
  if (left * 2 > mirror.copies.length) return [];
  const message = `Without ${to.node}, ${from.node} would see ${left} of ${mirror.copies.length} copies of ${mirrorName(mirror)}: where a quorum is set, its I/O would stop. Bring the other copies back first.`;
  return [{ level: "block", message, about: aboutOf(repair) }];
});

/** Between letting go and the end of the resync the mirror has a copy less. */
export const copyLessIsAccepted = ofRepair("copy-less-is-accepted", "2.4", (repair, { verb }): Found[] => {
  const { mirror, from, to } = repair;
  if (verb !== REPAIR_VERBS.disconnect) return [];
  const others = (mirror.holders ?? []).filter((node) => node !== to.node);
  const only = others.length === 1;
  const message = only
    ? `From now until it is connected again and synced, ${from.node} alone holds what is written to ${mirrorName(mirror)}. Have the time for the next step.`
    : `${mirrorName(mirror)} has a copy less until ${to.node} is connected again and synced.`;
  return [{ level: "warn", message, about: aboutOf(repair) }];
});

/** What Pacemaker and DRBD's own handler do when the two let go of each other. */
export const pacemakerWillStay = ofRepair("pacemaker-will-stay", "2.4", (repair, { view, verb }): Found[] => {
  const { from, to, mirror } = repair;
  if (verb !== REPAIR_VERBS.disconnect) return [];
  const about = aboutOf(repair);
  const name = mirrorName(mirror);
  const found: Found[] = [];
  const locks = locksOf(view, repair);
  if (locks.length > 0) {
    const message = `DRBD's handler has locked promotion already (${joinWords(locks)}): something is wrong with ${name} beside the marked blocks. See what first.`;
    found.push({ level: "block", message, about });
  }
  const fencing = new Set([from, to].flatMap(({ drbd }) => (drbd?.settings?.connections ?? []).map((one) => one.fencing)));
  if (fencing.has("resource-and-stonith")) {
    const message = `fencing is resource-and-stonith: should ${to.node} not let go cleanly, ${from.node}'s I/O stands still until the fence-peer handler has answered, and it may have ${to.node} fenced. The handler may leave a constraint drbd-fence-by-handler-…; that it is gone is checked after the resync.`;
    found.push({ level: "warn", message, about });
  } else if (fencing.has("resource-only")) {
    const message = `fencing is resource-only: ${to.node}'s copy is marked Outdated, and the fence-peer handler may place a constraint drbd-fence-by-handler-… that keeps Pacemaker from promoting it. That it is gone is checked after the resync.`;
    found.push({ level: "warn", message, about });
  }
  const managed = every(view, "resource").filter(
    ([, resource]) =>
      resource.type === "primitive" &&
      isDrbd(resource) &&
      mirrorsNamedBy(view, resource).some(([, one]) => one.resource === mirror.resource),
  );
  const isHeld = clusterOf(view)?.pacemaker?.maintenance === true;
  if (managed.length > 0 && !isHeld) {
    const ids = joinWords(managed.slice(0, 3).map(([, { id }]) => id));
    const message = `Pacemaker manages ${name} (${ids}): it leaves a disconnected copy as it is, and lowers its score for promotion. Should ${from.node} fail meanwhile, ${name} may not start on ${to.node}, or start with older data.`;
    found.push({ level: "inform", message, about: [...managed.map(([key]) => key), ...about] });
  }
  return found;
});

/** Where DRBD 9 needs a write in between, there was one: else connecting copies nothing. */
export const primaryHasWritten = ofRepair("primary-has-written", "2.2", (repair, { view, verb }): Found[] => {
  const { method, from, ask } = repair;
  if (verb !== REPAIR_VERBS.connect || method !== "write") return [];
  const since = openDisconnect(view, ask)?.endedAtMs ?? null;
  if (hasWritten(view, repair, since)) return [];
  const message = `No write on ${from.node} was seen since they were disconnected: without one DRBD ${versionsOf(from, repair.to)} resynchronises nothing when it is connected. Write one block there first.`;
  return [{ level: "warn", message, about: aboutOf(repair) }];
});
