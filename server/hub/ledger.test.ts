// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { timing } from "@/agent/protocol/timing";
import { bond, cluster, enrolled, fact, ok, port } from "@/server/cluster/factories";
import type { Database } from "@/server/db/open";
import { addTestAgent, temporaryDatabase } from "@/server/db/temporary-database";
import { createFleet } from "@/server/fleet/fleet";
import { createChronicle } from "@/server/history/chronicle";
import { createVerifies } from "@/server/verify/verifies";
import type { KnownAgent } from "./handshake";
import { createLedger, type LedgerDeps } from "./ledger";

const NOW_MS = 1_700_000_000_000;

let db: Database;
let remove: () => Promise<void>;
let agent: KnownAgent;
beforeEach(async () => {
  ({ db, remove } = await temporaryDatabase());
  agent = await knownAgent(await addTestAgent(db, "ruby"));
});
afterEach(() => remove());

async function knownAgent(id: string): Promise<KnownAgent> {
  const found = await db.agents.agentById(id);
  if (!found) throw new Error(`No agent ${id}`);
  return found;
}

/** A ledger over a real database and a real fleet, with some of its ways to the database changed. */
async function setUp(change: Partial<LedgerDeps> = {}) {
  const faults: unknown[] = [];
  const fleet = createFleet({
    timing: timing(),
    now: () => NOW_MS,
    onFindings: () => undefined,
    onFault: (_, cause) => faults.push(cause),
  });
  fleet.hold(cluster({ ...enrolled("ruby"), agentId: agent.id }), [], new Map());
  fleet.happen("san-a", { type: "linked", node: "ruby", agentVersion: "1" });
  const logged: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => logged.push(message) };
  const verifies = await createVerifies({
    records: db.verifies,
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    show: fleet.showVerifies,
    remember: fleet.remember,
    log,
    now: () => NOW_MS,
    newId: randomUUID,
    timing: timing(),
  });
  const chronicle = await createChronicle({
    records: db.history,
    clusters: fleet.slugs,
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    declaredOf: fleet.declaredOf,
    log,
    now: () => NOW_MS,
    newId: randomUUID,
    timing: timing(),
  });
  const { commitFrames, loadNode } = db.facts;
  const ledger = createLedger({
    fleet,
    log,
    commitFrames,
    addEvents: db.events.addEvents,
    reloadNode: loadNode,
    verifies,
    chronicle,
    ...change,
  });
  const heard: string[] = [];
  const outcome = (socket: string) => ({
    committed: (journalId: string, seq: number) => heard.push(`${socket}: ack ${journalId}/${seq}`),
    failed: () => heard.push(`${socket}: failed`),
  });
  const texts = async () => (await db.events.recentEvents("san-a", 100)).map(({ text }) => text).reverse();
  const portsUp = () => {
    const entity = fleet.viewOf("san-a")?.get("bond:ruby/bond0");
    return entity?.kind === "bond" ? entity.portsUp : null;
  };
  return { fleet, ledger, heard, logged, outcome, texts, portsUp };
}

function bondFact(seq: number, link: "up" | "down") {
  const bonding = ok({ bonds: [bond("bond0", [port("eth0"), port("eth1", { link })])], unread: [] }, NOW_MS);
  return { ...fact("bonding", { bonding }, NOW_MS), seq };
}

const DOWN = "ruby: eth1 link down in bond0";
const UP = "ruby: eth1 link up in bond0";

describe("a commit that fails", () => {
  it("takes the facts back to what is written; sent again, the same frames give the same events once", async () => {
    let isBroken = false;
    const { ledger, heard, outcome, texts, portsUp, fleet } = await setUp({
      commitFrames: (id, frames) => (isBroken ? Promise.reject(new Error("disk full")) : db.facts.commitFrames(id, frames)),
    });
    ledger.take(agent, bondFact(1, "up"), outcome("a"));
    await ledger.drained();
    isBroken = true;
    ledger.take(agent, bondFact(2, "down"), outcome("a"));
    expect(portsUp()).toBe(1);
    await ledger.drained();
    expect(heard).toEqual(["a: ack journal/1", "a: failed"]);
    expect(portsUp()).toBe(2);
    // The link is not the database's: it stands as it stood.
    expect(fleet.viewOf("san-a")?.get("node:ruby")).toMatchObject({ link: "live", lastWordAtMs: NOW_MS });

    isBroken = false;
    const again = await knownAgent(agent.id);
    expect(again).toMatchObject({ journalId: "journal", ackedSeq: 1 });
    ledger.take(again, bondFact(2, "down"), outcome("b"));
    ledger.take(again, bondFact(3, "up"), outcome("b"));
    await ledger.drained();
    expect(heard.at(-1)).toBe("b: ack journal/3");
    expect(await texts()).toEqual([DOWN, UP]);
  });

  it("lets nothing through that comes before the facts are back, so that no frame is skipped", async () => {
    let fail: (cause: Error) => void = () => undefined;
    let giveBack: () => void = () => undefined;
    let isFirst = true;
    const { ledger, heard, outcome, texts } = await setUp({
      commitFrames: (id, frames) => {
        if (!isFirst) return db.facts.commitFrames(id, frames);
        isFirst = false;
        return new Promise((_, reject) => {
          fail = reject;
        });
      },
      reloadNode: async (id) => {
        await new Promise<void>((resolve) => {
          giveBack = resolve;
        });
        return db.facts.loadNode(id);
      },
    });
    ledger.take(agent, bondFact(1, "up"), outcome("a"));
    fail(new Error("disk full"));
    await new Promise(setImmediate);
    expect(heard).toEqual(["a: failed"]);
    // Still on its way when the socket was ended, and from the next socket, which is too early.
    ledger.take(agent, bondFact(2, "down"), outcome("a"));
    ledger.take(agent, bondFact(1, "up"), outcome("b"));
    expect(heard).toEqual(["a: failed", "a: failed", "b: failed"]);
    giveBack();
    await ledger.drained();
    for (const frame of [bondFact(1, "up"), bondFact(2, "down")]) ledger.take(agent, frame, outcome("c"));
    await ledger.drained();
    expect(heard.at(-1)).toBe("c: ack journal/2");
    expect(await texts()).toEqual([DOWN]);
    expect(await knownAgent(agent.id)).toMatchObject({ ackedSeq: 2 });
  });

  it("takes nothing in while what is written cannot be read either, and goes on when it can", async () => {
    let isBroken = true;
    const broken = () => Promise.reject(new Error("disk gone"));
    const { ledger, heard, outcome, texts, logged } = await setUp({
      commitFrames: (id, frames) => (isBroken ? broken() : db.facts.commitFrames(id, frames)),
      reloadNode: (id) => (isBroken ? broken() : db.facts.loadNode(id)),
    });
    ledger.take(agent, bondFact(1, "up"), outcome("a"));
    await ledger.drained();
    expect(ledger.isWritten(agent.id)).toBe(false);
    ledger.take(agent, bondFact(1, "up"), outcome("b"));
    await ledger.drained();
    expect(heard).toEqual(["a: failed", "b: failed"]);
    expect(logged).toHaveLength(3);
    isBroken = false;
    // This one finds the disk back; the next finds the facts back.
    ledger.take(agent, bondFact(1, "up"), outcome("c"));
    await ledger.drained();
    ledger.take(agent, bondFact(1, "up"), outcome("d"));
    ledger.take(agent, bondFact(2, "down"), outcome("d"));
    await ledger.drained();
    expect(heard.at(-1)).toBe("d: ack journal/2");
    expect(await texts()).toEqual([DOWN]);
    expect(ledger.isWritten(agent.id)).toBe(true);
  });
});

describe("a frame that is being written", () => {
  it("is acknowledged to the socket over which it was last sent", async () => {
    let commit: () => void = () => undefined;
    const { ledger, heard, outcome } = await setUp({
      commitFrames: async (id, frames) => {
        await new Promise<void>((resolve) => {
          commit = resolve;
        });
        return db.facts.commitFrames(id, frames);
      },
    });
    ledger.take(agent, bondFact(1, "up"), outcome("a"));
    ledger.take(agent, bondFact(1, "up"), outcome("b"));
    expect(heard).toEqual([]);
    commit();
    await ledger.drained();
    expect(heard).toEqual(["b: ack journal/1"]);
  });
});

describe("a frame that is written", () => {
  it("is acknowledged again at once, however old, also by a console that never folded it", async () => {
    const { ledger, heard, outcome } = await setUp();
    for (const seq of [1, 2, 3]) ledger.take(agent, bondFact(seq, "up"), outcome("a"));
    await ledger.drained();
    ledger.take(agent, bondFact(1, "up"), outcome("a"));
    expect(heard.at(-1)).toBe("a: ack journal/3");
    const restarted = await setUp();
    restarted.ledger.take(await knownAgent(agent.id), bondFact(2, "up"), restarted.outcome("b"));
    expect(restarted.heard).toEqual(["b: ack journal/3"]);
    expect(restarted.portsUp()).toBeNull();
  });
});
