// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ClusterDetail, Enrollment, type UserRole } from "@/agent/protocol/console/api";
import type { Entity, EntityKind, EntityOf } from "@/agent/protocol/console/view";
import { MIGRATIONS } from "./db/temporary-database";
import { createLog } from "./log";
import { type Running, startConsole } from "./start";

// A whole console without pages, for tests: real database in a folder of its own, real sockets on a free port.

const PASSWORD = "correct horse battery";
/** Long after a slow machine would have done it. */
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** Waits until `look` gives something. @throws with `what` when it never does */
export async function until<T>(what: string, look: () => T | null | undefined | false | Promise<T | null | undefined | false>): Promise<T> {
  const lateMs = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > lateMs) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export interface TestConsole {
  running(): Running;
  origin(): string;
  /** What the console said of itself. */
  logged: readonly string[];
  /** Asks the API as an admin's program does. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  /** A cookie of somebody new with this role. */
  signIn(role: UserRole, user?: string): Promise<string>;
  /** An enrolment token for a member of `san-a`. */
  newToken(node: string): Promise<string>;
  view(cluster?: string): Promise<ClusterDetail["entities"]>;
  entity<K extends EntityKind>(kind: K, key: string, cluster?: string): Promise<EntityOf<K> | null>;
  /** Texts of the events in the view that an agent's frames gave, oldest first. */
  told(cluster?: string): Promise<string[]>;
  /** Stops it and starts another on the same data. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export function isKind<K extends EntityKind>(entity: Entity | undefined, kind: K): entity is EntityOf<K> {
  return entity?.kind === kind;
}

/** A console with the cluster `san-a`. */
export async function testConsole({ timingFactor = 1, now = Date.now } = {}): Promise<TestConsole> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-console-"));
  const logged: string[] = [];
  const log = createLog(
    () => new Date(),
    (line) => logged.push(line),
  );
  const env = { host: "127.0.0.1", port: 0, dataDir, isDevelopment: false, timingFactor, tls: null, publicUrl: null };
  const start = () => startConsole({ env, log, migrationsDir: MIGRATIONS, now, pages: null, build: "test" });
  let running = await start();
  await running.auth.users.add({ user: "tester", password: PASSWORD, role: "admin" });
  const tester = await running.auth.signIn({ user: "tester", password: PASSWORD }, { address: "127.0.0.1", userAgent: null });
  if (!tester.ok) throw new Error(tester.code);
  const made = await running.auth.tokens.make({ name: "test", role: "admin", days: null }, tester.session);
  if (!made.ok) throw new Error(made.code);
  const { token } = made;

  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return fetch(`${running.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async function view(cluster = "san-a"): Promise<ClusterDetail["entities"]> {
    return ClusterDetail.parse(await (await ask("GET", `/api/v1/clusters/${cluster}`)).json()).entities;
  }

  await ask("POST", "/api/v1/clusters", { slug: "san-a", title: "SAN A", environment: null });
  return {
    running: () => running,
    origin: () => running.origin,
    logged,
    ask,
    async signIn(role, user = role) {
      await running.auth.users.add({ user, password: PASSWORD, role });
      const result = await running.auth.signIn({ user, password: PASSWORD }, { address: "127.0.0.1", userAgent: null });
      if (!result.ok) throw new Error(result.code);
      return `qd_session=${result.token}`;
    },
    async newToken(node) {
      const made = await ask("POST", "/api/v1/enrollments", { cluster: "san-a", node, role: "member" });
      return Enrollment.parse(await made.json()).token;
    },
    view,
    async entity(kind, key, cluster) {
      const entity = (await view(cluster)).find((each) => each.key === key)?.entity;
      return isKind(entity, kind) ? entity : null;
    },
    async told(cluster) {
      const events = (await view(cluster)).flatMap(({ key, entity }) =>
        isKind(entity, "event") && entity.by !== "found by the console"
          ? [{ id: Number(key.slice("event:".length)), text: entity.text }]
          : [],
      );
      return events.sort((a, b) => a.id - b.id).map(({ text }) => text);
    },
    async restart() {
      await running.stop();
      running = await start();
    },
    async remove() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
