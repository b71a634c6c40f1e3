// SPDX-License-Identifier: Apache-2.0

/** So long alerts that are over, messages and silences are listed. */
export const LISTED_MS = 7 * 86_400_000;
/** What is over, and what was sent, is kept for so long. */
export const KEPT_MS = 90 * 86_400_000;
