// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Entry, entityOf, entriesOf, type Slice } from "@/components/live/store";

/** What of one cluster is pushed and concerns its verifies. */
export interface LiveVerifies {
  slug: string;
  title: string;
  isRecording: boolean;
  mirrors: readonly Entry<"mirror">[];
  verifies: readonly Entry<"verify">[];
}

export function selectVerifies(slug: string, slice: Slice): LiveVerifies {
  const cluster = entityOf(slice, "cluster", keyOf.cluster);
  return {
    slug,
    title: cluster?.title ?? slug,
    isRecording: cluster?.recorded !== undefined,
    mirrors: entriesOf(slice, "mirror"),
    verifies: entriesOf(slice, "verify"),
  };
}

type Named = { cluster: string; resource: string; volume: number };

export function findMirror(live: readonly LiveVerifies[], { cluster, resource, volume }: Named): EntityOf<"mirror"> | undefined {
  const key = keyOf.mirror(resource, volume);
  return live.find(({ slug }) => slug === cluster)?.mirrors.find(([its]) => its === key)?.[1];
}

export function findVerify(live: readonly LiveVerifies[], { cluster, resource, volume }: Named): EntityOf<"verify"> | undefined {
  const key = keyOf.verify(resource, volume);
  return live.find(({ slug }) => slug === cluster)?.verifies.find(([its]) => its === key)?.[1];
}

/** Every verify under way, the one that began first on top. */
export function runningOf(live: readonly LiveVerifies[]): readonly VerifySummary[] {
  return live
    .filter(({ isRecording }) => !isRecording)
    .flatMap(({ verifies }) => verifies.flatMap(([, { running }]) => (running === null ? [] : [running])))
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** Changes whenever a run begins or ends, or the queue or a plan moves: then what was asked for is asked again. */
export function markOf(live: readonly LiveVerifies[]): string {
  return live
    .flatMap(({ slug, verifies }) =>
      verifies.map(
        ([key, { last, running, queued, next }]) =>
          `${slug} ${key} ${last?.id} ${running?.id} ${queued?.id} ${queued?.place} ${next?.atMs}`,
      ),
    )
    .join("\n");
}
