// SPDX-License-Identifier: Apache-2.0
import type { JournalFrame } from "@/agent/protocol/messages";
import type { NewEvent, NodeFacts, StoredEvent } from "@/server/cluster/facts";
import type { Happening } from "@/server/cluster/reduce";
import type { FrameToCommit } from "@/server/db/facts";
import type { Fleet } from "@/server/fleet/fleet";
import type { Log } from "@/server/log";
import type { KnownAgent } from "./handshake";

export interface LedgerDeps {
  fleet: Fleet;
  log: Log;
  /** One transaction; a frame that was committed before is ignored. Answers the events it stored. */
  commitFrames: (agentId: string, frames: FrameToCommit[]) => Promise<StoredEvent[]>;
  addEvents: (cluster: string, events: NewEvent[]) => Promise<StoredEvent[]>;
  /** A node's facts as the database has them, after a commit failed. */
  reloadNode: (agentId: string) => Promise<NodeFacts | null>;
}

interface Outcome {
  committed: (seq: number) => void;
  failed: () => void;
}

/** Frames committed in one transaction at the most: bounds the time an acknowledgement waits. */
const BATCH = 200;

/**
 * Between the hub and the database: folds each journal frame in its order, commits what it gave, and only then lets
 * the hub acknowledge it. So a kill at any moment loses nothing: what was not committed is not acknowledged, and the
 * agent sends it again; what was committed twice is stored once.
 */
export function createLedger(deps: LedgerDeps) {
  const queues = new Map<string, { frames: { folded: FrameToCommit; outcome: Outcome }[]; isWriting: boolean }>();
  /** The last place folded of each agent's journal; what comes again after a reconnect is only acknowledged. */
  const folded = new Map<string, { journalId: string; seq: number }>();

  async function write(agent: KnownAgent): Promise<void> {
    const queue = queues.get(agent.id);
    if (!queue || queue.isWriting) return;
    queue.isWriting = true;
    let batch: typeof queue.frames = [];
    try {
      while (queue.frames.length > 0) {
        batch = queue.frames.splice(0, BATCH);
        const stored = await deps.commitFrames(
          agent.id,
          batch.map((entry) => entry.folded),
        );
        deps.fleet.remember(agent.cluster, stored);
        const last = batch.at(-1);
        if (last) last.outcome.committed(last.folded.seq);
      }
    } catch (cause) {
      deps.log.error(`${agent.cluster}/${agent.node}: facts could not be written; the agent will send them again`, cause);
      queue.frames.length = 0;
      folded.delete(agent.id);
      // Memory went ahead of the database: step back to what is written, so that the frames fold to the same events again.
      const node = await deps.reloadNode(agent.id).catch(() => null);
      if (node) deps.fleet.putNode(agent.cluster, node);
      batch[0]?.outcome.failed();
    } finally {
      queue.isWriting = false;
    }
  }

  return {
    take(agent: KnownAgent, frame: JournalFrame, outcome: Outcome): void {
      const seen = folded.get(agent.id) ?? (agent.journalId === null ? null : { journalId: agent.journalId, seq: agent.ackedSeq });
      if (seen && seen.journalId === frame.journalId && frame.seq <= seen.seq) {
        // Known: sent again because our acknowledgement was lost. If it is still being written, its commit acknowledges it.
        if (!queues.get(agent.id)?.isWriting) outcome.committed(seen.seq);
        return;
      }
      folded.set(agent.id, { journalId: frame.journalId, seq: frame.seq });
      const events = deps.fleet.happen(agent.cluster, { type: "frame", node: agent.node, frame });
      const facts = frame.type === "fact" ? deps.fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.sources[frame.source] : undefined;
      const queue = queues.get(agent.id) ?? { frames: [], isWriting: false };
      queues.set(agent.id, queue);
      queue.frames.push({
        folded: {
          journalId: frame.journalId,
          seq: frame.seq,
          facts: frame.type === "fact" && facts ? [{ source: frame.source, facts }] : [],
          events,
          lines: frame.type === "line" ? [frame.line] : [],
        },
        outcome,
      });
      void write(agent);
    },
    /** What the console itself noticed: no place in a journal, kept all the same. */
    happen(agent: KnownAgent, happening: Exclude<Happening, { type: "frame" }>): void {
      const events = deps.fleet.happen(agent.cluster, happening);
      if (events.length === 0) return;
      deps.addEvents(agent.cluster, events).then(
        (stored) => deps.fleet.remember(agent.cluster, stored),
        (cause: unknown) => deps.log.error(`${agent.cluster}: an event could not be written`, cause),
      );
    },
    /** Resolves when everything taken so far is written or given back. */
    async drained(): Promise<void> {
      while ([...queues.values()].some((queue) => queue.isWriting)) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
export type Ledger = ReturnType<typeof createLedger>;
