// SPDX-License-Identifier: Apache-2.0
"use client";
import { useClockText } from "@/components/live/use-live";
import { formatBytes, formatPercent, formatWhen } from "@/components/ui/format";
import { foundBytes, isRepeated, type Places, scaleOf } from "./places";

/** Each run as the device from its begin to its end, with what it found; a run that did not reach the end is drawn as far as it came. */
export function PlacesMap({ runs, places, sizeBytes }: Places & { sizeBytes: number }) {
  const sectors = sizeBytes / 512;
  return (
    <div className="places-map" aria-hidden="true">
      {runs.map(({ id, startedAtMs, reachedSector }, run) => {
        const reached = reachedSector === null ? 100 : Math.min(100, (reachedSector / sectors) * 100);
        return (
          <div key={id} className={reachedSector === null ? "map-row" : "map-row is-part"} style={{ "--reached": `${reached}%` }}>
            <span className={run === runs.length - 1 ? "is-this" : ""}>
              <RunDay atMs={startedAtMs} />
            </span>
            <span className="map-track">
              {places.map((place) =>
                place.said[run] === "differs" ? (
                  <i
                    key={place.startSector}
                    className={isRepeated(place) ? "is-again" : ""}
                    style={{ left: `${(place.startSector / sectors) * 100}%`, width: `max(3px, ${(place.sectors / sectors) * 100}%)` }}
                  />
                ) : null,
              )}
            </span>
            <span>{reachedSector === null ? formatBytes(foundBytes(places, run)) : `to ${formatPercent(reached, 0)}`}</span>
          </div>
        );
      })}
      <div className="map-scale">
        {scaleOf(sizeBytes).map((bytes) => (
          <span key={bytes}>{bytes === 0 ? "0" : formatBytes(bytes)}</span>
        ))}
      </div>
    </div>
  );
}

/** "12 Oct", or the clock for a run of today: what tells it from the others. */
export function RunDay({ atMs }: { atMs: number }) {
  return (
    <time dateTime={new Date(atMs).toISOString()}>
      {useClockText(({ nowMs, zone }) => {
        const text = formatWhen(atMs, nowMs, zone);
        return / \d\d:\d\d$/.test(text) ? text.replace(/ \d\d:\d\d$/, "") : text;
      })}
    </time>
  );
}
