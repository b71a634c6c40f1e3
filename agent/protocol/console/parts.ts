// SPDX-License-Identifier: Apache-2.0
import { decode } from "../decode";
import { listPartOf, withList } from "./list-parts";
import { Entity } from "./view";

/**
 * What changed in an entity: its changed fields, and of fields that are objects or lists only what changed in them.
 * A field that was a list and is an object here is a list's part (see list-parts.ts); whatever else is not an object is whole.
 */
export type Part = Record<string, unknown>;

/** A change that a part cannot say: a field is gone, or a list became an object. */
const UNSAYABLE = Symbol("unsayable");

export function isRecord(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What to say of a value that was `known` and is another one now. */
function changeOf(known: unknown, value: unknown): unknown {
  if (isRecord(value)) {
    if (Array.isArray(known)) return UNSAYABLE;
    return isRecord(known) ? (partOfRecord(known, value) ?? UNSAYABLE) : value;
  }
  return Array.isArray(known) && Array.isArray(value) ? (listPartOf(known, value, partOfRecord) ?? value) : value;
}

/** Null when a part cannot say it. */
function partOfRecord(before: Part, after: Part): Part | null {
  if (Object.keys(before).some((key) => before[key] !== undefined && after[key] === undefined)) return null;
  const part: Part = {};
  for (const [key, value] of Object.entries(after)) {
    const known = before[key];
    if (value === undefined || isSame(known, value)) continue;
    const change = changeOf(known, value);
    if (change === UNSAYABLE) return null;
    part[key] = change;
  }
  return part;
}

/** What a browser that knows `before` needs to be told of `after`; null when it must be told the whole. */
export function partOf(before: Entity, after: Entity): Part | null {
  return before.kind === after.kind ? partOfRecord(before, after) : null;
}

/** Undefined when the part of a list in it does not fit. */
function withRecord(known: Part, part: Part): Part | undefined {
  const whole = { ...known };
  for (const [key, change] of Object.entries(part)) {
    const value = withChange(known[key], change);
    if (value === undefined) return undefined;
    whole[key] = value;
  }
  return whole;
}

function withChange(known: unknown, change: unknown): unknown {
  if (!isRecord(change)) return change;
  if (Array.isArray(known)) return withList(known, change, (item, part) => (isRecord(item) ? withRecord(item, part) : undefined));
  return isRecord(known) ? withRecord(known, change) : change;
}

/** The entity as it is now; null when the part does not fit it: then only a snapshot helps. */
export function withPart(known: Entity, part: Part): Entity | null {
  const whole = decode(Entity, withRecord(known, part));
  return whole.ok ? whole.value : null;
}
