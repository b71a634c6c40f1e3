// SPDX-License-Identifier: Apache-2.0
import { formatPercent } from "./format";

/** Something on its way. Its label never lies on it: what stands above, how much below. */
export function Bar({ percent, label, thin = false }: { percent: number; label: string; thin?: boolean }) {
  const width = Math.min(100, Math.max(0, percent));
  return (
    <span
      className={thin ? "bar v" : "bar"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(width * 10) / 10}
      aria-valuetext={formatPercent(width)}
    >
      <i style={{ width: `${width}%` }} />
    </span>
  );
}
