// SPDX-License-Identifier: Apache-2.0
import { timing as timingOf } from "@/agent/protocol/timing";
import { type Auth, createAuth } from "@/server/auth/auth";
import type { Console } from "@/server/console";
import { type Database, openDatabase } from "@/server/db/open";
import type { Env } from "@/server/env";
import type { Log } from "@/server/log";
import { answer } from "@/server/parts/answer";
import { createDesk } from "@/server/parts/desk";
import { createInflow } from "@/server/parts/inflow";
import { keepAges } from "@/server/parts/keeping";
import { startTimers } from "@/server/parts/timers";
import { followTrust } from "@/server/parts/trust";
import { createWrites } from "@/server/parts/writes";
import { openTls, type Tls } from "@/server/tls/open";
import type { Pages } from "@/server/web/pages";
import { createPort, type Port } from "@/server/web/port";

export interface StartDeps {
  env: Env;
  log: Log;
  migrationsDir: string;
  now: () => number;
  /** Next's pages; null serves the API and the sockets alone. Opened once `publish` has run. */
  pages: ((console: Console) => Promise<Pages>) | null;
  /** Names the build of the pages; a page made by another one can tell. */
  build: string;
}

/** Everything that runs while the console does. */
export interface Running {
  origin: string;
  /** Null over plain HTTP. */
  tls: Pick<Tls, "certificate" | "certFile" | "isSelfMade"> | null;
  console: Console;
  auth: Auth;
  /** The first admin's one-time code; null when there is an admin. */
  setupCode: string | null;
  stop(): Promise<void>;
}

/**
 * Opens the database, recalls what was known, and serves pages, REST and sockets on one port.
 * @throws with a sentence when it cannot; then nothing is left open
 */
export async function startConsole(deps: StartDeps): Promise<Running> {
  const db = await openDatabase(deps.env.dataDir, deps.migrationsDir);
  let port: Port | null = null;
  try {
    const tls = await openTls(deps.env, deps.now, deps.log);
    port = createPort(tls?.certificate);
    return await serve(deps, db, port, tls);
  } catch (cause) {
    await port?.close();
    await db.close();
    throw cause;
  }
}

async function serve({ env, log, now, pages, build }: StartDeps, db: Database, port: Port, tls: Tls | null): Promise<Running> {
  const timing = timingOf(env.timingFactor);
  const auth = await createAuth(db, now);
  const writes = createWrites(log);
  const inflow = await createInflow({ db, auth, timing, log, now, writes, build });
  followTrust(auth, inflow);
  const desk = await createDesk({ inflow, db, auth, env, timing, log, now });
  const { fleet, hub, feed, ledger } = inflow;

  const handle: Console = {
    sessionOf: auth.sessionOf,
    snapshot: feed.snapshot,
    hasCluster: fleet.has,
    needsSetup: auth.needsSetup,
    timingFactor: env.timingFactor,
    wallOf: auth.walls.keyOf,
    build,
  };
  let shown: Pages | null = null;
  answer({ port, hsts: tls?.hsts ?? null, inflow, desk, auth, env, log, pages: () => shown, hasPages: pages !== null });

  const setupCode = await auth.newSetupCode();
  const origin = await port.open(env);
  const certificate = tls?.watch(port.renew);
  const endTimers = startTimers({ inflow, desk, auth, db, timing, log, now, writes });
  const endWatching = () => {
    certificate?.stop();
    endTimers();
  };
  try {
    shown = pages ? await pages(handle) : null;
  } catch (cause) {
    endWatching();
    throw cause;
  }

  return {
    origin,
    tls,
    console: handle,
    auth,
    setupCode,
    async stop() {
      endWatching();
      feed.close(() => true, "consoleStops");
      hub.close();
      await port.close();
      await desk.planning.end();
      await desk.alerts.end();
      await desk.followed.drained();
      await ledger.drained();
      await inflow.verifies.drained();
      await inflow.chronicle.end();
      await keepAges(db, fleet, ledger).catch((cause: unknown) => log.error("the last ages could not be written", cause));
      await writes.drained();
      await shown?.close();
      await db.close();
    },
  };
}
