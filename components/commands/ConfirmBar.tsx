// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useId } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Icon } from "@/components/ui/Icon";
import { type Given, whyNotYet } from "./gate";

interface ConfirmBarProps {
  preview: CommandPreview;
  userRole: UserRole;
  given: Given;
  isExpired: boolean;
  isStarting: boolean;
  error: Error | null;
  onGive: (given: Given) => void;
  onConfirm: () => void;
  onAgain: () => void;
  onClose: () => void;
}

/** The name to type, the reason, and the one button that acts; while it cannot act, why. Enter in a line confirms nothing. */
export function ConfirmBar(props: ConfirmBarProps) {
  const { preview, userRole, given, isExpired, isStarting, error, onGive, onConfirm, onAgain, onClose } = props;
  const id = useId();
  const why = whyNotYet(preview, given, userRole, isExpired);
  const isRefused = preview.findings.some(({ level }) => level === "block");
  const { typedName } = preview;
  if (preview.isAlreadySo)
    return (
      <footer className="cmd-foot">
        <p className="d2">Nothing is to be done.</p>
        <div className="cmd-acts">
          <Button prime onClick={onClose}>
            Close
          </Button>
        </div>
      </footer>
    );
  return (
    <form className="cmd-foot" method="post" aria-label="Confirm" onSubmit={(event: FormEvent) => event.preventDefault()}>
      {!isRefused && (
        <div className="cmd-given">
          {typedName !== null && (
            <Field
              label={`Type ${typedName} to go on`}
              value={given.typed}
              onChange={(event) => onGive({ ...given, typed: event.target.value })}
              disabled={isStarting}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
          <Field
            label={preview.needsReason ? "Reason" : "Reason (may be left empty)"}
            value={given.reason}
            onChange={(event) => onGive({ ...given, reason: event.target.value })}
            disabled={isStarting}
            maxLength={500}
            autoComplete="off"
          />
        </div>
      )}
      <Refusal error={error} />
      <p id={`${id}why`} className="cmd-why" role="status">
        {isStarting ? (
          <>
            <Icon shape="busy" /> The nodes read their facts anew, then the first step is taken.
          </>
        ) : (
          why
        )}
      </p>
      <div className="cmd-acts">
        <Button onClick={onClose}>{isStarting ? "Close" : "Cancel"}</Button>
        {(isExpired || isRefused || error !== null) && (
          <Button onClick={onAgain} disabled={isStarting}>
            Preview again
          </Button>
        )}
        <Button prime onClick={onConfirm} disabled={why !== null || isStarting} aria-describedby={`${id}why`}>
          {preview.title}
        </Button>
      </div>
    </form>
  );
}
