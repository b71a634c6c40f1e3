// SPDX-License-Identifier: Apache-2.0
import type { MirrorPair, Said } from "@/agent/protocol/console/view";
import type { DrbdPeer, DrbdProgress } from "@/agent/protocol/model/drbd";
import { type Activity, activity, DISK_WORDS, type LinkState, linkState, resyncEnd, wordFor } from "./drbd-words";
import type { Standing } from "./freshness";
import type { Line, Side } from "./join";
import { said } from "./said";
import { SPLIT_BRAIN } from "./split-brain";
import { formatBytes, formatPercent, joinWords } from "./words";

/** One end of a line, as far as it may be believed. */
export interface PairEnd {
  node: string;
  side: Side | null;
  peer: DrbdPeer | null;
  /** Null: no reading of this node ever spoke of this mirror. */
  standing: Standing | null;
  isCurrent: boolean;
  /** Its kernel refused the other's data: a split brain, and it has not been connected since. */
  isSplit: boolean;
}

/** What the two ends together mean. `contradiction`: one says connected, the other says not. */
export interface PairState {
  a: PairEnd;
  b: PairEnd;
  link: LinkState | "contradiction" | "old" | "none";
  activity: Activity;
  /** The current ends; where none is, those that spoke last. */
  speaking: PairEnd[];
}

const NO_SPLITS: ReadonlySet<DrbdPeer> = new Set();

export function pairState(line: Line, standings: ReadonlyMap<string, Standing>, splits: ReadonlySet<DrbdPeer> = NO_SPLITS): PairState {
  const end = (node: string, side: Side | null, peer: DrbdPeer | null): PairEnd => {
    const standing = side ? (standings.get(side.node) ?? null) : null;
    return {
      node,
      side,
      peer,
      standing,
      isCurrent: (standing?.isCurrent ?? false) && peer !== null,
      isSplit: peer !== null && splits.has(peer),
    };
  };
  const a = end(line.a.node, line.a, line.aPeer);
  const b = end(line.b?.node ?? line.bName ?? `${line.a.node}'s peer`, line.b, line.bPeer);
  const current = [a, b].filter(({ isCurrent }) => isCurrent);
  const speaking = current.length > 0 ? current : [a, b].filter(({ peer }) => peer !== null);
  return { a, b, speaking, link: linkOf(speaking, current.length), activity: activityOf(speaking) };
}

function linkOf(speaking: readonly PairEnd[], currentCount: number): PairState["link"] {
  if (speaking.length === 0) return "none";
  if (currentCount === 0) return "old";
  const links = new Set(speaking.flatMap(({ peer }) => (peer ? [linkState(peer.connection)] : [])));
  if (links.has("unknown")) return "unknown";
  if (links.size > 1 && links.has("connected")) return "contradiction";
  for (const state of ["standAlone", "broken", "waiting"] as const) if (links.has(state)) return state;
  return "connected";
}

function activityOf(speaking: readonly PairEnd[]): Activity {
  const activities = new Set(speaking.flatMap(({ peer }) => (peer ? [activity(peer.replication)] : [])));
  // While one side has not yet printed the new word, the busier one is the newer.
  for (const state of ["unknown", "paused", "resync", "aheadBehind", "verify", "starting", "off"] as const) {
    if (activities.has(state)) return state;
  }
  return "established";
}

/** The node that receives: the target of a resync, the one behind. */
export function towardsOf({ a, b, speaking }: PairState): string | null {
  for (const end of speaking) {
    const role = end.peer ? resyncEnd(end.peer.replication) : null;
    const other = end === a ? b : a;
    if (role !== null) return role === "target" ? end.node : other.node;
  }
  return null;
}

/** The progress as its receiver prints it, else as the other side does. */
function progressOf(state: PairState): DrbdProgress | null {
  const towards = towardsOf(state);
  const ends = [...state.speaking].sort((x, y) => Number(y.node === towards) - Number(x.node === towards));
  return ends.find(({ peer }) => peer?.progress)?.peer?.progress ?? null;
}

function outOfSyncOf({ speaking }: PairState): number | null {
  // One side's bitmap may be stale: the larger count is the one that has not been disproved.
  const counts = speaking.flatMap(({ peer }) => (peer && peer.outOfSyncBytes !== null ? [peer.outOfSyncBytes] : []));
  return counts.length === 0 ? null : Math.max(...counts);
}

/** Own disk word where the node itself says it, else what the other side says of it. */
export function diskOf(end: PairEnd, other: PairEnd): string {
  if (end.side && (end.isCurrent || end.standing?.isCurrent || !other.peer)) return end.side.device.disk;
  return other.peer?.disk ?? end.side?.device.disk ?? "DUnknown";
}

export function judgePair(state: PairState): MirrorPair {
  const { a, b } = state;
  const progress = progressOf(state);
  const outOfSyncBytes = outOfSyncOf(state);
  const judged = judge(state, progress, outOfSyncBytes);
  return {
    a: a.node,
    b: b.node,
    said: judged.said,
    aSays: a.side && a.peer && a.isCurrent ? wordFor(a.side.device, a.peer) : null,
    bSays: b.side && b.peer && b.isCurrent ? wordFor(b.side.device, b.peer) : null,
    line: judged.line,
    progress,
    towards: towardsOf(state),
    outOfSyncBytes,
  };
}

type Judged = { said: Said; line: MirrorPair["line"] };

function judge(state: PairState, progress: DrbdProgress | null, outOfSyncBytes: number | null): Judged {
  const { a, b } = state;
  switch (state.link) {
    case "none":
      return { said: said("unknown", "not known", `Neither ${a.node} nor ${b.node} says how they stand.`), line: "old" };
    case "old": {
      const connected = state.speaking.every(({ peer }) => peer !== null && linkState(peer.connection) === "connected");
      const was = connected ? judgeConnected(state, progress, outOfSyncBytes).said.word : "not connected";
      // "was differs" is no sentence.
      const word = /^(?:resync|verify|differs)/.test(was) ? `last seen: ${was}` : `was ${was}`;
      return { said: said("old", word, whyOld(state)), line: "old" };
    }
    case "unknown":
      return { said: said("unknown", unknownWord(state), "Not a word this console knows: it is not taken for good."), line: "cut" };
    case "contradiction": {
      const saysYes = state.speaking.find(({ peer }) => peer && linkState(peer.connection) === "connected");
      const saysNo = state.speaking.find((end) => end !== saysYes);
      const word = `${saysYes?.node ?? a.node} says connected, ${saysNo?.node ?? b.node} says not`;
      return { said: said("risk", word, "The two sides contradict each other: one of them has not noticed yet."), line: "cut" };
    }
    case "standAlone":
    case "broken":
    case "waiting":
      return { said: judgeCut(state), line: "cut" };
    case "connected":
      return doubted(judgeConnected(state, progress, outOfSyncBytes), state);
  }
}

function unknownWord({ speaking }: PairState): string {
  const end = speaking.find(({ peer }) => peer && linkState(peer.connection) === "unknown");
  return end?.peer ? `${end.peer.connection} on ${end.node}` : "an unknown word";
}

function whyOld({ a, b }: PairState): string | null {
  return [...new Set([a.standing?.why, b.standing?.why])].filter((why) => why).join(" ") || null;
}

function judgeCut({ a, b, speaking }: PairState): Said {
  const alone = speaking.filter(({ peer }) => peer && linkState(peer.connection) === "standAlone");
  const silent = [a, b].filter((end) => !speaking.includes(end) && end.standing?.why);
  const hear = silent.length > 0 ? ` ${silent.map(({ standing }) => standing?.why).join(" ")}` : "";
  const split = speaking.filter(({ isSplit }) => isSplit);
  if (split.length > 0) {
    const refused = `${joinWords(split.map(({ node }) => node))} refused the other's data`;
    return said(
      "bad",
      SPLIT_BRAIN,
      `Both copies changed while they were apart, and ${refused}: each has writes that the other lacks.${hear}`,
    );
  }
  if (alone.length === 2) {
    return said("bad", "StandAlone on both", "Neither side tries to connect: by hand, or because they refused each other's data.");
  }
  const [one] = alone;
  if (one) {
    const word = one.side?.device.cs === null ? "Off" : "not connected";
    return said("risk", word, `${one.node} is StandAlone: it does not try to connect.${hear}`);
  }
  const waiting = joinWords(speaking.map(({ node }) => node));
  return said("risk", "not connected", `${waiting} ${speaking.length === 1 ? "waits" : "wait"} for the other side.${hear}`);
}

function judgeConnected(state: PairState, progress: DrbdProgress | null, outOfSyncBytes: number | null): Judged {
  const { a, b, speaking } = state;
  const towards = towardsOf(state) ?? b.node;
  const differs = outOfSyncBytes !== null && outOfSyncBytes > 0 ? formatBytes(outOfSyncBytes) : null;
  switch (state.activity) {
    case "unknown": {
      const word = speaking.find(({ peer }) => peer && activity(peer.replication) === "unknown")?.peer?.replication;
      return { said: said("unknown", word ?? "not known", "Not a word this console knows: it is not taken for good."), line: "cut" };
    }
    case "off":
      return { said: said("risk", "Off", "Connected, but this volume is not replicated."), line: "cut" };
    case "starting":
      return { said: said("busy", `resync to ${towards} is starting`), line: "resync" };
    case "paused":
      return { said: said("risk", `resync to ${towards} paused${pausedAt(state)}`, pausedBy(state)), line: "resync" };
    case "resync":
      return progress?.stalled
        ? { said: said("risk", `resync to ${towards} stalled`, "Nothing was synced for a while."), line: "resync" }
        : { said: said("busy", `resync to ${towards}`), line: "resync" };
    case "verify":
      return { said: said("busy", "verify", differs ? `${differs} differ so far.` : null), line: "verify" };
    case "aheadBehind": {
      const why = "The line is slower than the writes: the other side is left behind and synced later.";
      return { said: said("risk", `${towards} is behind${differs ? ` by ${differs}` : ""}`, why), line: "differs" };
    }
    case "established":
      return judgeDisks(diskOf(a, b), diskOf(b, a), a.node, b.node, differs);
  }
}

function judgeDisks(aDisk: string, bDisk: string, a: string, b: string, differs: string | null): Judged {
  if (aDisk === "UpToDate" && bDisk === "UpToDate") {
    if (differs === null) return { said: said("ok", "in sync"), line: "connected" };
    const why = "Connected and both UpToDate, yet blocks are marked out of sync: a verify found them, or a resync left them.";
    return { said: said("differs", `differs in ${differs}`, why), line: "differs" };
  }
  const unheard = [[a, aDisk] as const, [b, bDisk] as const].find(([, disk]) => !DISK_WORDS.has(disk));
  if (unheard)
    return {
      said: said("unknown", `${unheard[0]} is ${unheard[1]}`, "Not a word this console knows: it is not taken for good."),
      line: "cut",
    };
  const odd: [string, string] = aDisk === "UpToDate" ? [b, bDisk] : [a, aDisk];
  if (odd[1] === "Diskless") return { said: said("risk", `${odd[0]} has no disk`, `${odd[0]} reads over the line.`), line: "connected" };
  return { said: said("risk", "connected, not in sync", `${odd[0]} is ${odd[1]} and no resync runs.`), line: "differs" };
}

/** How far a paused resync came, where no progress is printed that says it better. */
function pausedAt({ speaking }: PairState): string {
  if (speaking.some(({ peer }) => peer?.progress)) return "";
  for (const { peer, side } of speaking) {
    const size = side?.device.sizeBytes;
    if (peer && peer.outOfSyncBytes !== null && size) return ` at ${formatPercent(Math.max(0, 100 * (1 - peer.outOfSyncBytes / size)))}`;
  }
  return "";
}

function pausedBy({ a, b, speaking }: PairState): string | null {
  const reasons = new Set<string>();
  for (const end of speaking) {
    const other = end === a ? b : a;
    for (const by of end.peer?.pausedBy ?? []) {
      if (by === "user") reasons.add(`by hand on ${end.node}`);
      else if (by === "peer") reasons.add(`by ${other.node}`);
      else reasons.add("until another resync is done");
    }
  }
  // "by crystal" only repeats what crystal itself says better.
  for (const end of [a, b]) if (reasons.has(`by hand on ${end.node}`)) reasons.delete(`by ${end.node}`);
  return reasons.size === 0 ? null : `Paused ${joinWords([...reasons])}.`;
}

/** One side alone: said so, and not called good while the other side was known and has gone silent. */
function doubted(judged: Judged, { a, b }: PairState): Judged {
  const silent = [a, b].find((end) => !end.isCurrent);
  if (!silent) return judged;
  const speaker = silent === a ? b : a;
  const why = `Only ${speaker.node} says so. ${silent.standing?.why ?? `Nothing is read on ${silent.node} about it.`}`;
  const wasKnown = silent.standing !== null && silent.standing.why !== null;
  const isDoubtful = wasKnown && judged.said.level === "ok";
  return {
    ...judged,
    said: {
      level: isDoubtful ? "unknown" : judged.said.level,
      word: isDoubtful ? `${judged.said.word}, says ${speaker.node}` : judged.said.word,
      why: judged.said.why ? `${judged.said.why} ${why}` : why,
    },
  };
}
