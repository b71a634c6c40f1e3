// SPDX-License-Identifier: Apache-2.0
import { formatBytes, formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { RunDay } from "./PlacesMap";
import type { Places } from "./places";

const SHOWN = 40;
const SECTORS = new Intl.NumberFormat("en-GB");

const WORDS = {
  differs: { shape: "differs", ink: "risk" },
  same: { shape: "ok", ink: "d2" },
  "not reached": { shape: "absent", ink: "d3" },
} as const;

/** The same places in numbers, as the kernel counts them. */
export function PlacesTable({ runs, places, notShown }: Places) {
  const more = notShown + Math.max(0, places.length - SHOWN);
  return (
    <>
      <table className="places-table">
        <caption className="sr">Places that differ</caption>
        <thead>
          <tr>
            <th scope="col">First sector</th>
            <th scope="col">Size</th>
            {runs.map(({ id, startedAtMs }) => (
              <th key={id} scope="col">
                <RunDay atMs={startedAtMs} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.slice(0, SHOWN).map(({ startSector, sectors, said }) => (
            <tr key={startSector}>
              <td>
                <code>{SECTORS.format(startSector)}</code>
              </td>
              <td>{formatBytes(sectors * 512)}</td>
              {runs.map(({ id }, run) => {
                const word = said[run] ?? "not reached";
                return (
                  <td key={id} className={WORDS[word].ink}>
                    <Icon shape={WORDS[word].shape} /> {word}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="s12 d3">and {formatCount(more, "more place")}: the export has those that were kept.</p>}
    </>
  );
}
