// SPDX-License-Identifier: Apache-2.0
import { decode } from "../decode";
import { Entity } from "./view";

/** What changed in an entity: its changed fields, and of fields that are objects only what changed in them. Lists are whole. */
export type Part = Record<string, unknown>;

function isRecord(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Null when a part cannot say it: a field is gone. */
function partOfRecord(before: Part, after: Part): Part | null {
  if (Object.keys(before).some((key) => before[key] !== undefined && after[key] === undefined)) return null;
  const part: Part = {};
  for (const [key, value] of Object.entries(after)) {
    const known = before[key];
    if (value === undefined || isSame(known, value)) continue;
    if (isRecord(known) && isRecord(value)) {
      const inner = partOfRecord(known, value);
      if (inner === null) return null;
      part[key] = inner;
    } else part[key] = value;
  }
  return part;
}

/** What a browser that knows `before` needs to be told of `after`; null when it must be told the whole. */
export function partOf(before: Entity, after: Entity): Part | null {
  return before.kind === after.kind ? partOfRecord(before, after) : null;
}

function withRecord(known: Part, part: Part): Part {
  const whole = { ...known };
  for (const [key, value] of Object.entries(part)) {
    const inner = known[key];
    whole[key] = isRecord(inner) && isRecord(value) ? withRecord(inner, value) : value;
  }
  return whole;
}

/** The entity as it is now; null when the part does not fit it: then only a snapshot helps. */
export function withPart(known: Entity, part: Part): Entity | null {
  const whole = decode(Entity, withRecord(known, part));
  return whole.ok ? whole.value : null;
}
