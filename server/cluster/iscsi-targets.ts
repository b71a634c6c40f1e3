// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf, Said } from "@/agent/protocol/console/view";
import type { IscsiLun, IscsiPortalGroup, IscsiTarget } from "@/agent/protocol/model/iscsi";
import type { Below } from "./below";
import { said, worst } from "./said";
import { counted, joinWords } from "./words";

/** What a target's LUNs stand on, and where else the same target is. */
export interface TargetAround {
  entities: ReadonlyMap<string, Entity>;
  below: (node: string, device: string) => Below;
  /** Other nodes that serve the same target now. */
  others: readonly string[];
}

type Lun = EntityOf<"target">["luns"][number];

/** A target's LUNs, each with its mirror and what that means for it. */
export function lunsOf(node: string, target: IscsiTarget, around: TargetAround): Lun[] {
  return target.portalGroups.flatMap(({ tag, luns }) =>
    luns.map((lun) => {
      const below = lun.device === null ? null : around.below(node, lun.device);
      return { tag, lun: lun.lun, mirror: below?.mirror ?? null, said: judgeLun(node, lun, below, around.entities) };
    }),
  );
}

function judgeLun(node: string, lun: IscsiLun, below: Below | null, entities: ReadonlyMap<string, Entity>): Said {
  const name = `LUN ${lun.lun}`;
  if (lun.backstore === null) return said("unknown", `${name}: backstore not known`, "What it stands on could not be read.");
  if (lun.isEnabled === false) return said("bad", `${name}: backstore disabled`, `${lun.backstore} is not enabled: its I/O fails.`);
  if (below?.side && below.side.said.level !== "old" && below.side.device.role !== "Primary") {
    const { device, resource } = below.side;
    return said("bad", `${name}: ${resource} is ${device.role} here`, `${node} may not write to ${resource}: I/O to this LUN fails.`);
  }
  const mirror = below?.mirror ? entities.get(below.mirror) : undefined;
  if (mirror?.kind !== "mirror") return said("ok", name);
  const { level, word, why } = mirror.said;
  if (below?.side?.said.level === "old" || level === "old" || level === "unknown")
    return said("unknown", `${name}: ${mirror.resource} not known now`, below?.side?.said.why ?? why);
  return level === "bad" || level === "risk" ? said(level, `${name}: ${mirror.resource} ${word}`, why) : said("ok", name);
}

/** The target as a whole: whether anybody can log in, and what stands behind it. */
export function judgeTarget(target: IscsiTarget, luns: readonly Lun[], others: readonly string[]): Said {
  const groups = target.portalGroups;
  if (groups.length === 0) {
    if (target.hasAllGroups === false) return said("unknown", "portal groups not read", "Whether anybody can log in is not known.");
    return said("bad", "no portal group", "It has nothing to log in to.");
  }
  const served = groups.filter(({ isEnabled }) => isEnabled !== false);
  if (served.length === 0) return said("bad", "disabled", "It is there, and lets nobody in.");
  const deaf = served.filter(({ portals, hasAllPortals }) => portals.length === 0 && hasAllPortals !== false);
  if (deaf.length === served.length)
    return said("bad", "no portal", "It listens nowhere: nobody can log in, although its resource may be called Started.");
  const hasAllLuns = groups.every((group) => group.hasAllLuns !== false);
  if (luns.length === 0 && hasAllLuns) return said("bad", "no LUN", "It serves no disk.");
  const problems: Said[] = [];
  if (others.length > 0)
    problems.push(
      said("risk", `also served by ${joinWords(others)}`, "Two nodes answer for one target: initiators may write through both."),
    );
  if (deaf.length > 0) problems.push(said("risk", `group ${tagsOf(deaf)} has no portal`, "Nobody can log in to it."));
  if (served.length < groups.length)
    problems.push(said("risk", `group ${tagsOf(groups.filter((one) => !served.includes(one)))} disabled`, "It lets nobody in."));
  if (groups.some(({ isEnabled }) => isEnabled === null)) problems.push(said("unknown", "not known whether enabled"));
  if (!hasPortals(target)) problems.push(said("unknown", "portals not read", "Where it listens could not be read."));
  if (!hasAllLuns) problems.push(said("unknown", "LUNs not read", "Which disks it serves could not be read."));
  const logged = new Set(groups.flatMap(({ sessions }) => sessions.map(({ initiator }) => initiator))).size;
  const isWhole = groups.every(({ hasAllSessions }) => hasAllSessions);
  const who = isWhole ? `${logged === 0 ? "nobody" : logged} logged in` : `at least ${logged} logged in`;
  return worst(
    [...problems, ...luns.map((lun) => lun.said)].filter(({ level }) => level !== "ok"),
    said("ok", `${counted(luns.length, "LUN")}, ${who}`),
  );
}

/** Whether all that it listens at was read. */
export function hasPortals({ portalGroups, hasAllGroups }: IscsiTarget): boolean {
  return hasAllGroups !== false && portalGroups.every(({ hasAllPortals }) => hasAllPortals !== false);
}

function tagsOf(groups: readonly IscsiPortalGroup[]): string {
  return joinWords(groups.map(({ tag }) => String(tag)));
}
