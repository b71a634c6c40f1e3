// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { UserRole } from "@/agent/protocol/console/api";
import type { VerifySchedule } from "@/agent/protocol/console/verify";
import { roleRefusal } from "@/components/commands/acting";
import { When } from "@/components/live/Age";
import { Act } from "@/components/settings/Act";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { sayMirrors } from "./CalendarView";
import { sayOpening } from "./cron";
import { nameOfSchedule, type Wish } from "./SchedulesView";
import { sayLength } from "./window-length";

interface SchedulesTableProps {
  schedules: readonly VerifySchedule[];
  me: string;
  userRole: UserRole;
  onWish: (wish: Wish) => void;
}

export function SchedulesTable({ schedules, me, userRole, onWish }: SchedulesTableProps) {
  return (
    <table className="cards p">
      <caption className="sr">Schedules</caption>
      <ColumnHeads names={["For", "Opens", "Next window", "Last window", "In the name of"]} acts />
      <tbody>
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} refusal={refusalFor(schedule, me, userRole)} onWish={onWish} />
        ))}
      </tbody>
    </table>
  );
}

/** Only its owner and admins change a schedule: it acts in the owner's name. */
function refusalFor({ owner }: VerifySchedule, me: string, role: UserRole): string | null {
  if (role === "admin") return null;
  return roleRefusal(role, "operator") ?? (owner === me ? null : `Only ${owner} and admins change it.`);
}

function ScheduleRow({ schedule, refusal, onWish }: { schedule: VerifySchedule; refusal: string | null; onWish: (wish: Wish) => void }) {
  const { id, cluster, mirrors, cron, zone, windowMinutes, isStoppedAtEnd, isPaused, accept, owner, next, last } = schedule;
  const name = nameOfSchedule(schedule);
  const refusedBy = refusal === null ? undefined : `refused-${id}`;
  return (
    <tr className={isPaused ? "is-over" : undefined}>
      <th scope="row">
        <Link href={`/c/${cluster}`}>{cluster}</Link>
        <small>{sayMirrors(mirrors)}</small>
      </th>
      <td data-th="Opens">
        <span>{sayOpening(cron)}</span>
        <small>
          {zone}, open {sayLength(windowMinutes)}, {isStoppedAtEnd ? "stopped at its end" : "a run may go on after its end"}
        </small>
      </td>
      <td data-th="Next window">
        {isPaused ? (
          <span className="st held">
            <Icon shape="held" />
            <span>paused</span>
          </span>
        ) : next === null ? (
          <span className="risk">
            <Icon shape="risk" /> it never opens
          </span>
        ) : (
          <>
            <span>
              <When atMs={next.opensAtMs} />
            </span>
            <small>
              to <When atMs={next.closesAtMs} />
            </small>
          </>
        )}
      </td>
      <td data-th="Last window">
        {last === null ? (
          <span className="d3">none yet</span>
        ) : (
          <>
            <span>
              <When atMs={last.atMs} />
            </span>
            <small>{unbroken(last.says)}</small>
          </>
        )}
      </td>
      <td data-th="In the name of">
        <span>{owner}</span>
        <small>{accept.length === 0 ? "accepts no warning" : `accepts ${accept.join(", ")}`}</small>
      </td>
      <td className="acts">
        <Act word="Change…" label={`Change ${name}…`} refusedBy={refusedBy} onClick={() => onWish({ what: "change", schedule })} />
        <Act
          word={isPaused ? "Resume…" : "Pause…"}
          label={`${isPaused ? "Resume" : "Pause"} ${name}…`}
          refusedBy={refusedBy}
          onClick={() => onWish({ what: "pause", schedule })}
        />
        <Act word="Remove…" label={`Remove ${name}…`} refusedBy={refusedBy} onClick={() => onWish({ what: "remove", schedule })} />
        {refusal !== null && (
          <small id={`refused-${id}`} className="d3">
            {refusal}
          </small>
        )}
      </td>
    </tr>
  );
}
