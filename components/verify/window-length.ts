// SPDX-License-Identifier: Apache-2.0

/** How long a window may be open, as the form offers it. Units: minutes. */
export const WINDOW_LENGTHS = [60, 120, 180, 240, 360, 480, 720, 1_440, 2_880] as const;

/** "4 h", "1 d", "90 min": no more exact than it was chosen. Units: minutes. */
export function sayLength(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440}\u00a0d`;
  return minutes % 60 === 0 ? `${minutes / 60}\u00a0h` : `${minutes}\u00a0min`;
}
