// SPDX-License-Identifier: Apache-2.0
import { randomBytes, randomUUID } from "node:crypto";
import type { Timing } from "@/agent/protocol/timing";
import type { Auth } from "@/server/auth/auth";
import { verifyAgent } from "@/server/auth/console-key";
import type { Database } from "@/server/db/open";
import { createFeed } from "@/server/feed/feed";
import { createFleet, type Fleet } from "@/server/fleet/fleet";
import { createSettler } from "@/server/fleet/settler";
import { createChronicle } from "@/server/history/chronicle";
import { createHub } from "@/server/hub/hub";
import { createLedger } from "@/server/hub/ledger";
import type { Log } from "@/server/log";
import { createVerifies } from "@/server/verify/verifies";
import { livingIn, recall } from "./keeping";
import type { Writes } from "./writes";

/** Changes of one burst reach browsers together, this often at the most. */
export const SETTLE_EVERY_MS = 50;

export interface InflowDeps {
  db: Database;
  auth: Auth;
  timing: Timing;
  log: Log;
  now: () => number;
  writes: Writes;
  build: string;
}

export type Inflow = Awaited<ReturnType<typeof createInflow>>;

/** The way of the data: agents' links, what is written of them, the fleet's views, the browsers' feed. What was known before is recalled. */
export async function createInflow({ db, auth, timing, log, now, writes, build }: InflowDeps) {
  const fleet: Fleet = createFleet({
    timing,
    now,
    onMoved: () => settler.moved(),
    onFault: (slug, cause) => log.error(`${slug}: its view could not be made`, cause),
    onFindings: (slug, standing, told) => {
      const saved = db.events.saveFindings(slug, standing, told).then((stored) => fleet.remember(slug, stored));
      writes.add(saved, `${slug}: findings could not be written`);
    },
  });
  const settler = createSettler({ settle: fleet.settle, elapsed: () => performance.now(), soon: setImmediate }, SETTLE_EVERY_MS);
  await recall(db, fleet, log);

  const verifies = await createVerifies({
    records: db.verifies,
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    show: fleet.showVerifies,
    remember: fleet.remember,
    log,
    now,
    newId: randomUUID,
    timing,
  });
  const chronicle = await createChronicle({
    records: db.history,
    clusters: () => livingIn(fleet),
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    declaredOf: fleet.declaredOf,
    log,
    now,
    newId: randomUUID,
    timing,
  });
  fleet.onDrop(verifies.drop);
  fleet.onDrop(chronicle.drop);
  const { commitFrames, loadNode } = db.facts;
  const ledger = createLedger({ fleet, log, commitFrames, addEvents: db.events.addEvents, reloadNode: loadNode, verifies, chronicle });
  const hub = createHub({
    fleet,
    ledger,
    timing,
    log,
    identity: {
      publicKey: auth.consoleKey.publicKey,
      sign: auth.consoleKey.sign,
      verify: verifyAgent,
      nonce: () => randomBytes(32).toString("base64"),
    },
    findAgent: db.agents.agentById,
    onVersion: (id, version) => writes.add(db.agents.setAgentVersion(id, version), "an agent's version could not be written"),
  });
  return { fleet, verifies, chronicle, ledger, hub, feed: createFeed(fleet, now, build) };
}
