// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { EntityOf, MirrorPair } from "@/agent/protocol/console/view";

/** The pair of a mirror that is being verified now, as the nodes tell it; undefined: none of them says so. */
export function verifyingPair(
  mirror: EntityOf<"mirror"> | undefined,
): (MirrorPair & { progress: NonNullable<MirrorPair["progress"]> }) | undefined {
  for (const pair of mirror?.pairs ?? []) {
    const { progress } = pair;
    if (progress?.kind === "verify") return { ...pair, progress };
  }
  return undefined;
}

/** What differs so far: the record's own count; else what the nodes count beyond what they counted before. Null: not known. */
export function differsSoFar(running: VerifySummary, mirror: EntityOf<"mirror"> | undefined): number | null {
  if (running.differsBytes !== null) return running.differsBytes;
  const now = verifyingPair(mirror)?.outOfSyncBytes ?? null;
  const before = running.outOfSync.map(({ beforeBytes }) => beforeBytes).filter((bytes) => bytes !== null);
  if (now === null || before.length === 0) return null;
  return Math.max(0, now - Math.max(...before));
}

/** Whether the nodes of a mirror are not heard: what is shown of it is what was last known. */
export function isOld(mirror: EntityOf<"mirror"> | undefined): boolean {
  return (
    mirror === undefined || mirror.said.level === "old" || (mirror.pairs.length > 0 && mirror.pairs.every(({ line }) => line === "old"))
  );
}

/** The place of the page that is about one mirror. */
export function mirrorHref({ cluster, resource }: { cluster: string; resource: string }): string {
  return `/c/${cluster}/drbd/${encodeURIComponent(resource)}`;
}

/** A part of a mirror's page: a resource's first volume has the plain name. */
export function partOf(part: "verifies" | "repair", volume: number): string {
  return volume === 0 ? part : `${part}-${volume}`;
}

/** "store/0": a mirror as the console's addresses name it. */
export function mirrorId({ resource, volume }: { resource: string; volume: number }): string {
  return `${resource}/${volume}`;
}

/** What a person calls it: the volume only where there is more than one. */
export function nameOf({ resource, volume }: { resource: string; volume: number }): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}
