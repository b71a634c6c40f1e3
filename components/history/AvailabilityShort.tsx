// SPDX-License-Identifier: Apache-2.0
"use client";
import type { Availability } from "@/agent/protocol/console/history";
import { AskProvider } from "@/components/ask/AskProvider";
import { Asked } from "@/components/settings/Asked";
import { formatCount, formatDuration } from "@/components/ui/format";
import { useAvailability } from "./use-availability";
import { formatShare } from "./words";

/** So many are told; the way to all of them stands below. */
const TOLD = 8;

export function AvailabilityShort(props: { slug: string }) {
  return (
    <AskProvider>
      <Short {...props} />
    </AskProvider>
  );
}

function Short({ slug }: { slug: string }) {
  const { data, error } = useAvailability(slug, TOLD);
  return (
    <Asked answer={data ?? null} error={error}>
      {({ services, count }) => <ShortList services={services} count={count} />}
    </Asked>
  );
}

/** A line for each service; a share says of how much of the time it is known. Where there are more, it says so. */
export function ShortList({ services, count = services.length }: Pick<Availability, "services" | "count">) {
  if (services.length === 0) return <p className="d3 s12">No service was seen here yet.</p>;
  return (
    <>
      {count > services.length && (
        <p className="d2 s12">
          The {services.length} least available of {formatCount(count, "service")}:
        </p>
      )}
      <List services={services} />
    </>
  );
}

function List({ services }: Pick<Availability, "services">) {
  return (
    <dl className="availability-short">
      {services.map(({ id, month: { withoutUnplanned, windowMs, unknownMs } }) => (
        <div key={id}>
          <dt>
            <code>{id}</code>
          </dt>
          <dd className="tn">
            {withoutUnplanned === null ? "not known" : <b>{formatShare(withoutUnplanned)}</b>}
            {withoutUnplanned !== null && unknownMs > 0 && <small> known {formatDuration(windowMs - unknownMs)}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
