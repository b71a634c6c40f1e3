// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { Ask, GuardFinding, Run } from "@/agent/protocol/console/runs";
import type { VerifyScheduleChange, VerifySummary } from "@/agent/protocol/console/verify";
import { type Entity, keyOf, type View } from "@/agent/protocol/console/view";
import { openAuditJournal } from "@/server/audit/journal";
import { rowOf } from "@/server/audit/rows";
import { source } from "@/server/commands/guards/test-view";
import type { Asker } from "@/server/commands/previews";
import { temporaryDatabase } from "@/server/db/temporary-database";
import type { KeeperDeps } from "./keeper-deps";
import { createPlanning, type Planning, type PlanningDeps } from "./planning";
import type { Person } from "./schedules";
import { linked, moving } from "./test-mirrors";
import type { VerifyPlans } from "./verifies";

// Fixed values for tests; nothing that runs imports this file.

const GIB = 2 ** 30;
/** A Saturday noon; the window of WEEKLY opens thirteen hours later. */
export const NOON_MS = Date.parse("2026-12-05T12:00Z");
export const HOUR_MS = 3_600_000;
/** Sunday 02:00 in Berlin. */
export const OPENS_MS = NOON_MS + 13 * HOUR_MS;
export const CLOSES_MS = OPENS_MS + 4 * HOUR_MS;

export const WEEKLY: VerifyScheduleChange = {
  cluster: "san-a",
  mirrors: ["store/0", "mail/0"],
  cron: "0 2 * * SUN",
  zone: "Europe/Berlin",
  windowMinutes: 240,
  isStoppedAtEnd: false,
  accept: ["load"],
  isPaused: false,
};

export const finding = (guard: string, level: GuardFinding["level"], message = `${guard} says no.`): GuardFinding => ({
  guard,
  number: "1.1",
  level,
  message,
  about: [],
});

export interface Given {
  verb: string;
  mirror: string;
  by: string;
  role: UserRole;
  accept: readonly string[];
  reason: string | null;
}

/** A console with two mirrors on one link, `store` (the larger) and `mail`, whose commands and records are scripted. */
export async function testPlanning() {
  const { db, remove } = await temporaryDatabase();
  const clock = { nowMs: NOON_MS };
  const given: Given[] = [];
  const refused: { summary: VerifySummary; accepted: readonly string[] }[] = [];
  const expected: Parameters<PlanningDeps["verifies"]["expect"]>[0][] = [];
  const stopping: string[] = [];
  const logged: string[] = [];
  const ended: VerifySummary[] = [];
  const running = new Map<string, VerifySummary>();
  let planned: VerifyPlans = { of: () => new Map(), queue: () => [] };
  const findings = new Map<string, GuardFinding[]>();
  const runs = new Map<string, Run>();
  const more = new Map<string, Entity>();
  const hooks: { confirm: ((given: Given) => Promise<void>) | null } = { confirm: null };
  const journal = await openAuditJournal(db.audit, () => clock.nowMs);

  function viewOf(slug: string): View | null {
    if (slug !== "san-a") return null;
    const of = (name: string, sizeBytes: number) =>
      linked(name, ["ruby", "10.0.0.1"], ["crystal", "10.0.0.2"], {
        sizeBytes,
        ...(running.has(name) ? moving("ruby", "crystal", "verify", 600) : {}),
      });
    const read = ["ruby", "crystal"].map((node): [string, Entity] => [
      keyOf.source(node, "drbd"),
      source(node, "drbd", { okAtMs: clock.nowMs, takenAtMs: clock.nowMs }),
    ]);
    return new Map<string, Entity>([...of("store", 2_000 * GIB), ...of("mail", 100 * GIB), ...read, ...more]);
  }

  const previews = new Map<string, { ask: Ask; asker: Asker }>();
  const commands: KeeperDeps["commands"] = {
    async preview(_, ask, asker) {
      const id = `preview-${previews.size}`;
      previews.set(id, { ask, asker });
      return { ...PREVIEW, id, ask, findings: findings.get(ask.verb) ?? [] };
    },
    async confirm(_, { preview, accept, reason }) {
      const held = previews.get(preview);
      if (!held) throw new Error("no such preview");
      const resource = String(held.ask.args.resource);
      const one = { verb: held.ask.verb, mirror: resource, by: held.asker.user, role: held.asker.role, accept, reason };
      await hooks.confirm?.(one);
      given.push(one);
      if (one.verb === "drbd.verify") running.set(resource, summaryOf(resource, clock.nowMs, `run-${given.length}`));
      return { did: "started", run: `run-${given.length}` };
    },
    runOf: (_, id) => runs.get(id) ?? null,
  };

  const open = () =>
    createPlanning({
      records: db.verifyQueue,
      people: db.people,
      journal,
      commands,
      viewOf,
      clusters: () => ["san-a"],
      log: {
        info: () => undefined,
        warn: (message) => logged.push(message),
        error: (message, cause) => logged.push(`${message} ${cause}`),
      },
      now: () => clock.nowMs,
      verifies: {
        expect: (one) => expected.push(one),
        stopping: (_, resource, __, why) => stopping.push(`${resource}: ${why}`),
        async refused(summary, accepted) {
          refused.push({ summary, accepted });
        },
        trend: (_, key) => ended.filter(({ resource, volume }) => keyOf.verify(resource, volume) === key),
        running: () => [...running.values()],
        planBy: (planner) => {
          planned = planner;
        },
        replanned: () => undefined,
      },
    });

  async function person(name: string, role: UserRole): Promise<Person> {
    const never = { disabledAtMs: null, lastSignInAtMs: null };
    await db.people.addUser({ id: `id-${name}`, name, passwordHash: "", role, createdAtMs: NOON_MS, ...never });
    return { user: name, userId: `id-${name}`, role, token: null, from: "192.0.2.7" };
  }

  return {
    db,
    clock,
    given,
    refused,
    expected,
    stopping,
    logged,
    plans: () => planned.of("san-a"),
    findings,
    runs,
    hooks,
    anna: await person("anna", "admin"),
    otto: await person("otto", "operator"),
    person,
    open,
    remove,
    /** Puts an entity into the view. */
    show: (key: string, entity: Entity) => more.set(key, entity),
    hide: (key: string) => more.delete(key),
    /** The verify of a mirror ends so. */
    end(resource: string, result: VerifySummary["result"] = "clean", says = "Clean.") {
      const one = running.get(resource);
      if (!one) throw new Error(`${resource} is not being verified`);
      running.delete(resource);
      ended.push({ ...one, endedAtMs: clock.nowMs, result, says });
    },
    /** Lets time go by, with a look at the end. */
    async later(planning: Planning, ms: number): Promise<void> {
      clock.nowMs += ms;
      await planning.tick();
    },
    async at(planning: Planning, ms: number): Promise<void> {
      clock.nowMs = ms;
      await planning.tick();
    },
    async rows() {
      const entries = await db.audit.after(0, 500);
      const ids = [...new Set(entries.map(({ runId }) => runId))];
      return ids.flatMap((id) => rowOf(entries.filter(({ runId }) => runId === id)) ?? []);
    },
  };
}
export type TestPlanning = Awaited<ReturnType<typeof testPlanning>>;

export const ask = (resource: string, accept: string[] = []) => ({ cluster: "san-a", resource, volume: 0, accept });

function summaryOf(resource: string, startedAtMs: number, run: string): VerifySummary {
  return {
    id: `verify-${run}`,
    cluster: "san-a",
    resource,
    volume: 0,
    starter: "ruby",
    peer: "crystal",
    cause: "person",
    by: "anna",
    run,
    schedule: null,
    startedAtMs,
    endedAtMs: null,
    result: null,
    percent: 41,
    says: null,
    sizeBytes: null,
    rateBytesPerSec: null,
    differsBytes: null,
    outOfSync: [],
  };
}

const PREVIEW: Omit<CommandPreview, "id" | "ask" | "findings"> = {
  title: "Verify",
  about: [],
  atMs: NOON_MS,
  expiresAtMs: NOON_MS + 300_000,
  actingNode: "ruby",
  isAlreadySo: false,
  effects: [],
  commands: ["drbdadm verify store"],
  typedName: null,
  needsReason: false,
  tookMs: null,
  plan: [],
  steps: [],
};
