// SPDX-License-Identifier: Apache-2.0
import { formatPercent, formatSeconds } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import type { Move } from "./wall";

/** A resync: how far it is, how long it takes, and which of the two must stay up until then. */
export function Moving({ moving: { resource, from, to, towards, progress }, mustStay }: { moving: Move; mustStay: readonly string[] }) {
  return (
    <div className="moving">
      <p className="l">
        <span className="act">
          <Icon shape="busy" /> {resource} {formatPercent(progress.percent, 0)} synced
        </span>
        <b>{progress.etaSeconds === null ? "" : `${formatSeconds(progress.etaSeconds * 1_000)} left`}</b>
      </p>
      <span className="bar">
        <i style={{ width: `${progress.percent}%` }} />
      </span>
      <p className="ends">
        {[from, to].map((node) => (
          <span key={node}>
            <b>{node}</b>
            <small>
              {mustStay.includes(node) ? (
                <>
                  <Icon shape="stop" /> must stay up
                </>
              ) : (
                node === towards && (
                  <>
                    <Icon shape="risk" /> not complete yet
                  </>
                )
              )}
            </small>
          </span>
        ))}
      </p>
    </div>
  );
}
