// SPDX-License-Identifier: Apache-2.0

/** Moves the focus to the next or previous row of the page, as its links marked `data-row` stand; stops at either end. */
export function moveRow(page: Document, step: 1 | -1): void {
  const rows = [...page.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row.matches(":focus"));
  const next = at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
}
