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
}

/** Every maintenance of a cluster: whose, why, until when; one that nobody declared, or that is over its end, says so. */
export function MaintenanceNotes({ maintenances }: MaintenanceNotesProps) {
  return (
    <>
      {maintenances.map(([key, maintenance]) => (
        <MaintenanceNote key={key} maintenance={maintenance} />
      ))}
    </>
  );
}

function MaintenanceNote({ maintenance: { node, declared, said } }: { maintenance: EntityOf<"maintenance"> }) {
  const isOld = said.level === "old";
  // What is over by the clock is said at once, whatever the last word was.
  const over = useClockText(({ nowMs }) => (declared && nowMs >= declared.endsAtMs ? formatSeconds(nowMs - declared.endsAtMs) : ""));
  const left = useClockText(({ nowMs }) => (declared && nowMs < declared.endsAtMs ? formatSeconds(declared.endsAtMs - nowMs) : ""));
  return (
    <p className={over === "" ? "maint" : "maint is-over"} data-maintenance={node ?? "*"}>
      <Icon shape={isOld ? "old" : over === "" ? "held" : "risk"} />
      <span>
        <b>{`Maintenance${node === null ? "" : ` of ${node}`}${isOld ? ", as last heard" : ""}.`}</b>{" "}
        {declared === null ? (
          !isOld && unbroken(said.why ?? "")
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
        {isOld ? unbroken(said.why ?? "") : node === null ? MEANS : `Pacemaker leaves the resources on ${node} alone.`}
      </span>
    </p>
  );
}
