// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { useClockText } from "@/components/live/use-live";
import { Env } from "@/components/ui/Env";
import { formatMoment } from "@/components/ui/format";

/** One recording as the fleet's page lists it. */
export interface RecordingRow {
  slug: string;
  title: string;
  atMs: number;
  origin: string;
  openedBy: string;
  /** What was judged as of its moment. */
  headline: string;
}

/** Recordings that are open, below the clusters and never among them: none of this is live, and no verdict counts it. */
export function Recordings({ rows }: { rows: readonly RecordingRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section className="recordings" aria-labelledby="recordings">
      <h2 id="recordings">
        Recordings <small>not live, not counted above</small>
      </h2>
      <ul>
        {rows.map((row) => (
          <li key={row.slug}>
            <Link href={`/c/${row.slug}`}>
              <b>{row.title}</b>
            </Link>{" "}
            <Env environment="recorded" />{" "}
            <span className="d2">
              <Moment atMs={row.atMs} />, then: {row.headline}
            </span>{" "}
            <span className="d3">
              from {row.origin}, opened by {row.openedBy}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Moment({ atMs }: { atMs: number }) {
  return <>{useClockText(({ zone }) => formatMoment(atMs, zone))}</>;
}
