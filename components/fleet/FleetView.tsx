// SPDX-License-Identifier: Apache-2.0

import Link from "next/link";
import type { ReactNode } from "react";
import { When } from "@/components/live/Age";
import { Recordings } from "@/components/recorded/Recordings";
import { EmptyState } from "@/components/ui/EmptyState";
import { unbroken } from "@/components/ui/format";
import { ClusterRow } from "./ClusterRow";
import { apart, changesOf, type FleetCluster, newestFirst, ranked, sayFleet } from "./fleet";

/** As many as a tall window has room for; `fleet.css` leaves out what a lower one has not. */
const EVENTS_SHOWN = 30;

/** Every cluster, worst first; what changed, below. */
export function FleetView(props: { clusters: readonly FleetCluster[]; clock: ReactNode; mayEnrol: boolean }) {
  const { clock, mayEnrol } = props;
  const { living: clusters, recordings } = apart(props.clusters);
  const { headline, rest } = sayFleet(clusters);
  if (clusters.length === 0)
    return (
      <main className="fleet">
        <h1 className="sr">Fleet</h1>
        <EmptyState title="No cluster yet">
          <p>A cluster appears here as soon as its first node is enrolled.</p>
          {mayEnrol ? (
            <p>
              <Link className="go" href="/settings/nodes">
                Add a node
              </Link>
            </p>
          ) : (
            <p>An admin can add one under Settings.</p>
          )}
        </EmptyState>
        <Recordings rows={recordings} />
      </main>
    );
  return (
    <main className="fleet">
      <div className="sum">
        <div>
          <h1>{headline}</h1>
          <p>
            {rest} <span className="d3">{clock}</span>
          </p>
        </div>
      </div>
      <div className="cols" aria-hidden="true">
        <span>Cluster</span>
        <span>How is it?</span>
        <span>Nodes</span>
        <span>Mirrors</span>
      </div>
      {ranked(clusters).map((one) => (
        <ClusterRow key={one.slug} one={one} mayEnrol={mayEnrol} />
      ))}
      <Changes clusters={clusters} />
      <Recordings rows={recordings} />
    </main>
  );
}

function Changes({ clusters }: { clusters: readonly FleetCluster[] }) {
  const all = clusters.flatMap(({ slug, cluster, events }) =>
    changesOf(events).map(([key, event]) => ({ key: `${slug}/${key}`, slug, title: cluster?.title ?? slug, atMs: event.atMs, event })),
  );
  const shown = newestFirst(all).slice(0, EVENTS_SHOWN);
  return (
    <section className="log" aria-labelledby="changed">
      <h2 id="changed">
        What changed
        <small>the newest first</small>
      </h2>
      {shown.length === 0 ? (
        // Only the newest entries are pushed: where findings came and went, what changed before them is not among them.
        <p className="d3">Nothing among the newest entries of each timeline.</p>
      ) : (
        <ol>
          {shown.map(({ key, slug, title, event }) => (
            <li key={key}>
              <When atMs={event.atMs} />
              <Link href={`/c/${slug}`}>
                <b>{title}</b>
              </Link>
              <span>{unbroken(event.text)}</span>
              <span className="d3">{event.by}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
