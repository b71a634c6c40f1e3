// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ReadingError } from "./errors";
import { Aoe } from "./model/aoe";
import { Bonding } from "./model/bonding";
import { Corosync } from "./model/corosync";
import { Dlm } from "./model/dlm";
import { Drbd } from "./model/drbd";
import { HostFacts } from "./model/host";
import { Iscsi } from "./model/iscsi";
import { KernelLog } from "./model/kernel-log";
import { Md } from "./model/md";
import { Mounts } from "./model/mounts";
import { Ocfs2 } from "./model/ocfs2";
import { Pacemaker } from "./model/pacemaker";
import { Versions } from "./model/versions";
import { Zfs } from "./model/zfs";

/** The closed list of what an agent reads. A new source is one model file, one line here and one in `Readings` below. */
export const SOURCES = {
  drbd: Drbd,
  bonding: Bonding,
  aoe: Aoe,
  pacemaker: Pacemaker,
  host: HostFacts,
  kernelLog: KernelLog,
  versions: Versions,
  md: Md,
  iscsi: Iscsi,
  corosync: Corosync,
  mounts: Mounts,
  zfs: Zfs,
  ocfs2: Ocfs2,
  dlm: Dlm,
} as const;

export const SourceName = z.object(SOURCES).keyof();
export type SourceName = z.infer<typeof SourceName>;

/** What an agent reads whose hello does not say it: the sources of the first release. */
export const FIRST_SOURCES: readonly SourceName[] = ["drbd", "bonding", "aoe", "pacemaker", "host", "kernelLog"];

/**
 * One attempt to read one source. Three outcomes that are never mixed up:
 * it is there and this is it; it is not on this node; it is there but could not be read.
 */
function readingOf<S extends z.ZodType>(model: S) {
  return z.discriminatedUnion("status", [
    z.object({ status: z.literal("ok"), takenAtMs: z.number().int(), value: model }),
    z.object({ status: z.literal("absent"), takenAtMs: z.number().int() }),
    z.object({ status: z.literal("failed"), takenAtMs: z.number().int(), error: ReadingError }),
  ]);
}

/** All readings of one node; a source not asked for is missing. */
export const Readings = z.object({
  drbd: readingOf(SOURCES.drbd).optional(),
  bonding: readingOf(SOURCES.bonding).optional(),
  aoe: readingOf(SOURCES.aoe).optional(),
  pacemaker: readingOf(SOURCES.pacemaker).optional(),
  host: readingOf(SOURCES.host).optional(),
  kernelLog: readingOf(SOURCES.kernelLog).optional(),
  versions: readingOf(SOURCES.versions).optional(),
  md: readingOf(SOURCES.md).optional(),
  iscsi: readingOf(SOURCES.iscsi).optional(),
  corosync: readingOf(SOURCES.corosync).optional(),
  mounts: readingOf(SOURCES.mounts).optional(),
  zfs: readingOf(SOURCES.zfs).optional(),
  ocfs2: readingOf(SOURCES.ocfs2).optional(),
  dlm: readingOf(SOURCES.dlm).optional(),
});

/** The value a source delivers. */
export type SourceValue<N extends SourceName> = z.infer<(typeof SOURCES)[N]>;
/** The reading of one source. */
export type Reading<N extends SourceName = SourceName> =
  | { status: "ok"; takenAtMs: number; value: SourceValue<N> }
  | { status: "absent"; takenAtMs: number }
  | { status: "failed"; takenAtMs: number; error: ReadingError };
/** Readings by the name of their source. */
export type Readings = { [N in SourceName]?: Reading<N> | undefined };
