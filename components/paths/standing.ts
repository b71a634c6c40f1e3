// SPDX-License-Identifier: Apache-2.0
import type { Level, Said } from "@/agent/protocol/console/view";
import type { PathGraph, PathLink, PathPart, Sketch } from "./graph";

/** How something stands on a way. */
export interface Standing {
  /**
   * `break`: here it is broken or at risk, and below it nothing is. `consequence`: it is so because of something below it.
   * `unknown`: nobody says now. `sound`: nothing known is wrong with it.
   */
  stands: "sound" | "break" | "consequence" | "unknown";
  /** For a consequence: what is broken below, by name. */
  because: readonly string[];
}

const TROUBLE: ReadonlySet<Level> = new Set(["bad", "risk", "differs"]);
const UNKNOWN: ReadonlySet<Level> = new Set(["unknown", "old"]);

/** A part or a link, and what is right below it. */
interface Element {
  said: Said | null;
  name: string;
  below: readonly string[];
}

/** What is known of everything below an element. */
interface Below {
  breaks: readonly string[];
  /** No way leads through it down to a disk. */
  isCut: boolean;
}

/** "e1.1 at jade" */
export function nameOf({ title, at, kind }: PathPart): string {
  return at === null || kind === "copy" ? title : `${title} at ${at}`;
}

/** Finds where the ways are broken, and what stands on that. Links that lead to nothing are told as unknown, not left out. */
export function judge({ parts, links }: Sketch): PathGraph {
  const whole = new Map(parts);
  for (const { from, to } of links.values())
    for (const id of [from, to])
      if (!whole.has(id)) whole.set(id, { id, kind: "mirror", title: id.replace(/^\w+:/, ""), at: null, about: null, said: NOT_IN_VIEW });
  const outOf = new Map<string, string[]>();
  for (const { id, from } of links.values()) outOf.set(from, [...(outOf.get(from) ?? []), id]);
  const elements = new Map<string, Element>();
  for (const part of whole.values()) elements.set(part.id, { said: part.said, name: nameOf(part), below: outOf.get(part.id) ?? [] });
  for (const one of links.values()) elements.set(one.id, { ...ownOf(one, whole), below: [one.to] });
  const look = looking(elements);
  return {
    parts: [...whole.values()].map((part) => ({ ...part, ...look(part.id) })),
    links: [...links.values()].map((one) => ({ ...one, name: elements.get(one.id)?.name ?? "the way", ...look(one.id) })),
  };
}

const NOT_IN_VIEW: Said = { level: "unknown", word: "not read", why: "No node says anything of it now." };

/** A way is as bad as what it crosses only where nothing goes through there any more. */
function ownOf({ from, to, said, crosses }: PathLink, parts: ReadonlyMap<string, PathPart>): Pick<Element, "said" | "name"> {
  const dead = crosses.find((one) => one.said?.level === "bad");
  if (dead) return { said: dead.said, name: `${dead.name ?? "the network"} of ${dead.node}` };
  const [upper, lower] = [parts.get(from), parts.get(to)];
  return { said, name: upper && lower ? `the way from ${nameOf(upper)} to ${nameOf(lower)}` : "the way" };
}

function looking(elements: ReadonlyMap<string, Element>): (id: string) => Standing {
  const known = new Map<string, Below>();
  const open = new Set<string>();
  const isTrouble = ({ said }: Element) => said !== null && TROUBLE.has(said.level);

  /** The element itself with all below it. A circle, which a stack of devices has not, ends where it is entered again. */
  function from(id: string): Below {
    const element = elements.get(id);
    const before = known.get(id);
    if (before) return before;
    if (!element || open.has(id)) return { breaks: [], isCut: false };
    open.add(id);
    const { breaks, isCut } = under(element);
    const result = {
      breaks: breaks.length === 0 && isTrouble(element) ? [element.name] : breaks,
      isCut: isCut || element.said?.level === "bad",
    };
    open.delete(id);
    known.set(id, result);
    return result;
  }

  function under({ below }: Element): Below {
    const each = below.map(from);
    return { breaks: [...new Set(each.flatMap(({ breaks }) => breaks))], isCut: each.length > 0 && each.every(({ isCut }) => isCut) };
  }

  return (id) => {
    const element = elements.get(id);
    if (!element) return { stands: "unknown", because: [] };
    const { breaks, isCut } = under(element);
    if (isTrouble(element)) return breaks.length === 0 ? { stands: "break", because: [] } : { stands: "consequence", because: breaks };
    if (isCut) return { stands: "consequence", because: breaks };
    if (element.said !== null && UNKNOWN.has(element.said.level)) return { stands: "unknown", because: [] };
    return { stands: "sound", because: [] };
  };
}
