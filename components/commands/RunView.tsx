// SPDX-License-Identifier: Apache-2.0
"use client";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Phase, Run } from "@/agent/protocol/console/runs";
import { Lasting, When } from "@/components/live/Age";
import { Button } from "@/components/ui/Button";
import { formatDuration, unbroken } from "@/components/ui/format";
import { Icon, type Shape } from "@/components/ui/Icon";
import { roleRefusal } from "./acting";
import { OUTCOMES } from "./outcome";
import { RunProgress } from "./RunProgress";

/** A command on its way, phase by phase, then its end, and what takes it back. */
export function RunView(props: {
  run: Run;
  slug: string;
  userRole: UserRole;
  onUndo: (undo: NonNullable<Run["undo"]>) => void;
  onClose: () => void;
}) {
  const { run, slug, userRole, onUndo, onClose } = props;
  const { undo } = run;
  const stop = run.outcome === null ? (run.stop ?? null) : null;
  const refusal = roleRefusal(userRole, "operator");
  return (
    <>
      <div className="cmd-body">
        <p className="d2">
          {run.by}, since <When atMs={run.startedAtMs} />, <RunTime run={run} />
          {run.isDisruptive && run.outcome === null && ". Other disruptive commands on this cluster wait for it"}.
        </p>
        {/* Above its phases, of which there may be dozens: how it ended, or how far it is, is never below the fold. */}
        <div role="status">{run.outcome !== null && <Ending run={run} />}</div>
        {run.outcome === null && <RunProgress slug={slug} about={run.about} />}
        <Phases phases={run.phases} outcome={run.outcome} />
      </div>
      <footer className="cmd-foot">
        <p className="d3">
          {run.outcome === null
            ? "It goes on when this is closed; every page of the cluster shows it."
            : undo !== null
              ? (refusal ?? "Taking it back goes the same way: a preview first.")
              : "It is kept in the audit."}
        </p>
        <div className="cmd-acts">
          {stop !== null && (
            <Button onClick={() => onUndo(stop)} disabled={refusal !== null}>
              {stop.title}…
            </Button>
          )}
          {undo !== null && run.outcome !== null && (
            <Button onClick={() => onUndo(undo)} disabled={refusal !== null}>
              Undo: {undo.title}…
            </Button>
          )}
          <Button prime onClick={onClose}>
            Close
          </Button>
        </div>
      </footer>
    </>
  );
}

/** How it ended: its word, and the sentence that says where things are now. */
export function Ending({ run: { outcome, says } }: { run: Pick<Run, "outcome" | "says"> }) {
  if (outcome === null) return null;
  const { shape, word, means } = OUTCOMES[outcome];
  return (
    <p className="ending" data-outcome={outcome}>
      <Icon shape={shape} />
      <span>
        <b>{word}</b>, {means}. {unbroken(says)}
      </span>
    </p>
  );
}

/** "12 s" while it lasts, "took 12 s" at its end. */
export function RunTime({ run: { startedAtMs, endedAtMs } }: { run: Pick<Run, "startedAtMs" | "endedAtMs"> }) {
  if (endedAtMs !== null) return <span className="tn">took {formatDuration(endedAtMs - startedAtMs)}</span>;
  return <Lasting sinceMs={startedAtMs} />;
}

export function Phases({ phases, outcome }: { phases: readonly Phase[]; outcome: Run["outcome"] }) {
  if (phases.length === 0) return <p className="d3 s12">No step is told yet.</p>;
  return (
    <ol className="phases">
      {phases.map((phase, index) => {
        const isLast = index === phases.length - 1;
        const isNow = phase.endedAtMs === null && outcome === null;
        return (
          <li key={`${phase.startedAtMs} ${phase.says}`} className={isNow ? "is-now" : ""} aria-current={isNow ? "step" : undefined}>
            <Icon shape={shapeOf(phase, isLast, outcome)} />
            <span>{unbroken(phase.says)}</span>
            <When atMs={phase.startedAtMs} />
            <span className="tn r">
              {phase.endedAtMs !== null ? (
                formatDuration(phase.endedAtMs - phase.startedAtMs)
              ) : isNow ? (
                <Lasting sinceMs={phase.startedAtMs} />
              ) : (
                "no end seen"
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** What a command ended in did not go well: a tick there would be a lie. */
function shapeOf({ endedAtMs }: Phase, isLast: boolean, outcome: Run["outcome"]): Shape {
  if (outcome === null) return endedAtMs === null ? "busy" : "ok";
  if (isLast && outcome !== "done" && outcome !== "alreadySo") return OUTCOMES[outcome].shape;
  return endedAtMs === null ? "unknown" : "ok";
}
