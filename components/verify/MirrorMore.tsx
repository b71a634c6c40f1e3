// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { VerifyOverview, VerifyQueueing } from "@/agent/protocol/console/verify";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { roleRefusal } from "@/components/commands/acting";
import { Asked } from "@/components/settings/Asked";
import { Button } from "@/components/ui/Button";
import { mirrorHref, nameOf, partOf } from "./progress";
import { QueueDialog } from "./QueueDialog";
import { RepairLink } from "./RepairLink";
import { RunDetail } from "./RunDetail";
import { Trend } from "./Trend";

interface MirrorMoreProps {
  mirror: VerifyOverview["mirrors"][number];
  userRole: UserRole;
  onQueue: (wanted: VerifyQueueing) => Promise<unknown>;
}

/** The opened row: the last run that ended beside the ones before it, the trend, and what else can be done. */
export function MirrorMore({ mirror, userRole, onQueue }: MirrorMoreProps) {
  const { last, running, queued, trend } = mirror;
  const [isQueueing, setQueueing] = useState(false);
  const name = nameOf(mirror);
  return (
    <div className="verify-open">
      {last === null ? (
        <p className="d2">
          {running === null ? "No verify of it is known: nothing proves that its copies are the same." : "Its first verify is running."}
        </p>
      ) : (
        <AskedRun id={last.id}>{last.result === "differs" && <RepairLink mirror={mirror} />}</AskedRun>
      )}
      {trend.length > 0 && <Trend runs={trend} name={name} />}
      <p className="acts">
        {queued === null && running === null && roleRefusal(userRole, "operator") === null && (
          <Button small onClick={() => setQueueing(true)} aria-label={`Queue a verify of ${name}…`}>
            Queue…
          </Button>
        )}
        <Link className="go s12" href={`${mirrorHref(mirror)}#${partOf("verifies", mirror.volume)}`}>
          All runs of {name}
        </Link>
      </p>
      {isQueueing && <QueueDialog mirror={mirror} onQueue={onQueue} onClose={() => setQueueing(false)} />}
    </div>
  );
}

/** A run with all that is kept of it, asked for when it is opened. */
export function AskedRun({ id, children }: { id: string; children?: React.ReactNode }) {
  const detail = useQuery({
    queryKey: ["verify-run", id],
    queryFn: () => ask("GET", `/api/v1/verifies/${encodeURIComponent(id)}`, answers.verifyDetail),
  });
  return (
    <Asked answer={detail.data ?? null} error={detail.error}>
      {(its) => <RunDetail detail={its}>{children}</RunDetail>}
    </Asked>
  );
}
