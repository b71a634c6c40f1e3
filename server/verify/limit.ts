// SPDX-License-Identifier: Apache-2.0

/** A mirror that was not clean within so many days is overdue. */
export const LIMIT_DAYS = 30;
const DAY_MS = 86_400_000;

export function isOverdue(cleanAtMs: number, nowMs: number): boolean {
  return nowMs - cleanAtMs > LIMIT_DAYS * DAY_MS;
}
