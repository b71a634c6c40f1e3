// SPDX-License-Identifier: Apache-2.0
import type { AgentFrame, JournalFrame } from "@/agent/protocol/messages";
import { isSplitLine } from "@/server/cluster/events/kernel-lines";
import type { NewEvent, NodeFacts, StoredEvent } from "@/server/cluster/facts";
import type { Happening } from "@/server/cluster/reduce";
import type { FrameToCommit } from "@/server/db/facts";
import type { Fleet } from "@/server/fleet/fleet";
import type { Chronicle } from "@/server/history/chronicle";
import { type HistoryWrites, NOTHING_TO_WRITE } from "@/server/history/incident-state";
import type { Log } from "@/server/log";
import { NO_WRITES, type VerifyWrites } from "@/server/verify/run-state";
import type { Verifies } from "@/server/verify/verifies";
import type { KnownAgent } from "./handshake";

export interface LedgerDeps {
  fleet: Fleet;
  log: Log;
  /** One transaction; a frame that was committed before is ignored. Answers the events it stored. */
  commitFrames: (agentId: string, frames: FrameToCommit[]) => Promise<StoredEvent[]>;
  addEvents: (cluster: string, events: NewEvent[]) => Promise<StoredEvent[]>;
  /** A node's facts as the database has them, after a commit failed; null when its agent is not trusted any more. */
  reloadNode: (agentId: string) => Promise<NodeFacts | null>;
  /** Follows verifies in the same frames; what it wants written is committed with them. */
  verifies: Pick<Verifies, "fold" | "committed" | "stepBack">;
  /** Follows fencings and the state of services, likewise. */
  chronicle: Pick<Chronicle, "fold" | "committed" | "stepBack">;
}

type Telemetry = Extract<AgentFrame, { type: "telemetry" }>;

/** What a frame gave, to be committed with it. */
interface Given {
  events: NewEvent[];
  verifies: VerifyWrites;
  history: HistoryWrites;
}

/** What becomes of an agent's frames, told to the socket they last came by. */
export interface Outcome {
  /** Everything up to this place is committed. */
  committed: (journalId: string, seq: number) => void;
  /** They could not be kept. The socket must end and take nothing more: the agent sends them again over a new one. */
  failed: () => void;
}

interface Place {
  journalId: string;
  seq: number;
}

/**
 * One agent's frames. `steppingBack`: a commit failed, and memory is being put back to what is written. `ahead`: that
 * failed too. In both nothing is folded: it would be folded upon what is not written.
 */
interface Account {
  phase: "ready" | "writing" | "steppingBack" | "ahead";
  frames: FrameToCommit[];
  /** The last place folded; null when it is that of the database. */
  folded: Place | null;
  outcome: Outcome;
}

/** Frames committed in one transaction at the most: bounds the time an acknowledgement waits. */
const BATCH = 200;

function committedPlace({ journalId, ackedSeq }: KnownAgent): Place | null {
  return journalId === null ? null : { journalId, seq: ackedSeq };
}

/**
 * Between the hub and the database: folds each journal frame in its order, commits what it gave, and only then lets
 * the hub acknowledge it. So a kill at any moment loses nothing: what was not committed is not acknowledged, and the
 * agent sends it again; what was committed twice is stored once.
 */
export function createLedger(deps: LedgerDeps) {
  const accounts = new Map<string, Account>();
  const underWay = new Set<Promise<void>>();

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  async function write(agent: KnownAgent, account: Account): Promise<void> {
    account.phase = "writing";
    try {
      while (account.frames.length > 0) {
        const batch = account.frames.splice(0, BATCH);
        const stored = await deps.commitFrames(agent.id, batch);
        deps.fleet.remember(agent.cluster, stored);
        for (const { verifies, history } of batch) {
          if (verifies) deps.verifies.committed(agent.cluster, verifies);
          if (history) deps.chronicle.committed(agent.cluster, history);
        }
        const last = batch.at(-1);
        if (last) account.outcome.committed(last.journalId, last.seq);
      }
      account.phase = "ready";
    } catch (cause) {
      deps.log.error(`${agent.cluster}/${agent.node}: facts could not be written; the agent will send them again`, cause);
      account.frames = [];
      account.folded = null;
      account.outcome.failed();
      await stepBack(agent, account);
    }
  }

  /** Memory went ahead of the database: back to what is written, so that the same frames give the same events again. */
  async function stepBack(agent: KnownAgent, account: Account): Promise<void> {
    account.phase = "steppingBack";
    try {
      const kept = await deps.reloadNode(agent.id);
      const node = deps.fleet.factsOf(agent.cluster)?.nodes.get(agent.node);
      // The link and its clock are the console's own knowledge: no failed commit takes them back.
      if (kept && node?.agentId === agent.id) {
        deps.fleet.putNode(agent.cluster, { ...node, sources: kept.sources, kernelLines: kept.kernelLines });
      }
      await deps.verifies.stepBack(agent.cluster);
      await deps.chronicle.stepBack(agent.cluster);
      account.phase = "ready";
    } catch (cause) {
      deps.log.error(`${agent.cluster}/${agent.node}: what is written could not be read`, cause);
      account.phase = "ahead";
    }
  }

  /** What a frame gives; null when it cannot be folded: a fault of ours, which must not take the other nodes with it. */
  function fold(agent: KnownAgent, frame: JournalFrame | Telemetry): Given | null {
    const { cluster, node } = agent;
    try {
      const before = deps.fleet.factsOf(cluster);
      const events = deps.fleet.happen(cluster, { type: "frame", node, frame });
      const after = deps.fleet.factsOf(cluster);
      if (!before || !after) return { events, verifies: NO_WRITES, history: NOTHING_TO_WRITE };
      const folded = { node, frame, before, after };
      return { events, verifies: deps.verifies.fold(cluster, folded), history: deps.chronicle.fold(cluster, folded) };
    } catch (cause) {
      const name = frame.type === "telemetry" ? "telemetry" : `frame ${frame.seq} (${frame.type})`;
      deps.log.error(`${cluster}/${node}: ${name} could not be taken in`, cause);
      return null;
    }
  }

  function take(agent: KnownAgent, frame: JournalFrame, outcome: Outcome): void {
    const account: Account = accounts.get(agent.id) ?? { phase: "ready", frames: [], folded: null, outcome };
    accounts.set(agent.id, account);
    account.outcome = outcome;
    if (account.phase === "steppingBack" || account.phase === "ahead") {
      outcome.failed();
      if (account.phase === "ahead") track(stepBack(agent, account));
      return;
    }
    const { journalId, seq } = frame;
    const known = account.folded ?? committedPlace(agent);
    if (known && known.journalId === journalId && seq <= known.seq) {
      // Sent again because our acknowledgement was lost. What is still being written is acknowledged by its commit.
      if (account.phase === "ready") outcome.committed(known.journalId, known.seq);
      return;
    }
    const given = fold(agent, frame);
    if (given === null) {
      outcome.failed();
      return;
    }
    account.folded = { journalId, seq };
    // A line can change what is remembered of the kernel log: committed with it, or a restart would forget a split brain.
    const source = frame.type === "fact" ? frame.source : frame.type === "line" && isSplitLine(frame.line.text) ? "kernelLog" : null;
    const facts = source === null ? undefined : deps.fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.sources[source];
    account.frames.push({
      journalId,
      seq,
      facts: source !== null && facts ? [{ source, facts }] : [],
      events: given.events,
      lines: frame.type === "line" ? [frame.line] : [],
      verifies: given.verifies,
      history: given.history,
    });
    if (account.phase === "ready") track(write(agent, account));
  }

  /** What the console itself noticed: no place in a journal, kept all the same. */
  function happen(agent: KnownAgent, happening: Exclude<Happening, { type: "frame" }>): void {
    const events = deps.fleet.happen(agent.cluster, happening);
    if (events.length === 0) return;
    track(
      deps.addEvents(agent.cluster, events).then(
        (stored) => deps.fleet.remember(agent.cluster, stored),
        (cause: unknown) => deps.log.error(`${agent.cluster}: an event could not be written`, cause),
      ),
    );
  }

  return {
    take,
    /** What has no place in the journal and may be lost: the newest counts. */
    telemetry: (agent: KnownAgent, frame: Telemetry): void => void fold(agent, frame),
    happen,
    /** Whether what memory has of this agent's node is written. */
    /** Frames of an agent that are folded and not yet written. */
    waiting: (agentId: string) => accounts.get(agentId)?.frames.length ?? 0,
    isWritten: (agentId: string) => (accounts.get(agentId)?.phase ?? "ready") === "ready",
    /** Resolves when everything taken so far is written or given back. */
    async drained(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
export type Ledger = ReturnType<typeof createLedger>;
