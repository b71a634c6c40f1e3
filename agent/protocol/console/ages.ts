// SPDX-License-Identifier: Apache-2.0

/**
 * Ages as a pulse carries them: one short text per cluster, one sign per entity, in an order both sides know.
 *
 * Shape: `-` as it was told last, and growing since; `!` never; one of `0-9a-zA-Z` the age itself, 0 to 61; `(n)` an older one.
 * Units: tenths of a second.
 */
export type Age = number | "never" | "asTold";

const SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TOKEN = /-|!|[0-9a-zA-Z]|\((\d{1,12})\)/g;

/** What `AGES` allows, and nothing else, is read by `parseAges`. */
export const AGES = /^(?:-|!|[0-9a-zA-Z]|\(\d{1,12}\))*$/;

function sign(age: Age): string {
  if (age === "asTold") return "-";
  if (age === "never") return "!";
  const tenths = Math.max(0, Math.round(age));
  return SIGNS[tenths] ?? `(${tenths})`;
}

export function formatAges(ages: readonly Age[]): string {
  return ages.map(sign).join("");
}

/** Ages of a text that fits `AGES`. */
export function parseAges(text: string): Age[] {
  return Array.from(text.matchAll(TOKEN), ([token, old]) => {
    if (token === "-") return "asTold";
    if (token === "!") return "never";
    return old === undefined ? SIGNS.indexOf(token) : Number(old);
  });
}
