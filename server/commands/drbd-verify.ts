// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { DrbdName } from "@/agent/protocol/steps";
import { formatBytes, joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { defineCommand, type End, type PlanItem } from "./define";
import { VERIFYING } from "./guards/catalog";
import { isDrbdHeard, isVerifyTold, mirrorFor, pairsOf, sideOf, type VerifyArgs, verifyPair } from "./verify-pair";
import { measuredRate } from "./verify-rate";

/** A verify is seen running within this, or DRBD took the words and does nothing. */
const SEEN_MS = 60_000;
/** How long one may take: so many times what it should, and between these. A timer cannot wait longer than 24 days. */
const PATIENCE = 5;
const LEAST_MS = 6 * 3_600_000;
const MOST_MS = 14 * 86_400_000;
/** Where no rate was ever measured: what DRBD 8 takes when nobody says otherwise. Source: c-max-rate 100 MiB/s, resync-rate 250 KiB/s. */
const SLOW_BYTES_PER_SEC = 4 * 2 ** 20;
/** The record's times are the nodes', translated. */
const CLOCKS_MS = 5_000;

export const VolumeNumber = z.number().int().min(0).max(65_535);
const Args = z.object({ resource: DrbdName, volume: VolumeNumber, peer: NodeName.nullable().default(null) });

/** Compares the copies of a mirror block by block, while it is used. */
export const drbdVerify = defineCommand({
  verb: "drbd.verify",
  does: "DRBD compares the copies block by block while the mirror is in use. What differs is marked and recorded, never repaired.",
  args: Args,
  needs: "operator",
  // It moves nothing: a standby may be asked for meanwhile, and is warned of it.
  isDisruptive: false,
  guards: VERIFYING,
  title: (args) => `Verify ${nameOf(args)}${args.peer === null ? "" : ` with ${args.peer}`}`,
  typedName: nameOf,
  about: ({ resource, volume }) => [keyOf.mirror(resource, volume)],
  offer(view, key) {
    const mirror = view.get(key);
    if (mirror?.kind !== "mirror" || mirror.copies.length < 2) return null;
    const { resource, volume, copies } = mirror;
    const nodes = copies.map(({ node }) => node);
    const choices = nodes.map((value) => ({ value, label: value, refusal: null }));
    return {
      args: { resource, volume },
      title: `Verify ${mirrorName(mirror)}`,
      fields: copies.length > 2 ? [{ name: "peer", label: "Only with the copy on", kind: "choice", isRequired: false, choices }] : [],
      refusal: DrbdName.safeParse(resource).success ? null : `DRBD's own name of ${resource} is not known here.`,
    };
  },
  touched: (view, args) => ({
    from: null,
    to: args.peer,
    isWholeNode: false,
    resources: [],
    mirrors: mirrorFor(view, args) ? [keyOf.mirror(args.resource, args.volume)] : [],
  }),
  steps(view, args) {
    const { resource, volume, peer } = args;
    return [verifyPair(view, args)?.step ?? { kind: "drbdVerify", resource, volume, peer, generation: "9" }];
  },
  plan(view, args, steps): PlanItem[] {
    const pair = verifyPair(view, args);
    const name = nameOf(args);
    const before = recordOf(view, args);
    const known = new Set([before?.running?.id, before?.last?.id]);
    const hasBegun = (now: View) => {
      const record = recordOf(now, args);
      return isComparing(now, args) || [record?.running?.id, record?.last?.id].some((id) => id !== undefined && !known.has(id));
    };
    const size = mirrorFor(view, args)?.sizeBytes ?? null;
    const rate = measuredRate(view, args)?.bytesPerSec ?? SLOW_BYTES_PER_SEC;
    const withinMs = Math.min(MOST_MS, Math.max(LEAST_MS, size === null ? MOST_MS : (PATIENCE * size * 1000) / rate));
    return [
      ...steps.map((step) => ({ step })),
      {
        says: `${pair?.starter ?? "DRBD"} compares ${name}${pair ? ` with ${joinWords(pair.peers)}` : ""}`,
        until: hasBegun,
        withinMs: SEEN_MS,
        stuck: (now) => (hasBegun(now) ? null : "DRBD took the command and compares nothing: see whether both copies have their disk."),
      },
      {
        says: `${name} is compared to its end`,
        until: (now) => !isComparing(now, args),
        withinMs,
      },
    ];
  },
  settled: (view, args) => !isComparing(view, args) && (recordOf(view, args)?.running ?? null) === null,
  undo: () => null,
  actingNode: (args, view) => verifyPair(view, args)?.starter ?? null,
  // One end that is heard tells: the other may have died over it.
  isTold: isVerifyTold,
  end: endOf,
  stop: ({ resource, volume }) => ({ verb: "drbd.verifyStop", args: { resource, volume }, title: "Stop the verify" }),
});

function nameOf({ resource, volume }: Pick<VerifyArgs, "resource" | "volume">): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}

function recordOf(view: View, { resource, volume }: VerifyArgs): EntityOf<"verify"> | null {
  const record = view.get(keyOf.verify(resource, volume));
  return record?.kind === "verify" ? record : null;
}

/** By the word of any end that is heard now: with a silent starter its peer still says VerifyT. */
function isComparing(view: View, args: VerifyArgs): boolean {
  const mirror = mirrorFor(view, args);
  if (!mirror) return false;
  return mirror.copies.some(
    ({ node }) =>
      isDrbdHeard(view, node) &&
      (sideOf(view, mirror, node)?.device.peers ?? []).some(
        ({ name, replication }) =>
          /^Verify[ST]$/.test(replication) && (args.peer === null || [name, node].includes(args.peer) || name === null),
      ),
  );
}

/** As the record says it; where there is none, only what the mirror shows: never that it was clean. */
function endOf(view: View, args: VerifyArgs, sinceMs: number): End {
  const last = recordOf(view, args)?.last;
  if (last && last.startedAtMs >= sinceMs - CLOCKS_MS && last.result !== null) {
    const says = last.says ?? `Verify of ${nameOf(args)}: ${last.result}.`;
    switch (last.result) {
      case "clean":
      case "differs":
        return { outcome: "done", says };
      case "aborted":
        return { outcome: "failed", says };
      case "refused":
        return { outcome: "refused", says };
      case "unknown":
        return { outcome: "unknown", says };
      default: {
        const never: never = last.result;
        return never;
      }
    }
  }
  // Records are kept, and none is of it.
  if (recordOf(view, args) !== null)
    return { outcome: "unknown", says: `Verify of ${nameOf(args)}: none was seen that began then. Look at the kernel logs of its nodes.` };
  const mirror = mirrorFor(view, args);
  const pair = verifyPair(view, args);
  const cut = mirror && pair ? pairsOf(pair).filter(({ line }) => line === "cut" || line === "old") : [];
  const [first] = cut;
  if (first) {
    const how = `${first.a} and ${first.b}: ${first.said.word}`;
    return {
      outcome: "failed",
      says: `Verify of ${nameOf(args)}: aborted (${how}). What it compared until then proves nothing of the rest.`,
    };
  }
  const marked = Math.max(0, ...(mirror?.pairs ?? []).map(({ outOfSyncBytes }) => outOfSyncBytes ?? 0));
  const found = marked === 0 ? "nothing is marked out of sync" : `${formatBytes(marked)} are marked out of sync`;
  return {
    outcome: "unknown",
    says: `Verify of ${nameOf(args)}: it ended, and ${found}. Only the kernel log says whether it came to the end.`,
  };
}
