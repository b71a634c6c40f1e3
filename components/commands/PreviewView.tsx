// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview, Confirmation } from "@/agent/protocol/console/commands";
import { useClockText } from "@/components/live/use-live";
import { formatDuration, formatSeconds, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { ConfirmBar } from "./ConfirmBar";
import { BeforeAfter, Commands, EffectList } from "./Effects";
import { type Accepting, GuardFindings, ofLevel } from "./GuardFindings";
import { acceptedGuards, acceptKey, type Given, NOTHING_GIVEN } from "./gate";

interface PreviewViewProps {
  preview: CommandPreview;
  userRole: UserRole;
  /** While the console acts on the confirmation. */
  isStarting: boolean;
  /** Why the confirmation got no answer; null: it did, or was not sent. */
  error: Error | null;
  onConfirm: (confirmation: Confirmation) => void;
  onAgain: () => void;
  onClose: () => void;
}

/** A command as it was simulated: what happens, what speaks against it, and what is asked of a person who wants it all the same. */
export function PreviewView({ preview, userRole, isStarting, error, onConfirm, onAgain, onClose }: PreviewViewProps) {
  const [given, setGiven] = useState<Given>(NOTHING_GIVEN);
  const { findings, effects, tookMs, plan } = preview;
  const isRefused = findings.some(({ level }) => level === "block");
  const left = useClockText(({ nowMs }) => (nowMs >= preview.expiresAtMs ? "" : formatSeconds(preview.expiresAtMs - nowMs)));
  const accepting: Accepting = {
    isAccepted: (finding) => given.accepted.has(acceptKey(finding)),
    onAccept: (finding, isAccepted) => {
      const accepted = new Set(given.accepted);
      if (isAccepted) accepted.add(acceptKey(finding));
      else accepted.delete(acceptKey(finding));
      setGiven({ ...given, accepted });
    },
    isOff: isStarting || isRefused,
  };
  return (
    <>
      <div className="cmd-body cmd-cols">
        <div>
          <p className="d2">
            <Simulated preview={preview} />{" "}
            {left === "" ? <span className="risk">It is too old now.</span> : `It holds for another ${left}.`}
          </p>
          <GuardFindings title="Refused because" findings={ofLevel(findings, "block")} />
          {preview.isAlreadySo ? (
            <p className="already">
              <Icon shape="ok" /> It is so already. Nothing would be written.
            </p>
          ) : (
            <EffectList title={isRefused ? "What would happen" : "What will happen"} effects={effects} />
          )}
          <GuardFindings title="Only with the name typed" findings={ofLevel(findings, "type")} />
          <GuardFindings title="Warnings" findings={ofLevel(findings, "warn")} accepting={accepting} />
          <GuardFindings title="Good to know" findings={ofLevel(findings, "inform")} />
        </div>
        <div>
          <BeforeAfter effects={effects} />
          <section aria-label="How long">
            <h3>How long</h3>
            <p>
              {tookMs === null
                ? "Not known: it was not measured here before."
                : `${formatDuration(tookMs.least)} to ${formatDuration(tookMs.most)}, as it was before.`}
            </p>
          </section>
          {plan.length > 0 && (
            <section aria-label="The plan">
              <h3>The plan</h3>
              <ol className="plan">
                {plan.map((line) => (
                  <li key={line}>{unbroken(line)}</li>
                ))}
              </ol>
            </section>
          )}
          <Commands
            title={`${isRefused ? "Would run" : "Runs"} on ${preview.actingNode ?? "the acting node"}`}
            commands={preview.commands}
          />
        </div>
      </div>
      <ConfirmBar
        preview={preview}
        userRole={userRole}
        given={given}
        isExpired={left === ""}
        isStarting={isStarting}
        error={error}
        onGive={setGiven}
        onConfirm={() =>
          onConfirm({
            preview: preview.id,
            accept: acceptedGuards(preview, given),
            typed: preview.typedName === null ? null : given.typed,
            reason: given.reason.trim() === "" ? null : given.reason.trim(),
          })
        }
        onAgain={onAgain}
        onClose={onClose}
      />
    </>
  );
}

function Simulated({ preview }: { preview: CommandPreview }) {
  const age = useClockText(({ nowMs }) => formatSeconds(nowMs - preview.atMs));
  const { actingNode, steps } = preview;
  // Only what changes the configuration, and a fencing, is played through on a copy of it.
  const isSimulated = steps.length === 0 || steps.some(({ change, fenceDevices }) => change !== null || fenceDevices !== null);
  const where =
    actingNode === null
      ? "Looked at"
      : isSimulated
        ? `Simulated on ${actingNode}, on a copy of the cluster's configuration,`
        : `Nothing of this can be simulated. Asked of ${actingNode}`;
  return (
    <>
      {where} {age} ago. Every fact is read anew before anything is written.
    </>
  );
}
