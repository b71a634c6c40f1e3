// SPDX-License-Identifier: Apache-2.0
import type { Said } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { fromDevices, fromExports } from "./aoe-paths";
import { bondsOf } from "./crossings";
import { fromSessions, fromTargets } from "./iscsi-paths";
import { judge, type Standing } from "./standing";
import { fromArrays, fromMirrors } from "./storage-paths";

/** What a node of the picture is, from the client down: its column. */
export type PathKind = "device" | "address" | "mirror" | "copy" | "disk";

/** One thing on a way from a client's device down to a disk. */
export interface PathPart {
  /** The entity's key, where the view has one; else made of what is known of it. */
  id: string;
  kind: PathKind;
  /** "e1.1", "LUN 0", "store", "ruby", "md0". */
  title: string;
  /** The machine it is on; null: on none alone, or not known. */
  at: string | null;
  /** What is said beside its state: "drbd0, protocol C". */
  about: string | null;
  /** Its state as the view has it; what is not known is there all the same, as unknown. */
  said: Said;
}

/** A bond, or what else a way goes through between two machines. */
export interface Crossing {
  node: string;
  /** The outermost bond, else the interface; null: not known which. */
  name: string | null;
  /** Null: an interface that is in no bond, or not known. */
  said: Said | null;
}

/** `from` stands on `to`. */
export interface PathLink {
  id: string;
  from: string;
  to: string;
  /** How the way itself is, where anybody says that: "jade does not answer". */
  said: Said | null;
  crosses: readonly Crossing[];
}

/** What the collecting functions put together. */
export interface Sketch {
  parts: Map<string, PathPart>;
  links: Map<string, PathLink>;
}

export interface PathGraph {
  parts: readonly (PathPart & Standing)[];
  /** `name`: what is broken where the way is: a bond, or "the way from e1.1 at hv05 to e1.1 at jade". */
  links: readonly (PathLink & Standing & { name: string })[];
}

/** All ways of a cluster from its clients' devices down to the disks, with where they are broken and what stands on that. */
export function selectPaths(of: Picture["of"]): PathGraph {
  const sketch: Sketch = { parts: new Map(), links: new Map() };
  const bonds = bondsOf(of("bond"));
  fromArrays(sketch, of);
  fromMirrors(sketch, of);
  fromExports(sketch, of);
  fromDevices(sketch, of, bonds);
  fromTargets(sketch, of);
  fromSessions(sketch, of);
  return judge(sketch);
}

export function put(sketch: Sketch, part: PathPart): string {
  if (!sketch.parts.has(part.id)) sketch.parts.set(part.id, part);
  return part.id;
}

export function link(sketch: Sketch, from: string, to: string, said: Said | null = null, crosses: readonly Crossing[] = []): void {
  const id = `${from} > ${to}`;
  if (from !== to && !sketch.links.has(id)) sketch.links.set(id, { id, from, to, said, crosses });
}

export function unknown(word: string, why: string | null = null): Said {
  return { level: "unknown", word, why };
}
