// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import type { Repair, RepairStep } from "@/agent/protocol/console/repair";
import { roleRefusal } from "@/components/commands/acting";
import { Since } from "@/components/live/Age";
import { Button } from "@/components/ui/Button";
import { CopyLine } from "@/components/ui/CopyLine";
import { unbroken } from "@/components/ui/format";
import { Icon, type Shape } from "@/components/ui/Icon";

interface RepairViewProps {
  name: string;
  repair: Repair;
  /** Null where nothing can be done: a recording, a wall. */
  userRole: UserRole | null;
  onStep: (offer: Offer) => void;
}

/** The repair of one line between two copies: whose blocks are overwritten, and the steps with how each stands. */
export function RepairView({ name, repair, userRole, onStep }: RepairViewProps) {
  const { says, direction, versions, refusal, halfWay, steps } = repair;
  const id = `repair-h-${[name, direction?.to ?? ""].join("-").replaceAll("/", "-")}`;
  return (
    <section className="repair" aria-labelledby={id}>
      <h2 id={id}>
        Steps to repair <code>{name}</code>{" "}
        <span className="age">
          {direction && `${direction.from} → ${direction.to}, `}DRBD {versions}
        </span>
      </h2>
      <p className="repair-says">
        <Icon shape={refusal === null ? "differs" : "stop"} /> {unbroken(says)}
      </p>
      {refusal !== null && says !== refusal && <p className="refusal">{unbroken(refusal)}</p>}
      {halfWay && (
        <p className="repair-open" role="status">
          <Icon shape="risk" /> Disconnected <Since atMs={halfWay.atMs} />, by {halfWay.by}; not connected again.
        </p>
      )}
      {steps.length > 0 && (
        <>
          <p className="repair-note s12 d3">
            Nothing here happens by itself. First find out why the copies differ: the same blocks in two verify runs point at a disk or
            controller, others mostly at buffers that changed in flight.
          </p>
          <ol className="repair-steps">
            {steps.map((step) => (
              <Step key={step.id} step={step} userRole={userRole} onStep={onStep} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

const STATES: Readonly<Record<RepairStep["state"], { shape: Shape; word: string }>> = {
  done: { shape: "ok", word: "done" },
  running: { shape: "busy", word: "under way" },
  next: { shape: "next", word: "next" },
  later: { shape: "absent", word: "later" },
};

function Step({ step, userRole, onStep }: { step: RepairStep } & Pick<RepairViewProps, "userRole" | "onStep">) {
  const { title, says, command, kind, state, offer, check, found } = step;
  const { shape, word } = STATES[state];
  const refusal = offer && userRole !== null ? (roleRefusal(userRole, offer.needs) ?? offer.refusal) : null;
  return (
    <li data-state={state} aria-current={state === "next" || state === "running" ? "step" : undefined}>
      <p className="repair-head">
        <Icon shape={shape} /> <span className="repair-word">{word}</span> <b>{unbroken(title)}</b>
      </p>
      {state !== "done" && (
        <>
          <p>{unbroken(says)}</p>
          {command !== null && kind === "manual" && (
            <div className="repair-line">
              <span className="d3">by hand on {command.node}</span>
              <CopyLine text={command.line} label={`the command of “${title}”`} />
            </div>
          )}
          {command !== null && kind === "command" && (
            <p className="repair-line">
              <span className="d3">the console runs on {command.node}</span> <code>{command.line}</code>
            </p>
          )}
          <p className="d2">
            <span className="d3">then:</span> {unbroken(check)}
          </p>
        </>
      )}
      {found !== null && (
        <p className="risk" role="status">
          <Icon shape="risk" /> {unbroken(found)}
        </p>
      )}
      {offer && userRole !== null && (
        <p className="repair-act">
          <Button disabled={refusal !== null} onClick={() => onStep(offer)}>
            {unbroken(offer.title)}…
          </Button>
          {refusal !== null && <span className="d2"> {unbroken(refusal)}</span>}
        </p>
      )}
    </li>
  );
}
