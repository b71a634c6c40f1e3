// SPDX-License-Identifier: Apache-2.0

/** A time that a cluster prints with its zone, "2026-11-20 11:28:45Z" or "… +01:00", in epoch ms; null for any other. */
export function printedMs(text: string | null): number | null {
  const found = text?.match(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)$/);
  if (!found) return null;
  const ms = Date.parse(`${found[1]}T${found[2]}${found[3]}`);
  return Number.isNaN(ms) ? null : ms;
}
