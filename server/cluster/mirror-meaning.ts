// SPDX-License-Identifier: Apache-2.0
import { linkState } from "./drbd-words";
import type { MirrorState } from "./mirror-holders";
import type { PairState } from "./mirror-pair";
import { splitBrainSteps } from "./split-brain";
import { formatBytes, formatDuration, formatPercent, joinWords } from "./words";

/** What the pair of states means, in plain sentences: most important first, what next last. */
export function meaningOf(state: MirrorState, onlyHolder: string | null): string[] {
  return [...copySentences(state, onlyHolder), ...state.pairs.flatMap((pair, index) => pairSentences(state, pair, index))];
}

function copySentences({ joined, copies, states }: MirrorState, onlyHolder: string | null): string[] {
  const sentences: string[] = [];
  const name = joined.sides.find(({ device }) => device.resource !== null)?.device.resource ?? "it";
  if (onlyHolder !== null) sentences.push(`Only ${onlyHolder} holds all of ${name}: it must stay up.`);
  if (copies.every((copy) => copy.disk === "Inconsistent")) {
    sentences.push("No copy is complete: DRBD will not choose one by itself. A new mirror is like this until its first sync.");
  }
  for (const { node, device } of joined.sides) {
    if (device.suspended) sentences.push(`All reads and writes on ${node} wait until DRBD lets them go on.`);
    if (device.unconfigured) sentences.push(`On ${node} the minor exists, but nothing is attached to it or connected.`);
    if (device.disk === "Diskless" && !device.unconfigured) {
      sentences.push(
        `${node} has no disk under it and reads over the line: look for disk errors in its kernel log, or at what detached it.`,
      );
    }
    if (device.disk === "Failed") sentences.push(`The disk under it on ${node} gave errors.`);
    if (device.disk === "Outdated") sentences.push(`${node} knows that its copy is older: it will not be used before a resync.`);
    if (device.activityLogSuspended) sentences.push(`On ${node} the activity log is suspended: a crash there means a full resync.`);
  }
  const writers = joined.sides.filter(({ device }) => device.role === "Primary").map(({ node }) => node);
  if (writers.length > 1) {
    const isCut = states.some(({ link }) => link !== "connected");
    sentences.push(
      isCut
        ? `${joinWords(writers)} are both Primary and not connected: each may be writing its own data.`
        : `${joinWords(writers)} are both Primary: only a cluster file system may use both at once.`,
    );
  }
  return sentences;
}

function pairSentences({ states }: MirrorState, pair: MirrorState["pairs"][number], index: number): string[] {
  const state = states[index];
  if (!state) return [];
  const { a, b } = state;
  const silent = [a, b].filter((end) => !end.isCurrent && end.standing?.why).map((end) => end.standing?.why ?? "");
  const where = states.length > 1 ? `Between ${pair.a} and ${pair.b}: ` : "";
  switch (state.link) {
    case "old":
    case "none":
      return [`${begin(where, "nothing current is known.")} ${silent.join(" ")}`.trim()];
    case "unknown":
      return [`${where}${pair.said.word} is not a word this console knows. Look at the node itself.`];
    case "contradiction":
      return [`${where}${pair.said.word}. One side has not noticed yet, or packets pass in one direction only.`, ...silent];
    case "standAlone": {
      if ([a, b].some(({ isSplit }) => isSplit)) return splitSentences(state, where, pair, silent);
      const isBoth = [a, b].every((end) => end.peer && linkState(end.peer.connection) === "standAlone");
      if (isBoth) {
        return [
          begin(where, "both sides are StandAlone: neither tries to connect."),
          "That alone is not proof of a split brain: look for “Split-Brain detected” in the kernel log of both.",
        ];
      }
      const alone = state.speaking.find((end) => end.peer && linkState(end.peer.connection) === "standAlone");
      return [
        `${where}${alone?.node ?? pair.a} is StandAlone: disconnected by hand, or it refused the other's data. It connects on drbdadm connect.`,
        ...silent,
      ];
    }
    case "waiting":
    case "broken": {
      const waits = state.speaking.map(({ node }) => node);
      return [
        `${where}${joinWords(waits)} ${waits.length === 1 ? "waits" : "wait"} for a connection. Writes go to one copy only, and are synced when it comes back.`,
        ...(silent.length > 0 ? silent : ["Look at the line between them, and whether DRBD is up on the other side."]),
      ];
    }
    case "connected":
      return connectedSentences(where, pair, silent);
  }
}

function splitSentences({ speaking }: PairState, where: string, pair: MirrorState["pairs"][number], silent: string[]): string[] {
  const device = speaking.find(({ side }) => side !== null)?.side?.device;
  const generation = device?.cs === null ? "9" : null;
  return [
    begin(where, `${pair.a} and ${pair.b} hold different data: both copies were written while they were apart.`),
    splitBrainSteps(device?.resource ?? "RESOURCE", generation),
    "This console does not do it for you: only a person can say which data is worth keeping.",
    ...silent,
  ];
}

/** A sentence after its "Between … and …: ", or standing alone. */
function begin(where: string, text: string): string {
  return where === "" ? `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}` : `${where}${text}`;
}

function connectedSentences(where: string, pair: MirrorState["pairs"][number], silent: string[]): string[] {
  const { progress } = pair;
  const eta = typeof progress?.etaSeconds === "number" ? `, about ${formatDuration(progress.etaSeconds * 1000)}` : "";
  const rest = progress === null ? "" : ` ${formatPercent(progress.percent)} done, ${formatBytes(progress.leftBytes)} left${eta}.`;
  switch (pair.line) {
    case "connected":
      return pair.said.level === "unknown" && pair.said.why !== null ? [begin(where, pair.said.why)] : silent;
    case "resync":
      return [`${begin(where, pair.said.word)}.${rest} Until it is done ${pair.towards ?? "that copy"} cannot be used alone.`, ...silent];
    case "verify":
      return [`${begin(where, "both copies are being compared; nothing is repaired.")}${rest}`, ...silent];
    case "differs":
    case "cut":
    case "old":
      return [`${where}${pair.said.word}. ${pair.said.why ?? ""}`.trim(), ...silent];
  }
}
