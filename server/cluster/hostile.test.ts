// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Entity, type From, keyOf, type Said, type View } from "@/agent/protocol/console/view";
import { decode } from "@/agent/protocol/decode";
import { Readings, SOURCES } from "@/agent/protocol/sources";
import { timing } from "@/agent/protocol/timing";
import { aoeDevice, around, bond, cluster, drbd, enrolled, port, resource, T0, target } from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { linkFreshness, standingOf } from "./freshness";
import { calmPacemaker, pair, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";
import { type Happening, reduce } from "./reduce";
import { sameButAge } from "./same";

// Readings of any shape the contract allows, made from its own schemas; words are often the kernel's, so that paths are met.
const ANY_WORD = ["ruby", "crystal", "store", "g", "up", "down", "Connected", "UpToDate", "Started", "-INFINITY", "52:54:00:00:01:00"];
const FIELD_WORDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(["node", "nodes", "dc", "peer", "target", "delegate"].map((field) => [field, ["ruby", "crystal", "jade"]])),
  name: ["ruby", "crystal", "jade", "idmz", "idmz1", "e1p1", "e0.1"],
  id: ["g", "c", "p:0", "p:1", "ip", "cli-ban-g-on-ruby"],
  parents: ["g", "c"],
  parent: ["idmz", "idmz1"],
  resource: ["store", "mail", "g", "ip"],
  address: ["10.0.0.1", "10.0.0.2"],
  connection: ["Connected", "Connected", "Connecting", "WFConnection", "StandAlone", "NetworkFailure", "Dozing"],
  replication: [
    "Established",
    "Established",
    "Off",
    "SyncSource",
    "SyncTarget",
    "PausedSyncS",
    "VerifyS",
    "VerifyT",
    "WFBitMapS",
    "Ahead",
    "Dreaming",
  ],
  disk: ["UpToDate", "UpToDate", "Inconsistent", "Diskless", "Outdated", "DUnknown", "Foggy"],
  role: ["Primary", "Secondary", "Unknown", "Started", "Started", "Stopped", "Promoted", "Slave", "Starting", "Sleeping"],
  link: ["up", "up", "down", "going back", "wobbling"],
  mode: ["IEEE 802.3ad Dynamic link aggregation", "adaptive load balancing"],
  mac: ["52:54:00:00:01:00", "52:54:00:00:02:00"],
  partnerMac: ["52:54:00:00:01:00", "00:00:00:00:00:00"],
  state: ["up", "up", "down", "down,closewait", "sideways"],
};
/** Flags that are mostly off: so that calm states are met as well. */
const RARE = new Set([
  "failed",
  "blocked",
  "orphaned",
  "suspended",
  "unconfigured",
  "pending",
  "unclean",
  "shutdown",
  "standby",
  "maintenance",
  "onOfflineNode",
  "stalled",
]);

interface Schema {
  type?: string | string[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  pattern?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  additionalProperties?: Schema | undefined;
}
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    additionalProperties: Schema.optional().catch(undefined),
  }),
);

function anyOf(schema: Schema, field = ""): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => anyOf(choice, field)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => anyOf({ ...schema, type }, field)));
  switch (schema.type) {
    case "object": {
      const shape = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, anyOf(value, key)]));
      if (Object.keys(shape).length === 0 && schema.additionalProperties)
        return fc.dictionary(fc.constantFrom(...ANY_WORD), anyOf(schema.additionalProperties), { maxKeys: 3 });
      return fc.record(shape, { requiredKeys: (schema.required ?? []).filter((key) => key in shape) });
    }
    case "array":
      return fc.array(anyOf(schema.items ?? {}, field), { maxLength: 3 });
    case "string":
      return schema.pattern
        ? fc.stringMatching(new RegExp(schema.pattern))
        : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...(FIELD_WORDS[field] ?? ANY_WORD)) }, fc.string({ maxLength: 8 }));
    case "integer":
    case "number": {
      const low = Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1);
      const high = Math.min(schema.maximum ?? 2 ** 42, 2 ** 42);
      return fc.oneof(fc.integer({ min: low, max: Math.min(high, low + 3) }), fc.integer({ min: low, max: high }));
    }
    case "boolean":
      return RARE.has(field) ? fc.integer({ min: 0, max: 9 }).map((count) => count === 0) : fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.constant(null);
  }
}

function ofSchema<S extends z.ZodType>(schema: S): fc.Arbitrary<z.infer<S>> {
  const shape = decode(Schema, z.toJSONSchema(schema));
  if (!shape.ok) throw new Error(shape.error);
  return anyOf(shape.value).map((made) => {
    const decoded = decode(schema, made);
    if (!decoded.ok) throw new Error(`made what the schema refuses: ${decoded.error}`);
    return decoded.value;
  });
}

const NODES = ["ruby", "crystal", "jade"];

/** Frames of three nodes, in any order, with anything in them. */
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: factOf() },
  fc.constantFrom<Happening>(...NODES.map((node) => ({ type: "linked" as const, node, agentVersion: "0.1.0" }))),
  fc.constantFrom<Happening>(...NODES.map((node) => ({ type: "unlinked" as const, node }))),
);

function factOf(): fc.Arbitrary<Happening> {
  const readings = ofSchema(Readings);
  const source = fc.constantFrom("drbd", "bonding", "aoe", "pacemaker", "host", "kernelLog" as const);
  return fc
    .record({
      node: fc.constantFrom(...NODES),
      source,
      readings,
      atMs: fc.integer({ min: T0, max: T0 + 60_000 }),
      isTelemetry: fc.boolean(),
    })
    .map(({ node, source, readings, atMs, isTelemetry }): Happening => {
      const name = z.enum(["drbd", "bonding", "aoe", "pacemaker", "host", "kernelLog"]).parse(source);
      if (isTelemetry) return { type: "frame", node, frame: { type: "telemetry", source: name, readings } };
      return { type: "frame", node, frame: { type: "fact", journalId: "j", seq: 1, atMs, source: name, readings } };
    });
}

function fold(happenings: readonly Happening[], restart: (facts: ClusterFacts) => ClusterFacts = (facts) => facts) {
  const texts: string[] = [];
  let facts = cluster(...NODES.map((node) => enrolled(node, node === "jade" ? "client" : "member")));
  for (const node of NODES) facts = reduce(facts, { type: "linked", node, agentVersion: "0.1.0" }, T0).facts;
  for (const one of happenings) {
    const folded = reduce(facts, one, T0 + 60_000);
    facts = restart(folded.facts);
    if (one.type === "frame") texts.push(...folded.events.map(({ subject, text }) => `${subject} | ${text}`));
  }
  return { facts, texts };
}

/** Readings that count as made just now, so that only links and failures decide. */
function readNow(facts: ClusterFacts): ClusterFacts {
  const fresh = (node: NodeFacts): NodeFacts => {
    const pulse = {
      type: "pulse" as const,
      sentAtMs: T0 + 60_000,
      read: Object.fromEntries(Object.keys(SOURCES).map((name) => [name, { takenAtMs: T0 + 60_000, everyMs: 2_000 }])),
    };
    const folded = reduce(cluster(node), { type: "frame", node: node.node, frame: pulse }, T0 + 60_000);
    return folded.facts.nodes.get(node.node) ?? node;
  };
  return { ...facts, nodes: new Map([...facts.nodes].map(([name, node]) => [name, node.lastWordAtMs === null ? node : fresh(node)])) };
}

const RUNS = { numRuns: 300 };
const when = around(T0 + 60_000);

function isCurrent(facts: ClusterFacts, { node, source }: From): boolean {
  const known = facts.nodes.get(node);
  return known !== undefined && standingOf(known, source, when.nowMs, timing()).isCurrent;
}

/** Everything that is called good, by its key, though nobody current says so. */
function falseGreens(facts: ClusterFacts, view: View): string[] {
  const wrong: string[] = [];
  const current = (node: string) => isCurrent(facts, { node, source: "drbd" });
  for (const [key, entity] of view) {
    if ("from" in entity && "said" in entity && entity.said.level === "ok" && !isCurrent(facts, entity.from)) wrong.push(key);
    if (entity.kind === "mirror") {
      const heard = entity.copies.filter((copy) => copy.drbd !== null && current(copy.node));
      if (entity.said.level === "ok" && heard.length === 0) wrong.push(key);
      for (const copy of entity.copies)
        if (copy.said.level === "ok" && (copy.drbd === null ? heard.length === 0 : !current(copy.node))) wrong.push(`${key} ${copy.node}`);
      for (const pair of entity.pairs)
        if (pair.said.level === "ok" && !current(pair.a) && !current(pair.b)) wrong.push(`${key} ${pair.a} ${pair.b}`);
    }
    if (entity.kind === "node" && entity.link !== "live" && (entity.state.level === "ok" || entity.carries.level === "ok")) wrong.push(key);
    if (entity.kind === "resource" && entity.said.level === "ok") {
      const value = facts.nodes.get(entity.from.node)?.sources.pacemaker?.lastOk?.value;
      if (value?.quorate !== true) wrong.push(`${key} without quorum`);
    }
  }
  const whole = view.get(keyOf.cluster);
  if (whole?.kind === "cluster" && whole.headline.level === "ok") {
    wrong.push(...doubtful(view).map((key) => `headline over ${key}`));
    for (const node of facts.nodes.values()) {
      if (linkFreshness(node, when.nowMs, timing()) !== "live") wrong.push(`headline without ${node.node}`);
      for (const source of Object.values(node.sources)) if (source.reading.status === "failed") wrong.push("headline over a failed source");
    }
  }
  return wrong;
}

/** What is not known, old or bad: over none of it may a cluster be called calm. */
function doubtful(view: View): string[] {
  const isDoubtful = ({ level }: Said) => level === "unknown" || level === "old" || level === "bad";
  return [...view].flatMap(([key, entity]) => {
    switch (entity.kind) {
      case "cluster":
        return entity.pacemaker && isDoubtful(entity.pacemaker.quorum) ? [key] : [];
      case "node":
        return isDoubtful(entity.state) ? [key] : [];
      case "mirror":
      case "drbd":
      case "bond":
      case "aoe":
        return isDoubtful(entity.said) ? [key] : [];
      case "resource":
        return entity.parents.length === 0 && isDoubtful(entity.said) ? [key] : [];
      default:
        return [];
    }
  });
}

/** Findings about nothing in the view, or without words. */
function unfoundedFindings(view: View): string[] {
  return [...view].flatMap(([key, entity]) => {
    if (entity.kind !== "finding") return [];
    const isFounded = entity.about.some((about) => view.has(about)) && view.has(entity.about[0] ?? "");
    return isFounded && entity.title !== "" && entity.why !== "" ? [] : [key];
  });
}

describe("whatever the agents say", () => {
  it("there is a view, it fits the contract, and nothing unheard is good in it", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 14 }), fc.boolean(), (happenings, isFresh) => {
        const { facts: folded } = fold(happenings);
        const facts = isFresh ? readNow(folded) : folded;
        const view = project(facts, when, new Map());
        for (const [key, entity] of view) {
          const decoded = decode(Entity, entity);
          if (!decoded.ok) throw new Error(`${key}: ${decoded.error}`);
        }
        expect(falseGreens(facts, view)).toEqual([]);
        expect(unfoundedFindings(view)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("a calm headline stands over nothing that is not known, old or bad, one odd word among good ones included", () => {
    let calm = 0;
    const word = (field: string) => fc.constantFrom(...(FIELD_WORDS[field] ?? ANY_WORD));
    const odd = fc.record({
      of: fc.constantFrom("connection", "replication", "disk", "role", "link", "state", "service", "quorum", "none" as const),
      connection: word("connection"),
      replication: word("replication"),
      disk: word("disk"),
      link: word("link"),
      state: word("state"),
      role: word("role"),
      mac: fc.constantFrom("52:54:00:00:01:00", "52:54:00:00:09:00"),
      quorate: fc.constantFrom(true, false, null),
      isUnread: fc.boolean(),
    });
    fc.assert(
      fc.property(odd, (one) => {
        const of = <V>(name: string, now: V, otherwise: V): V => (one.of === name ? now : otherwise);
        const told = {
          ...calmPacemaker(),
          quorate: of("quorum", one.quorate, true),
          resources: [resource("g_mail", "ruby", { role: of("service", one.role, "Started") })],
        };
        const facts = pair(
          {
            pacemaker: told,
            drbd: drbd(
              [
                rubySide(
                  { disk: of("disk", one.disk, "UpToDate") },
                  {
                    connection: of("connection", one.connection, "Connected"),
                    replication: of("replication", one.replication, "Established"),
                    role: of("role", one.role, "Secondary"),
                  },
                ),
              ],
              { settings: [rubySettings] },
            ),
            bonding: { bonds: [bond("bond0", [port("eth0"), port("eth1", { link: of("link", one.link, "up") })])], unread: [] },
            aoe: {
              devices: of("state", [aoeDevice("e1.1", one.isUnread ? null : [target(one.mac)], { state: one.state })], []),
              exports: [],
              deadSeconds: null,
              unread: [],
            },
          },
          { pacemaker: told },
        );
        const view = project(facts, around(), new Map());
        const whole = view.get(keyOf.cluster);
        if (whole?.kind === "cluster" && whole.headline.level === "ok") {
          calm += 1;
          expect(doubtful(view)).toEqual([]);
        }
      }),
      RUNS,
    );
    expect(calm).toBeGreaterThan(0);
  });

  it("the next view keeps what did not change, and differs in ages only", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 8 }), (happenings) => {
        const { facts } = fold(happenings);
        const first = project(facts, when, new Map());
        const since = new Map(
          [...first].flatMap(([key, entity]) =>
            entity.kind === "finding" ? [[key.slice("finding:".length), entity.sinceMs] as const] : [],
          ),
        );
        const again = project(readAgain(facts), { ...when, findingSince: since }, first);
        expect([...again.keys()]).toEqual([...first.keys()]);
        for (const [key, entity] of again) {
          const before = first.get(key);
          if (entity.kind !== "cluster") expect(before && sameButAge(before, entity), key).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("a frame changes the facts of its own node only", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 8 }), happening, (happenings, last) => {
        const { facts } = fold(happenings);
        const after = reduce(facts, last, T0 + 60_000).facts;
        for (const [name, node] of after.nodes) if (name !== last.node) expect(node).toBe(facts.nodes.get(name));
      }),
      RUNS,
    );
  });

  it("the same frames give the same events, though every frame is followed by a restart", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 14 }), (happenings) => {
        const frames = happenings.filter((one) => one.type === "frame");
        expect(fold(frames, (facts) => structuredClone(facts)).texts).toEqual(fold(frames).texts);
      }),
      RUNS,
    );
  });
});

/** Equal facts in new objects: what a re-read that changed nothing leaves. */
function readAgain(facts: ClusterFacts): ClusterFacts {
  return structuredClone(facts);
}
