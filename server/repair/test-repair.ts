// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import { copy, mirror, node, pair, run, said, T0, viewOf } from "@/server/commands/guards/test-view";

// Fixed values for tests; nothing that runs imports this file.

/** mail: Primary on ruby; a verify marked 32 KiB; crystal's are overwritten. */
export const MAIL = { resource: "mail", volume: 0, from: "ruby", to: "crystal" } as const;
export const BYTES = 32_768;

type Mirror = EntityOf<"mirror">;
type Pair = Mirror["pairs"][number];

/** The line as it stands at each stage of a repair. */
export const LINES = {
  marked: { line: "differs", said: said("differs", "differs in 32 KiB"), outOfSyncBytes: BYTES },
  apart: { line: "cut", said: said("risk", "not connected", "crystal is StandAlone."), outOfSyncBytes: BYTES },
  moving: { line: "resync", said: said("busy", "resync to crystal"), towards: "crystal", outOfSyncBytes: 4_096 },
  same: { line: "connected", said: said("ok", "in sync"), outOfSyncBytes: 0 },
} as const satisfies Record<string, Partial<Pair>>;

export interface Scene {
  stage?: keyof typeof LINES;
  /** DRBD of ruby and crystal. */
  versions?: readonly [string, string];
  utils?: string | null;
  roles?: readonly [string, string];
  runs?: readonly Run[];
  mail?: Partial<Omit<Mirror, "kind">>;
  fencing?: string;
  more?: readonly Entity[];
}

function peerOf(name: string | null, stage: keyof typeof LINES, role: string, isStandAlone: boolean): DrbdPeer {
  const isApart = stage === "apart";
  return {
    name,
    connection: isApart ? (isStandAlone ? "StandAlone" : "Connecting") : "Connected",
    replication: isApart ? "Off" : "Established",
    role: isApart ? "Unknown" : role,
    disk: isApart ? "DUnknown" : "UpToDate",
    protocol: "C",
    outOfSyncBytes: LINES[stage].outOfSyncBytes,
    pausedBy: [],
    congested: null,
    progress: null,
  };
}

function side(of: string, other: string, scene: Required<Pick<Scene, "stage" | "versions" | "roles" | "fencing">>): EntityOf<"drbd"> {
  const isFirst = of === "ruby";
  const version = scene.versions[isFirst ? 0 : 1];
  const isNine = version.startsWith("9.");
  return {
    kind: "drbd",
    from: { node: of, source: "drbd" },
    resource: "mail",
    volume: 0,
    mirror: keyOf.mirror("mail", 0),
    device: {
      minor: 1,
      resource: "mail",
      volume: 0,
      role: scene.roles[isFirst ? 0 : 1],
      disk: "UpToDate",
      suspended: false,
      suspendedBy: [],
      unconfigured: false,
      activityLogSuspended: false,
      sizeBytes: 2 ** 30,
      cs: isNine ? null : "Connected",
      counters: null,
      peers: [peerOf(isNine ? other : null, scene.stage, scene.roles[isFirst ? 1 : 0], !isFirst)],
    },
    settings: {
      resource: "mail",
      volumes: [],
      connections: [
        { peer: other, local: null, remote: null, protocol: "C", verifyAlg: "crc32c", fencing: scene.fencing, allowTwoPrimaries: false },
      ],
    },
    said: said("ok", "UpToDate"),
  };
}

/** A whole view with that mirror in it. */
export function repairView({
  stage = "marked",
  versions = ["8.4.11", "8.4.11"],
  utils = "9.22.0",
  roles = ["Primary", "Secondary"],
  runs = [],
  mail = {},
  fencing = "dont-care",
  more = [],
}: Scene = {}): View {
  const own = { stage, versions, roles, fencing };
  const drbd = (name: string) => keyOf.drbd("mail", 0, name);
  const of = (name: string, version: string) =>
    node(name, {
      drbdVersion: version,
      isDc: name === "ruby",
      versions: utils === null ? [] : [{ what: "DRBD utilities", version: utils, differs: null }],
      steps: ["standby", "drbdDisconnect", "drbdConnect", "drbdTakeFromPeer"],
    });
  const view = viewOf(
    of("ruby", versions[0]),
    of("crystal", versions[1]),
    mirror("mail", {
      copies: [copy("crystal", { drbd: drbd("crystal"), role: roles[1] }), copy("ruby", { drbd: drbd("ruby"), role: roles[0] })],
      pairs: [pair("crystal", "ruby", LINES[stage])],
      holders: stage === "apart" ? ["ruby"] : ["crystal", "ruby"],
      ...mail,
    }),
    ...runs.map((one): Entity => ({ kind: "run", ...one })),
    ...more,
  );
  return new Map([...view, [drbd("ruby"), side("ruby", "crystal", own)], [drbd("crystal"), side("crystal", "ruby", own)]]);
}

/** A step of the repair that anna took so many minutes ago. */
export function repairRun(verb: string, minutesAgo: number, part: Partial<Run> = {}): Run {
  const atMs = T0 - minutesAgo * 60_000;
  return run(`${verb}-${minutesAgo}`, {
    ask: { verb, args: { ...MAIL } },
    title: verb,
    about: ["mirror:mail/0"],
    startedAtMs: atMs - 5_000,
    endedAtMs: atMs,
    outcome: "done",
    says: "done",
    ...part,
  });
}
