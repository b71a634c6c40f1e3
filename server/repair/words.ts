// SPDX-License-Identifier: Apache-2.0
import { formatBytes, joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import type { RepairAsk, RepairCase, RepairEnd } from "./case";

/** A mirror's name where only the arguments are known. */
export function nameOf({ resource, volume }: Pick<RepairAsk, "resource" | "volume">): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}

/** "32 KiB on crystal will be overwritten with ruby's copy." */
export function overwriteSentence(bytes: number | null, { from, to }: Pick<RepairAsk, "from" | "to">): string {
  if (bytes === 0) return `Nothing is marked now: what ${from} writes meanwhile is copied to ${to}.`;
  return `${bytes === null ? "An amount that is not known" : formatBytes(bytes)} on ${to} will be overwritten with ${from}'s copy.`;
}

/** The other volumes that lose their connection with it: "mail/1 and mail/2". */
export function otherVolumes({ key, volumes }: RepairCase): string | null {
  const others = volumes.filter((volume) => volume.key !== key).map(({ mirror }) => mirrorName(mirror));
  return others.length === 0 ? null : joinWords(others);
}

export function versionsOf(from: RepairEnd, to: RepairEnd): string {
  return joinWords([...new Set([from.version, to.version].map((version) => version ?? "not known"))]);
}

export const NOTHING_RESYNCED = "No resync happened; the bits are still set.";
