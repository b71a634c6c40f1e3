// SPDX-License-Identifier: Apache-2.0

/** "699000" → "11 min 39 s": the two largest units; under a second "0.4 s". */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d`;
}

function pad(count: number): string {
  return String(count).padStart(2, "0");
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** "12 KiB", "82 GiB", "1.5 TiB": as many digits as the pages print of the same amount. */
export function formatBytes(bytes: number): string {
  let amount = Math.max(0, bytes);
  let unit = 0;
  while (amount >= 1023.5 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit >= 3 && amount < 9.95 ? 1 : 0;
  return `${amount.toFixed(digits).replace(/\.0$/, "")} ${UNITS[unit] ?? ""}`;
}

/** Whole percent, rounded down: "100 %" is only said of what is complete. */
export function formatPercent(percent: number): string {
  return `${Math.floor(percent)} %`;
}

/** "ruby", "ruby and crystal", "ruby, crystal and jade". */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "1 port", "3 ports". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Ends in exactly one full stop. */
export function asSentence(text: string): string {
  return `${text.trim().replace(/[.\s]+$/, "")}.`;
}

/** Names in the order people expect: by letters, digits by value. */
export function byName(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
