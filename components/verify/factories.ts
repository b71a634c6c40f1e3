// SPDX-License-Identifier: Apache-2.0
import type {
  VerifyComparison,
  VerifyDetail,
  VerifyOverview,
  VerifyRecord,
  VerifySchedule,
  VerifySummary,
} from "@/agent/protocol/console/verify";
import type { EntityOf } from "@/agent/protocol/console/view";
import { NOW_MS, type Part, said } from "@/components/factories";

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/** A clean run of store, twelve days ago, asked for by anna. */
export function verifySummary(part: Partial<VerifySummary> = {}): VerifySummary {
  return {
    id: "v1",
    cluster: "san-a",
    resource: "store",
    volume: 0,
    starter: "ruby",
    peer: "crystal",
    cause: "person",
    by: "anna",
    run: null,
    schedule: null,
    startedAtMs: NOW_MS - 12 * DAY_MS - 3_420_000,
    endedAtMs: NOW_MS - 12 * DAY_MS,
    result: "clean",
    percent: 100,
    says: "Clean: the whole device was compared.",
    sizeBytes: 400 * GIB,
    rateBytesPerSec: 120 * 2 ** 20,
    differsBytes: 0,
    outOfSync: [],
    ...part,
  };
}

/** The same, which found three blocks. */
export function differing(part: Partial<VerifySummary> = {}): VerifySummary {
  const outOfSync = [
    { node: "ruby", beforeBytes: 8_192, afterBytes: 12_288 },
    { node: "crystal", beforeBytes: null, afterBytes: 12_288 },
  ];
  return verifySummary({ id: "v3", result: "differs", says: "Differs in 3 places.", differsBytes: 12_288, outOfSync, ...part });
}

/** A run under way since ten minutes. */
export function runningVerify(part: Partial<VerifySummary> = {}): VerifySummary {
  return verifySummary({
    id: "v9",
    startedAtMs: NOW_MS - 600_000,
    endedAtMs: null,
    result: null,
    percent: null,
    says: null,
    rateBytesPerSec: null,
    differsBytes: null,
    ...part,
  });
}

export type OverviewMirror = VerifyOverview["mirrors"][number];

export function overviewMirror(resource: string, part: Partial<OverviewMirror> = {}): OverviewMirror {
  const last = part.last === undefined ? verifySummary({ id: `v-${resource}`, resource }) : part.last;
  return {
    cluster: "san-a",
    resource,
    volume: 0,
    sizeBytes: 400 * GIB,
    versions: "8.4.11",
    cleanAtMs: last?.result === "clean" ? last.endedAtMs : null,
    running: null,
    queued: null,
    next: null,
    trend: last === null ? [] : [last],
    refusal: null,
    ...part,
    last,
  };
}

export function overview(mirrors: OverviewMirror[], part: Partial<VerifyOverview> = {}): VerifyOverview {
  return { atMs: NOW_MS, limitDays: 30, mirrors, queue: [], ...part };
}

export function verify(resource: string, part: Part<"verify"> = {}): EntityOf<"verify"> {
  const last = verifySummary({ id: `v-${resource}`, resource });
  return {
    kind: "verify",
    resource,
    volume: 0,
    said: said("ok", "clean"),
    cleanAtMs: last.endedAtMs,
    last,
    running: null,
    queued: null,
    next: null,
    ...part,
  };
}

export function verifyRecord(part: Partial<VerifyRecord> = {}): VerifyRecord {
  return {
    ...differing(),
    algorithm: "sha1",
    versions: [
      { node: "crystal", version: "8.4.11" },
      { node: "ruby", version: "8.4.11" },
    ],
    ranges: [
      { startSector: 153_512_960, sectors: 8 },
      { startSector: 517_577_216, sectors: 8 },
      { startSector: 712_193_024, sectors: 8 },
    ],
    rangesNotKept: 0,
    accepted: [],
    lines: [{ node: "ruby", atMs: NOW_MS - 12 * DAY_MS, text: "block drbd1: Out of sync: start=153512960, size=8 (sectors)" }],
    ...part,
  };
}

export function comparison(part: Partial<VerifyComparison> = {}): VerifyComparison {
  return {
    runs: [
      { id: "v1", startedAtMs: NOW_MS - 39 * DAY_MS, result: "differs", reachedSector: null },
      { id: "v2", startedAtMs: NOW_MS - 23 * DAY_MS, result: "aborted", reachedSector: 343_932_928 },
      { id: "v3", startedAtMs: NOW_MS - 12 * DAY_MS, result: "differs", reachedSector: null },
    ],
    places: [
      { startSector: 153_512_960, sectors: 8, said: ["differs", "differs", "differs"] },
      { startSector: 517_577_216, sectors: 8, said: ["differs", "not reached", "differs"] },
      { startSector: 712_193_024, sectors: 8, said: ["same", "not reached", "differs"] },
    ],
    placesNotShown: 0,
    sameBlocks: 2,
    newBlocks: 1,
    title: "2 of 3 places are the same as on 12 Oct",
    meaning: "The same blocks twice points to a disk or controller, not to buffers changed in flight.",
    ...part,
  };
}

export function verifyDetail(part: Partial<VerifyDetail> = {}): VerifyDetail {
  return { atMs: NOW_MS, record: verifyRecord(), comparison: comparison(), ...part };
}

/** Sundays from 02:00 for four hours, of anna. */
export function schedule(part: Partial<VerifySchedule> = {}): VerifySchedule {
  return {
    id: "s1",
    cluster: "san-a",
    mirrors: [],
    cron: "0 2 * * 0",
    zone: "Europe/Berlin",
    windowMinutes: 240,
    isStoppedAtEnd: true,
    accept: [],
    isPaused: false,
    owner: "anna",
    createdAtMs: NOW_MS - 60 * DAY_MS,
    next: { opensAtMs: NOW_MS + 2 * DAY_MS, closesAtMs: NOW_MS + 2 * DAY_MS + 14_400_000 },
    last: { atMs: NOW_MS - 5 * DAY_MS, says: "store and mail were clean." },
    ...part,
  };
}
