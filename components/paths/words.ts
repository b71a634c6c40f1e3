// SPDX-License-Identifier: Apache-2.0
import type { Said } from "@/agent/protocol/console/view";
import type { Crossing, PathGraph } from "./graph";
import { nameOf, type Standing } from "./standing";

/** One line of a way in words. */
export interface WayLine {
  key: string;
  depth: number;
  text: string;
  about: string | null;
  said: Said;
  stands: Standing["stands"];
  because: readonly string[];
  /** "over hv05 eth2, jade bond0 (2 of 2 ports)"; empty where it crosses nothing. */
  crosses: string;
  /** What is said of the way to it, where that is not well. */
  way: Said | null;
}

/** A stack deeper than this is no stack: a circle is told as far as here. */
const DEEPEST = 12;

/** The whole picture as lists: one for each part that nothing stands on, each with all below it. */
export function wordsOf({ parts, links }: PathGraph): readonly (readonly WayLine[])[] {
  const byId = new Map(parts.map((part) => [part.id, part]));
  const isStoodOn = new Set(links.map(({ to }) => to));
  const lines = (id: string, depth: number, by: PathGraph["links"][number] | null, trail: string): WayLine[] => {
    const part = byId.get(id);
    if (!part || depth > DEEPEST) return [];
    const key = `${trail}/${id}`;
    const line: WayLine = {
      key,
      depth,
      text: nameOf(part),
      about: part.about,
      said: part.said,
      stands: part.stands,
      because: part.because,
      crosses: by ? crossesInWords(by.crosses) : "",
      way: by && by.stands !== "sound" ? by.said : null,
    };
    return [line, ...links.filter(({ from }) => from === id).flatMap((one) => lines(one.to, depth + 1, one, key))];
  };
  return parts.filter(({ id }) => !isStoodOn.has(id)).map(({ id }) => lines(id, 0, null, ""));
}

export function crossesInWords(crosses: readonly Crossing[]): string {
  if (crosses.length === 0) return "";
  return `over ${crosses.map(crossingInWords).join(", ")}`;
}

export function crossingInWords({ node, name, said }: Crossing): string {
  if (name === null) return `a network of ${node} that is not known`;
  return said === null ? `${node} ${name}` : `${node} ${name} (${said.word})`;
}

/** What is broken or at risk, each with what stands on it: the answer before the picture. */
export function breaksOf({ parts, links }: PathGraph): readonly { name: string; said: Said; takes: readonly string[] }[] {
  const all = [...parts.map((part) => ({ ...part, name: nameOf(part) })), ...links];
  return all
    .filter(({ stands }) => stands === "break")
    .map(({ name, said }) => ({
      name,
      said: said ?? { level: "bad", word: "nothing goes through", why: null },
      takes: parts.filter(({ because }) => because.includes(name)).map(nameOf),
    }));
}
