// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { VerifySchedule, VerifyScheduleChange } from "@/agent/protocol/console/verify";
import { roleRefusal } from "@/components/commands/acting";
import { Act } from "@/components/settings/Act";
import { ActDialog } from "@/components/settings/ActDialog";
import { Asked } from "@/components/settings/Asked";
import { EmptyState } from "@/components/ui/EmptyState";
import { type ClusterMirrors, ScheduleDialog } from "./ScheduleDialog";
import { SchedulesTable } from "./SchedulesTable";

export interface SchedulesViewProps {
  me: string;
  userRole: UserRole;
  clusters: readonly ClusterMirrors[];
  /** Null while the console has not answered. */
  schedules: readonly VerifySchedule[] | null;
  error: Error | null;
  onAdd: (wanted: VerifyScheduleChange) => Promise<unknown>;
  onChange: (id: string, wanted: VerifyScheduleChange) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
}

export type Wish = { what: "change" | "pause" | "remove"; schedule: VerifySchedule } | { what: "add" };

/** When mirrors are verified by themselves, in whose name, and what became of it. */
export function SchedulesView(props: SchedulesViewProps) {
  const { me, userRole, clusters, schedules, error, onAdd, onChange, onRemove } = props;
  const [wish, setWish] = useState<Wish | null>(null);
  const close = () => setWish(null);
  const refusal = roleRefusal(userRole, "operator");
  return (
    <section className="verify-schedules" aria-label="Schedules">
      <p className="d2">
        In a window the mirrors of a schedule are verified one after the other, the largest first. A run is its owner's: what they may not
        do any more is skipped, and so is a run with a block or a warning that was not accepted. Each skip is recorded with its reason.
      </p>
      <p className="acts">
        <Act
          word="Add a schedule…"
          label="Add a schedule…"
          refusedBy={refusal === null ? undefined : "no-schedule"}
          onClick={() => setWish({ what: "add" })}
        />
        {refusal !== null && (
          <span id="no-schedule" className="d3 s12">
            {refusal}
          </span>
        )}
      </p>
      <Asked answer={schedules} error={error}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No schedule yet">
              <p>Mirrors are verified only when somebody asks for it. Add a schedule to have each of them proven by itself.</p>
            </EmptyState>
          ) : (
            <SchedulesTable schedules={list} me={me} userRole={userRole} onWish={setWish} />
          )
        }
      </Asked>
      {wish !== null && <Wished {...{ wish, me, clusters, onAdd, onChange, onRemove }} onClose={close} />}
    </section>
  );
}

function Wished({
  wish,
  me,
  clusters,
  onAdd,
  onChange,
  onRemove,
  onClose,
}: Omit<SchedulesViewProps, "userRole" | "schedules" | "error"> & { wish: Wish; onClose: () => void }) {
  if (wish.what === "add") return <ScheduleDialog owner={me} clusters={clusters} schedule={null} onSave={onAdd} onClose={onClose} />;
  const { schedule } = wish;
  const name = nameOfSchedule(schedule);
  switch (wish.what) {
    case "change":
      return (
        <ScheduleDialog
          owner={schedule.owner}
          clusters={clusters}
          schedule={schedule}
          onSave={(wanted) => onChange(schedule.id, wanted)}
          onClose={onClose}
        />
      );
    case "pause":
      return (
        <ActDialog
          title={schedule.isPaused ? `Resume ${name}` : `Pause ${name}`}
          verb={schedule.isPaused ? "Resume it" : "Pause it"}
          onAct={() => onChange(schedule.id, { ...changeOf(schedule), isPaused: !schedule.isPaused })}
          onClose={onClose}
        >
          <p className="d2">
            {schedule.isPaused
              ? "Its windows open again from the next one on. What was missed is not made up for."
              : "No window of it opens until it is resumed. A run under way goes on."}
          </p>
        </ActDialog>
      );
    case "remove":
      return (
        <ActDialog title={`Remove ${name}`} verb="Remove it" keep="Keep it" onAct={() => onRemove(schedule.id)} onClose={onClose}>
          <p className="d2">No window of it opens any more. A run under way goes on, and what was recorded stays.</p>
        </ActDialog>
      );
  }
}

/** "the schedule of san-a, Sundays 02:00" is too long for a button: its cluster and its owner tell it apart enough. */
export function nameOfSchedule({ cluster, owner }: VerifySchedule): string {
  return `the schedule of ${cluster} by ${owner}`;
}

/** What of a schedule is sent to change it. */
function changeOf(schedule: VerifySchedule): VerifyScheduleChange {
  const { cluster, mirrors, cron, zone, windowMinutes, isStoppedAtEnd, accept, isPaused } = schedule;
  return { cluster, mirrors, cron, zone, windowMinutes, isStoppedAtEnd, accept, isPaused };
}
