// SPDX-License-Identifier: Apache-2.0
import type { Entity } from "@/agent/protocol/console/view";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Deep equality of plain values (what JSON can say; a missing field equals an undefined one). */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isRecord(a) || !isRecord(b)) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => same(item, b[index]));
  }
  for (const key in a) if (!same(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** Equal but for their ages, which travel with the feed's pulse: a mere re-read is no change. */
export function sameButAge(a: Entity, b: Entity): boolean {
  if (a === b) return true;
  if (a.kind === "source" && b.kind === "source") {
    return same(a, { ...b, takenAtMs: a.takenAtMs, okAtMs: a.okAtMs });
  }
  if (a.kind === "node" && b.kind === "node") {
    // Uptime grows by itself; when the node was booted says the same without moving.
    const host = a.host && b.host ? { ...b.host, uptimeSeconds: a.host.uptimeSeconds } : b.host;
    return same(a, { ...b, host, lastWordAtMs: a.lastWordAtMs });
  }
  return same(a, b);
}
