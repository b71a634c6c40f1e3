// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { useLoaded } from "@/components/ask/use-loaded";
import { AVAILABILITY } from "@/components/shell/places";

const loadShort = () => import("./AvailabilityShort");

/** On a cluster's page: each service's last 30 days in a line, and the way to all of it. Comes with its first showing. */
export function ClusterAvailability({ slug }: { slug: string }) {
  const short = useLoaded(loadShort);
  return (
    <section aria-labelledby="availability">
      <h2 id="availability">
        <span>Availability, 30 d</span>
      </h2>
      {short.is === "unreachable" && <p className="risk s12">It could not be loaded: the console did not answer.</p>}
      {short.is === "there" && <short.module.AvailabilityShort slug={slug} />}
      <p>
        <Link className="go" href={AVAILABILITY.of(slug)}>
          Availability and fencings
        </Link>
      </p>
    </section>
  );
}
