// SPDX-License-Identifier: Apache-2.0

/** One measured figure, as `--json` prints it. */
export interface Row {
  name: string;
  /** Null when it could not be measured; `versus` then says why. */
  value: number | null;
  unit: string;
  /** What it may be at the most; null for a figure that only stands beside another. */
  bound: number | null;
  /** Null where there is no bound. */
  met: boolean | null;
  /** What it was compared with or measured on, in words. */
  versus: string | null;
}

/** One measurement: gives its rows, and cleans up after itself also when it fails. */
export interface Measurement {
  name: string;
  /** What its rows are, for `--list` and for the row that stands for a failure. */
  about: string;
  measure: (say: (sentence: string) => void) => Promise<Row[]>;
}

/** Four digits are more than a shared machine can tell. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

export function row(name: string, value: number, unit: string, bound: number | null, versus: string | null = null): Row {
  return { name, value: rounded(value), unit, bound, met: bound === null ? null : value <= bound, versus };
}

/** A measurement that failed: told as a row that is not met, never left out. */
export function failedRow({ name, about }: Measurement, why: string): Row {
  return { name, value: null, unit: "", bound: null, met: false, versus: `${about}: not measured: ${why}` };
}
