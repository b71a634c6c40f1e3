// SPDX-License-Identifier: Apache-2.0

/** How the troubled clusters share the screen. */
export interface Layout {
  columns: number;
  rows: number;
  /** `lead`: the first is larger than the others; `tiles`: all alike; `compact`: so many that each has its name and its sentence alone. */
  form: "lead" | "tiles" | "compact";
  /** The size of the words; 1: as on a wall of three. */
  scale: number;
  /** As many lines a sentence may take. */
  lines: number;
}

/** A screen in its own units (1/1920 of the width), without its head and its foot. */
const WIDTH = 1_920;
const HEIGHT = 876;
/** No sentence is smaller: at 6 m from 55 inches a person still reads it. */
const SMALLEST = 32;
const SENTENCE = 62;
const NAME = 30;

export function layOut(count: number): Layout {
  if (count <= 1) return { columns: 1, rows: 1, form: "lead", scale: 1, lines: 3 };
  if (count <= 4) return { columns: 2, rows: count - 1, form: "lead", scale: count === 4 ? 0.75 : 1, lines: 3 };
  const columns = Math.ceil(Math.sqrt(count * 1.4));
  const rows = Math.ceil(count / columns);
  if (count <= 6) return { columns, rows, form: "tiles", scale: 0.8, lines: 3 };
  const size = Math.min(SENTENCE, Math.max(SMALLEST, WIDTH / columns / 7.5));
  const scale = size / SENTENCE;
  const room = HEIGHT / rows - 1.2 * Math.max(NAME, 44 * scale) - 48 * scale;
  return { columns, rows, form: "compact", scale, lines: Math.max(2, Math.min(5, Math.floor(room / (1.1 * size)))) };
}

/** The size of the one sentence that everybody shall see first: the shorter it is the larger. Units: of 1/1920 of the width. */
export function leadSize(sentence: string): number {
  if (sentence.length <= 28) return 118;
  return sentence.length <= 56 ? 96 : 76;
}
