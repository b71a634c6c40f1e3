// SPDX-License-Identifier: Apache-2.0
import type { Offer } from "@/agent/protocol/console/commands";
import type { Repair, RepairStep } from "@/agent/protocol/console/repair";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { formatBytes, joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { caseOf, type RepairAsk, type RepairCase, stageOf } from "./case";
import { openDisconnect, runsOf } from "./runs";
import { stepsOf } from "./steps";
import { nameOf, overwriteSentence, versionsOf } from "./words";

/** What opens the dialog of a step. */
export type OfferStep = (verb: string, ask: RepairAsk) => Offer;

type Mirror = EntityOf<"mirror">;

/** Every line of a mirror that a verify left something to be done on, and the steps: which is next is read off the view. */
export function repairsOf(view: View, mirror: Mirror, offer: OfferStep): Repair[] {
  const differing = mirror.pairs.filter((pair) => stageOf(pair) === "marked");
  return mirror.pairs.flatMap((pair): Repair[] => {
    const begun = begunOn(view, mirror, pair);
    if (begun) return [repairOf(view, begun, offer)];
    if (!differing.includes(pair)) return [];
    const ask = directionOf(mirror, pair);
    return "refusal" in ask ? [refused(view, mirror, pair, ask.refusal)] : [repairOf(view, ask, offer)];
  });
}

/** The whole in a sentence. */
export function planSays(mirror: Mirror, repairs: readonly Repair[]): string {
  const name = mirrorName(mirror);
  if (repairs.length > 0) return joinSentences(repairs.map(({ says }) => says));
  return mirror.pairs.some((pair) => stageOf(pair) === "unclear")
    ? `Not known whether anything is marked out of sync: ${mirror.said.word}.`
    : `There is nothing to repair on ${name}: no verify has left anything marked.`;
}

const joinSentences = (sentences: readonly string[]) => [...new Set(sentences)].join(" ");

/** A repair of this line that is half way, under way, or was just done: its direction is what it began with. */
function begunOn(view: View, mirror: Mirror, { a, b }: Mirror["pairs"][number]): RepairAsk | null {
  const { resource, volume } = mirror;
  const asks = [
    { resource, volume, from: a, to: b },
    { resource, volume, from: b, to: a },
  ];
  return asks.find((ask) => openDisconnect(view, ask) || isRecent(view, ask)) ?? null;
}

/** Its last step is under way, or was through and left nothing marked; where something is marked again it begins anew. */
function isRecent(view: View, ask: RepairAsk): boolean {
  const [last] = runsOf(view, ask);
  if (!last) return false;
  const stage = caseOf(view, ask)?.stage;
  return last.run.endedAtMs === null || ((last.run.outcome === "done" || last.run.outcome === "unsettled") && stage !== "marked");
}

/** The Primary's data stays. Where there is none, or two, nobody can tell. */
function directionOf(mirror: Mirror, { a, b }: Mirror["pairs"][number]): RepairAsk | { refusal: string } {
  const { resource, volume, copies } = mirror;
  const primaries = copies.filter(({ role }) => role === "Primary").map(({ node }) => node);
  const [primary, second] = primaries;
  if (second !== undefined) {
    const refusal = `${mirrorName(mirror)} is Primary on ${joinWords(primaries)}: whose blocks are the right ones cannot be told. Make one side Secondary first.`;
    return { refusal };
  }
  if (primary === undefined) {
    const refusal = `No node is Primary for ${mirrorName(mirror)}: whose blocks are the right ones cannot be told, and DRBD would resynchronise nothing. Start what uses it first.`;
    return { refusal };
  }
  if (primary !== a && primary !== b) {
    const refusal = `Neither ${a} nor ${b} is Primary for ${mirrorName(mirror)}; ${primary} is. Verify each of them against ${primary}: what is marked there is repaired from the copy in use.`;
    return { refusal };
  }
  return { resource, volume, from: primary, to: primary === a ? b : a };
}

function refused(view: View, mirror: Mirror, pair: Mirror["pairs"][number], refusal: string): Repair {
  const { resource, volume } = mirror;
  const repair = caseOf(view, { resource, volume, from: pair.a, to: pair.b });
  const bytes = pair.outOfSyncBytes;
  return {
    direction: null,
    bytes,
    method: repair?.method ?? null,
    versions: repair ? versionsOf(repair.from, repair.to) : "not known",
    says: `${pair.a} and ${pair.b} differ in ${bytes === null ? "an amount that is not known" : formatBytes(bytes)} of ${mirrorName(mirror)}.`,
    refusal,
    halfWay: null,
    steps: [],
  };
}

function repairOf(view: View, ask: RepairAsk, offer: OfferStep): Repair {
  const repair = caseOf(view, ask);
  const left = openDisconnect(view, ask);
  const direction = { from: ask.from, to: ask.to };
  const halfWay = left && { by: left.by, atMs: left.endedAtMs ?? left.startedAtMs };
  if (!repair) {
    const says = `${ask.from} and ${ask.to} are not joined by a line of ${nameOf(ask)} any more.`;
    return { direction, bytes: null, method: null, versions: "not known", says, refusal: says, halfWay, steps: [] };
  }
  const { bytes, from, to, method } = repair;
  const versions = versionsOf(from, to);
  const refusal = method === null ? `No way to repair is known for DRBD ${versions}. Look into the users' guide of that version.` : null;
  const steps = refusal === null ? stepsOf(view, repair, offer) : [];
  return { direction, bytes, method, versions, says: saysOf(repair, steps, halfWay !== null), refusal, halfWay, steps };
}

function saysOf({ ask, bytes, stage }: RepairCase, steps: readonly RepairStep[], isHalfWay: boolean): string {
  if (isHalfWay) return `${nameOf(ask)} is disconnected for a repair. ${overwriteSentence(bytes, ask)}`;
  if (steps.some(({ state }) => state === "running")) return `The repair of ${nameOf(ask)} on ${ask.to} is under way.`;
  if (stage === "same") return `${nameOf(ask)} on ${ask.to} was made the same as ${ask.from}'s. Only a clean verify proves it.`;
  return overwriteSentence(bytes, ask);
}
