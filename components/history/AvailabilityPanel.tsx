// SPDX-License-Identifier: Apache-2.0
"use client";
import { AskProvider } from "@/components/ask/AskProvider";
import { usePicture } from "@/components/cluster/use-picture";
import { Asked } from "@/components/settings/Asked";
import { NotThere } from "@/components/shell/NotThere";
import { AvailabilityView } from "./AvailabilityView";
import { List } from "./IncidentList";
import { useAvailability } from "./use-availability";

/** A cluster's availability, and every fencing that is kept. */
export function AvailabilityPanel({ slug }: { slug: string }) {
  const picture = usePicture(slug);
  if (!picture) return <NotThere what={`The cluster ${slug}`} />;
  return (
    <AskProvider>
      <Panel slug={slug} />
    </AskProvider>
  );
}

function Panel({ slug }: { slug: string }) {
  const query = useAvailability(slug, null);
  return (
    <main className="history">
      <header className="sum">
        <h1>Availability of {slug}</h1>
        <p className="d2">
          Of the time that is known. A stop that a command or a maintenance of a person stood over is planned; what nobody watched is not
          known, and never counts as up.
        </p>
      </header>
      <section aria-label="Availability">
        <Asked answer={query.data?.services ?? null} error={query.error}>
          {(services) => <AvailabilityView services={services} />}
        </Asked>
      </section>
      <section className="incidents" aria-labelledby="fencings-kept">
        <h2 id="fencings-kept">Failovers: nodes that were lost or fenced, services that went elsewhere</h2>
        <List slug={slug} node={null} />
      </section>
    </main>
  );
}
