// SPDX-License-Identifier: Apache-2.0
"use client";
import type { ReactNode } from "react";
import type { VerifyDetail, VerifyRecord } from "@/agent/protocol/console/verify";
import { When } from "@/components/live/Age";
import { formatBytes, formatCount, formatRate, unbroken } from "@/components/ui/format";
import { PlacesMap } from "./PlacesMap";
import { PlacesTable } from "./PlacesTable";
import { placesOf } from "./places";
import { sayBy, sayTook } from "./words";

/** One run with all that is kept of it: what it found beside earlier runs, what that means, and where it is from. */
export function RunDetail({ detail: { record, comparison }, children }: { detail: VerifyDetail; children?: ReactNode }) {
  const places = placesOf(record, comparison);
  const hasPlaces = places.places.length > 0;
  // A run that did not reach the end says so first: what it did not reach it cannot compare.
  const words = record.result === "clean" || record.result === "differs" ? comparison : null;
  return (
    <div className={hasPlaces ? "verify-detail" : "verify-detail is-plain"}>
      <div>
        <h3>{unbroken(words?.title ?? record.says ?? "It goes on.")}</h3>
        <p className="d2">{unbroken(words?.meaning ?? meaningOf(record))}</p>
        {words !== null && record.says !== null && <p className="d3 s12">{unbroken(record.says)}</p>}
        {hasPlaces && record.sizeBytes !== null && <PlacesMap {...places} sizeBytes={record.sizeBytes} />}
        {hasPlaces && <Facts record={record} />}
      </div>
      <div>
        {hasPlaces && <PlacesTable {...places} />}
        {!hasPlaces && <Facts record={record} />}
        <div className="acts">
          {children}
          <a className="go s12" href={`/api/v1/verifies/${encodeURIComponent(record.id)}`} download={`verify-${record.id}.json`}>
            All that is kept, as JSON
          </a>
        </div>
        <Lines lines={record.lines} />
      </div>
    </div>
  );
}

function meaningOf({ result, rangesNotKept, ranges }: VerifyRecord): string {
  switch (result) {
    case "clean":
      return "Both copies were the same over the whole device.";
    case "differs":
      return ranges.length === 0
        ? `Which blocks differ is not known${rangesNotKept > 0 ? `: ${rangesNotKept} places were not kept` : ": no kernel line told"}.`
        : "There is no earlier run to compare it with. A second run tells whether the same blocks differ again.";
    case "aborted":
      return "What lies beyond the point it reached was not compared: this run proves nothing of it.";
    case "refused":
      return "Nothing was compared.";
    case "unknown":
      return "What became of it was not seen: it proves nothing.";
    case null:
      return "It is still comparing.";
  }
}

function Facts({ record }: { record: VerifyRecord }) {
  const { starter, peer, algorithm, rateBytesPerSec, outOfSync, accepted, versions } = record;
  const took = sayTook(record);
  const rows: readonly (readonly [string, ReactNode])[] = [
    ["Began", <When key="when" atMs={record.startedAtMs} />],
    ["Asked for", sayBy(record)],
    ["Started on", starter === null ? "not seen" : peer === null ? starter : `${starter}, compared with ${peer}`],
    ...(took === null ? [] : [["Took", took] as const]),
    ["Mean rate", rateBytesPerSec === null ? "not known" : formatRate(rateBytesPerSec)],
    ["verify-alg", algorithm ?? "not said"],
    ["DRBD", versions.map(({ node, version }) => `${version} on ${node}`).join(", ") || "not said"],
    ...outOfSync.map(
      ({ node, beforeBytes, afterBytes }) =>
        [`Out of sync, ${node}`, `${sayBytes(beforeBytes)} before, ${sayBytes(afterBytes)} after`] as const,
    ),
    ...(accepted.length > 0 ? [["Accepted warnings", accepted.join(", ")] as const] : []),
  ];
  return (
    <dl className="f">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function sayBytes(bytes: number | null): string {
  return bytes === null ? "not read" : formatBytes(bytes);
}

function Lines({ lines }: { lines: VerifyRecord["lines"] }) {
  if (lines.length === 0) return <p className="s12 d3">No kernel line about it was seen.</p>;
  return (
    <details className="verify-lines">
      <summary>{formatCount(lines.length, "kernel line")} of both nodes</summary>
      <ol className="k">
        {lines.map(({ node, atMs, text }, index) => (
          // The same line may come twice in the same millisecond.
          // biome-ignore lint/suspicious/noArrayIndexKey: a record's lines stand still
          <li key={`${node} ${atMs} ${index}`}>
            <When atMs={atMs} />
            <b>{node}</b>
            <span className="x">{text}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
