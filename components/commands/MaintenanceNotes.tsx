// SPDX-License-Identifier: Apache-2.0
"use client";
import type { EntityOf } from "@/agent/protocol/console/view";
import { When } from "@/components/live/Age";
import type { Entry } from "@/components/live/store";
import { useClockText } from "@/components/live/use-live";
import { formatSeconds, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

const MEANS = "The cluster starts and stops nothing by itself, and does not watch its services. Fencing stays on.";

interface MaintenanceNotesProps {
  maintenances: readonly Entry<"maintenance">[];
  cluster: EntityOf<"cluster"> | undefined;
}

/** Every maintenance of a cluster: whose, why, until when; one that nobody declared, or that is over its end, says so. */
export function MaintenanceNotes({ maintenances, cluster }: MaintenanceNotesProps) {
  const isOfCluster = cluster?.pacemaker?.maintenance ?? false;
  const hasItsOwn = maintenances.some(([, { node }]) => node === null);
  return (
    <>
      {isOfCluster && !hasItsOwn && (
        <p className="maint">
          <Icon shape="held" />
          <span>
            <b>Maintenance.</b> {MEANS}
          </span>
        </p>
      )}
      {maintenances.map(([key, maintenance]) => (
        <MaintenanceNote key={key} maintenance={maintenance} />
      ))}
    </>
  );
}

function MaintenanceNote({ maintenance: { node, declared, said } }: { maintenance: EntityOf<"maintenance"> }) {
  // What is over by the clock is said at once, whatever the last word was.
  const over = useClockText(({ nowMs }) => (declared && nowMs >= declared.endsAtMs ? formatSeconds(nowMs - declared.endsAtMs) : ""));
  const left = useClockText(({ nowMs }) => (declared && nowMs < declared.endsAtMs ? formatSeconds(declared.endsAtMs - nowMs) : ""));
  return (
    <p className={over === "" ? "maint" : "maint is-over"} data-maintenance={node ?? "*"}>
      <Icon shape={over === "" ? "held" : "risk"} />
      <span>
        <b>{node === null ? "Maintenance." : `Maintenance of ${node}.`}</b>{" "}
        {declared === null ? (
          unbroken(said.why ?? "")
        ) : (
          <>
            {declared.owner}: “{declared.note}”,{" "}
            {over === "" ? (
              <>
                until <When atMs={declared.endsAtMs} />, another <span className="tn">{left}</span>.
              </>
            ) : (
              <b className="risk">
                overdue: it was to end at <When atMs={declared.endsAtMs} />, <span className="tn">{over}</span> ago.
              </b>
            )}
          </>
        )}{" "}
        {node === null ? MEANS : `Pacemaker leaves the resources on ${node} alone.`}
      </span>
    </p>
  );
}
