// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import type { VerifyOverview } from "@/agent/protocol/console/verify";
import { roleRefusal } from "@/components/commands/acting";
import { unbroken } from "@/components/ui/format";
import { ActButton } from "./ActButton";
import { Dequeue } from "./Dequeue";
import { findMirror, type LiveVerifies, runningOf } from "./live-mirrors";
import { mirrorHref, nameOf } from "./progress";
import { RunProgress } from "./RunProgress";

interface RunningNowProps {
  live: readonly LiveVerifies[];
  queue: VerifyOverview["queue"];
  userRole: UserRole;
  onUnqueue: (id: string) => Promise<unknown>;
}

/** What is being compared now, and what waits for its turn. */
export function RunningNow({ live, queue, userRole, onUnqueue }: RunningNowProps) {
  const running = runningOf(live);
  const mayAct = roleRefusal(userRole, "operator") === null;
  if (running.length === 0 && queue.length === 0) return null;
  return (
    <div className="verify-now">
      <div>
        {running.map((run) => (
          <RunProgress
            key={run.id}
            running={run}
            mirror={findMirror(live, run)}
            name={nameOf(run)}
            title={
              <>
                Verifying <Link href={mirrorHref(run)}>{nameOf(run)}</Link>{" "}
                <span className="d3">
                  {run.cluster}
                  {run.starter !== null && run.peer !== null && `, ${run.starter} and ${run.peer}`}
                </span>
              </>
            }
          >
            <ActButton
              slug={run.cluster}
              about={keyOf.mirror(run.resource, run.volume)}
              verbs={["drbd.verifyStop"]}
              word="Stop…"
              label={`Stop the verify of ${nameOf(run)}…`}
            />
          </RunProgress>
        ))}
        {running.length === 0 && <p className="d3 remark">No verify is running.</p>}
      </div>
      <section className="verify-queue" aria-label="Queue">
        <h2>Queue: one run per node and link at a time, largest first</h2>
        {queue.length === 0 && <p className="d3 s12">Nothing waits.</p>}
        <ol>
          {queue.map(({ id, cluster, resource, volume, by, schedule, says }, index) => (
            <li key={id}>
              <span className="d3">{index + 1}</span>
              <div>
                <Link href={mirrorHref({ cluster, resource })}>
                  <code>{nameOf({ resource, volume })}</code>
                </Link>{" "}
                <span className="d3">
                  {cluster}, {schedule === null ? `asked for by ${by}` : `schedule of ${by}`}
                </span>
                <p className="d2">{unbroken(says)}</p>
              </div>
              {mayAct && <Dequeue name={nameOf({ resource, volume })} onTake={() => onUnqueue(id)} />}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
