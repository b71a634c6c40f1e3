// SPDX-License-Identifier: Apache-2.0

/** The value below which this share of all lies (nearest rank). @throws when there are none */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("There is nothing to take a quantile of.");
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
