// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { useLoaded } from "@/components/ask/use-loaded";
import { mayDo, useActing } from "@/components/commands/acting";
import { When } from "@/components/live/Age";
import { Button } from "@/components/ui/Button";
import { Icon } from "@/components/ui/Icon";

const loadDialogs = () => import("./FindingDialogs");

interface FindingAlertProps {
  /** The finding's id. */
  id: string;
  finding: EntityOf<"finding">;
}

/** Of a finding that people are told of: who is at it, why nobody is told, and the way to say so. The questions come when they are asked for. */
export function FindingAlert({ id, finding }: FindingAlertProps) {
  const acting = useActing();
  const [asked, setAsked] = useState<"acknowledge" | "silence" | null>(null);
  const loaded = useLoaded(loadDialogs, asked !== null);
  const { alert, title } = finding;
  if (!alert) return null;
  const { acknowledged, held } = alert;
  const mayAct = acting !== null && acting.slug !== null && mayDo(acting.userRole, "operator");
  return (
    <>
      {acknowledged && (
        <p className="held">
          <Icon shape="held" /> {acknowledged.by} is at it, acknowledged <When atMs={acknowledged.atMs} />
          {acknowledged.note !== "" && `: ${acknowledged.note}`}
        </p>
      )}
      {held && (
        <p className="held">
          <Icon shape="held" /> Nobody is told: {held.by === "silence" ? "silenced by " : ""}
          {held.says}
          {held.untilMs !== null && (
            <>
              , until <When atMs={held.untilMs} />
            </>
          )}
        </p>
      )}
      {mayAct && (
        <p className="alert-line">
          {!acknowledged && (
            <Button small aria-label={`Acknowledge ${title}…`} onClick={() => setAsked("acknowledge")}>
              Acknowledge…
            </Button>
          )}
          {held?.by !== "silence" && (
            <Button small aria-label={`Silence ${title}…`} onClick={() => setAsked("silence")}>
              Silence…
            </Button>
          )}
        </p>
      )}
      {asked !== null && loaded.is === "unreachable" && (
        <p role="alert" className="risk">
          Not opened: the console did not answer.
        </p>
      )}
      {asked !== null && loaded.is === "there" && acting?.slug && (
        <loaded.module.FindingDialog
          what={asked}
          slug={acting.slug}
          alert={alert.id}
          finding={id}
          title={title}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
