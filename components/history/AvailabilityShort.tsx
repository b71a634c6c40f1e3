// SPDX-License-Identifier: Apache-2.0
"use client";
import type { ServiceAvailability } from "@/agent/protocol/console/history";
import { AskProvider } from "@/components/ask/AskProvider";
import { Asked } from "@/components/settings/Asked";
import { formatDuration } from "@/components/ui/format";
import { useAvailability } from "./use-availability";
import { formatShare } from "./words";

export function AvailabilityShort(props: { slug: string; mark: string }) {
  return (
    <AskProvider>
      <Short {...props} />
    </AskProvider>
  );
}

function Short({ slug, mark }: { slug: string; mark: string }) {
  const { data, error } = useAvailability(slug, mark);
  return (
    <Asked answer={data?.services ?? null} error={error}>
      {(services) => <ShortList services={services} />}
    </Asked>
  );
}

/** A line for each service; a share says of how much of the time it is known. */
export function ShortList({ services }: { services: readonly ServiceAvailability[] }) {
  if (services.length === 0) return <p className="d3 s12">No service was seen here yet.</p>;
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
