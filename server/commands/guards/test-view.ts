// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import { type Entity, type EntityOf, keyOf, type Level, type Said, type View } from "@/agent/protocol/console/view";
import type { StepPreview } from "@/agent/protocol/steps";
import type { Guard, GuardContext, Touched } from "../define";
import { leaving, STANDING } from "../look";

// Fixed values for tests; nothing that runs imports this file.

export const T0 = 1_700_000_000_000;

export const said = (level: Level, word: string, why: string | null = null): Said => ({ level, word, why });

type Part<K extends Entity["kind"]> = Partial<Omit<EntityOf<K>, "kind">>;

export function cluster(
  part: Part<"cluster"> = {},
  pacemaker: Partial<NonNullable<EntityOf<"cluster">["pacemaker"]>> = {},
): EntityOf<"cluster"> {
  return {
    kind: "cluster",
    slug: "san-a",
    title: "san-a",
    environment: "PROD",
    madeOf: "2 nodes",
    headline: said("ok", "Nothing known is wrong"),
    sinceMs: null,
    pacemaker: {
      from: { node: "ruby", source: "pacemaker" },
      version: "2.1.5",
      dc: "ruby",
      quorum: said("ok", "quorate"),
      fencing: said("ok", "on"),
      maintenance: false,
      featureSet: "3.16.2",
      ...pacemaker,
    },
    dissent: [],
    ...part,
  };
}

export function node(name: string, part: Part<"node"> = {}): EntityOf<"node"> {
  return {
    kind: "node",
    name,
    role: "member",
    link: "live",
    lastWordAtMs: T0,
    linkSinceMs: T0 - 60_000,
    state: said("ok", "online"),
    opinions: [],
    isDc: false,
    carries: said("ok", "Nothing runs on it."),
    host: null,
    drbdVersion: "8.4.11",
    agentVersion: "0.1.0",
    bootedAtMs: null,
    steps: [
      "standby",
      "prefer",
      "ban",
      "clear",
      "managed",
      "maintenance",
      "cleanup",
      "fence",
      "aoeDiscover",
      "drbdVerify",
      "drbdVerifyStop",
    ],
    ...part,
  };
}

export function source(
  of: string,
  name: EntityOf<"source">["source"],
  part: Omit<Part<"source">, "node" | "source"> = {},
): EntityOf<"source"> {
  return {
    kind: "source",
    node: of,
    source: name,
    status: "ok",
    error: null,
    freshness: "live",
    takenAtMs: T0,
    okAtMs: T0,
    everyMs: 2_000,
    how: name,
    unread: [],
    ...part,
  };
}

type Copy = EntityOf<"mirror">["copies"][number];
type Pair = EntityOf<"mirror">["pairs"][number];

export function copy(of: string, part: Partial<Copy> = {}): Copy {
  return {
    node: of,
    drbd: keyOf.drbd("store", 0, of),
    role: "Secondary",
    disk: "UpToDate",
    said: said("ok", "UpToDate"),
    syncedPercent: null,
    ...part,
  };
}

export function pair(a: string, b: string, part: Partial<Pair> = {}): Pair {
  return {
    a,
    b,
    said: said("ok", "in sync"),
    aSays: "Connected, Established",
    bSays: "Connected, Established",
    line: "connected",
    progress: null,
    towards: null,
    outOfSyncBytes: 0,
    ...part,
  };
}

/** `store`: Primary on ruby, in sync on crystal. */
export function mirror(resource: string, part: Part<"mirror"> = {}): EntityOf<"mirror"> {
  return {
    kind: "mirror",
    resource,
    volume: 0,
    device: "drbd0",
    protocol: "C",
    sizeBytes: 2 ** 41,
    copies: [copy("crystal"), copy("ruby", { role: "Primary" })],
    pairs: [pair("crystal", "ruby")],
    said: said("ok", "in sync"),
    meaning: [],
    holders: ["crystal", "ruby"],
    onlyHolder: null,
    ...part,
  };
}

/** `store` while crystal is brought up from ruby. */
export function resyncing(resource = "store", progress: Partial<NonNullable<Pair["progress"]>> = {}): EntityOf<"mirror"> {
  return mirror(resource, {
    copies: [copy("crystal", { disk: "Inconsistent", said: said("busy", "Inconsistent") }), copy("ruby", { role: "Primary" })],
    pairs: [
      pair("crystal", "ruby", {
        said: said(progress.stalled ? "risk" : "busy", "resync to crystal"),
        line: "resync",
        towards: "crystal",
        progress: {
          kind: "resync",
          percent: 61.4,
          leftBytes: 1,
          totalBytes: 3,
          rateBytesPerSec: 1,
          etaSeconds: 840,
          stalled: false,
          ...progress,
        },
      }),
    ],
    said: said("busy", "resync 61 %"),
    holders: ["ruby"],
    onlyHolder: "ruby",
  });
}

/** `store` held by ruby alone, with nothing moving. */
export function lonely(disk = "Outdated", role = "Primary"): EntityOf<"mirror"> {
  return mirror("store", {
    copies: [copy("crystal", { disk, said: said("risk", disk) }), copy("ruby", { role })],
    pairs: [pair("crystal", "ruby", { said: said("risk", "not connected"), line: "cut" })],
    said: said("risk", "only ruby holds it"),
    holders: ["ruby"],
    onlyHolder: "ruby",
  });
}

export function resource(id: string, on: string | null, part: Part<"resource"> = {}): EntityOf<"resource"> {
  return {
    kind: "resource",
    from: { node: "ruby", source: "pacemaker" },
    id,
    type: "primitive",
    parents: [],
    children: [],
    agent: "ocf:heartbeat:Dummy",
    places: on === null ? [] : [{ node: on, role: "Started", said: said("ok", "started") }],
    said: on === null ? said("absent", "stopped") : said("ok", "started"),
    opinions: [],
    failures: [],
    ...part,
  };
}

export function constraint(id: string, more: Partial<EntityOf<"constraint">["constraint"]> = {}): EntityOf<"constraint"> {
  return {
    kind: "constraint",
    from: { node: "ruby", source: "pacemaker" },
    constraint: {
      id,
      kind: "location",
      resource: "g_mail",
      with: null,
      node: "crystal",
      score: "-INFINITY",
      role: null,
      rule: null,
      ...more,
    },
    said: said("risk", "banned from crystal"),
  };
}

export function fencing(target: string, status: string, more: Partial<EntityOf<"fencing">["fencing"]> = {}): EntityOf<"fencing"> {
  const level = status === "success" ? "ok" : status === "pending" ? "busy" : "bad";
  return {
    kind: "fencing",
    from: { node: "ruby", source: "pacemaker" },
    fencing: {
      target,
      action: "reboot",
      status,
      delegate: "crystal",
      client: null,
      origin: null,
      completed: null,
      exitReason: null,
      ...more,
    },
    said: said(level, status),
  };
}

export function run(id: string, more: Partial<Run> = {}): EntityOf<"run"> {
  return {
    kind: "run",
    id,
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    about: ["node:ruby"],
    by: "anna",
    isDisruptive: true,
    startedAtMs: T0 - 20_000,
    endedAtMs: null,
    phases: [],
    outcome: null,
    says: null,
    undo: null,
    ...more,
  };
}

let others = 0;

function keyFor(entity: Entity): string {
  switch (entity.kind) {
    case "node":
      return keyOf.node(entity.name);
    case "source":
      return keyOf.source(entity.node, entity.source);
    case "mirror":
      return keyOf.mirror(entity.resource, entity.volume);
    case "resource":
      return keyOf.resource(entity.id);
    case "constraint":
      return keyOf.constraint(entity.constraint.id);
    case "drbd":
      return keyOf.drbd(entity.resource, entity.volume, entity.from.node);
    case "verify":
      return keyOf.verify(entity.resource, entity.volume);
    case "run":
      return keyOf.run(entity.id);
    case "cluster":
      return keyOf.cluster;
    case "maintenance":
      return keyOf.maintenance(entity.node);
    default:
      others += 1;
      return `${entity.kind}:${others}`;
  }
}

/** ruby and crystal, heard and read, with one mirror and g_mail on ruby: nothing wrong. Later entities replace those of the same key. */
export function viewOf(...more: readonly Entity[]): View {
  const calm: Entity[] = [
    cluster(),
    node("ruby", { isDc: true }),
    node("crystal"),
    ...["ruby", "crystal"].flatMap((name) => [source(name, "pacemaker"), source(name, "drbd")]),
    mirror("store"),
    resource("g_mail", "ruby"),
  ];
  return new Map([...calm, ...more].map((entity) => [keyFor(entity), entity]));
}

/** The same view without what stands under these keys. */
export function without(view: View, ...keys: readonly string[]): View {
  return new Map([...view].filter(([key]) => !keys.includes(key)));
}

export const NOTHING: Touched = { from: null, to: null, isWholeNode: false, resources: [], mirrors: [] };

export function context(view: View, touched: Touched, more: Partial<GuardContext> = {}): GuardContext {
  return {
    view,
    nowMs: T0,
    asker: { user: "anna", role: "admin" },
    preview: null,
    touched,
    kinds: ["standby"],
    verb: "node.standby",
    title: "Standby ruby",
    runId: null,
    ...more,
  };
}

/** ruby goes: standby, unless said otherwise. */
export function rubyGoes(view: View, more: Partial<GuardContext> = {}): GuardContext {
  return context(view, leaving(view, "ruby"), more);
}

/** The standing verdict's look at ruby. */
export function standing(view: View): GuardContext {
  return rubyGoes(view, { verb: STANDING });
}

/** g_mail is to go to crystal, with the mirror under it. */
export function mailMoves(view: View, more: Partial<GuardContext> = {}, touched: Partial<Touched> = {}): GuardContext {
  const moved = { from: "ruby", to: "crystal", isWholeNode: false, resources: ["g_mail"], mirrors: [keyOf.mirror("store", 0)], ...touched };
  return context(view, moved, { verb: "resource.move", title: "Move g_mail to crystal", ...more });
}

/** What was simulated: one step. */
export function simulated(part: Partial<StepPreview>): StepPreview[] {
  return [{ commands: [], change: null, isSame: false, actions: [], operations: [], placements: [], fenceDevices: null, ...part }];
}

export function action(
  resource: string | null,
  does: string,
  more: Partial<StepPreview["actions"][number]> = {},
): StepPreview["actions"][number] {
  return { resource, action: does, node: null, to: null, role: null, nextRole: null, reason: null, ...more };
}

/** What a guard says, a line each: "block …". */
export function says(guard: Guard, of: GuardContext): string[] {
  return guard.check(of).map(({ level, message }) => `${level} ${message}`);
}
