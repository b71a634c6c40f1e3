// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import { said } from "./said";

type Pairs = EntityOf<"ring">["pairs"];

/** What one end of a pair says of the other on one ring. */
export interface Hearing {
  node: string;
  /** An agent there reads Corosync: it could say. */
  isRead: boolean;
  isCurrent: boolean;
  isRunning: boolean | null;
  isConnected: boolean | null;
  /** As printed; null where it says nothing of the other. */
  words: string | null;
  /** Why it is not current. */
  why: string | null;
}

/** A link is up where both ends say so; one end alone is one opinion. */
export function judgePair(a: Hearing, b: Hearing): Said {
  const heard = [a, b].filter(({ isCurrent, isConnected }) => isCurrent && isConnected !== null);
  const [first, second] = heard;
  if (first === undefined) return withoutWord(a, b);
  if (second !== undefined) {
    if (a.isConnected && b.isConnected) return said("ok", "connected");
    if (!a.isConnected && !b.isConnected) return said("risk", "down", `Neither hears the other.`);
    const [hears, deaf] = a.isConnected ? [a.node, b.node] : [b.node, a.node];
    return said("risk", `${hears} hears ${deaf}, ${deaf} does not hear ${hears}`);
  }
  const other = first === a ? b : a;
  if (!first.isConnected) {
    if (other.isCurrent && other.isRunning === false) return said("risk", "down", `Corosync does not run on ${other.node}.`);
    return said("risk", `${first.node} does not hear ${other.node}`, other.why);
  }
  // Where nothing is read of the other end there is nobody who could say more.
  if (!other.isRead) return said("ok", `${first.node} hears ${other.node}`);
  return said("unknown", `${first.node} hears ${other.node}, ${other.node} does not say`, other.why);
}

function withoutWord(a: Hearing, b: Hearing): Said {
  const words = [a, b].filter(({ isCurrent, words }) => isCurrent && words !== null);
  const [one] = words;
  if (one) return said("unknown", `${one.words}`, "Not a word this console knows.");
  const known = [a, b].filter(({ isConnected }) => isConnected !== null);
  if (known.length === 0) return said("unknown", "not said");
  const word = known.every(({ isConnected }) => isConnected) ? "was connected" : "was down";
  return said("old", word, a.why ?? b.why);
}

/** A pair that is down on every ring it has is cut off: what was a lost way more is then the last one. */
export function cutOff(rings: readonly Pairs[]): Pairs[] {
  const whole = new Set<string>();
  for (const pair of rings.flat()) if (pair.said.level !== "risk") whole.add(nameOfPair(pair));
  return rings.map((pairs) =>
    pairs.map((pair) => (whole.has(nameOfPair(pair)) ? pair : { ...pair, said: { ...pair.said, level: "bad" as const } })),
  );
}

function nameOfPair({ a, b }: Pairs[number]): string {
  return `${a} ${b}`;
}
