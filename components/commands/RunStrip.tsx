// SPDX-License-Identifier: Apache-2.0
"use client";
import { useSyncExternalStore } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Lasting } from "@/components/live/Age";
import { type Entry, entriesOf } from "@/components/live/store";
import { useLive } from "@/components/live/use-live";
import { Button } from "@/components/ui/Button";
import { formatCount, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { RunMoves } from "@/components/verify/RunMoves";
import { useActing } from "./acting";
import { dismissed } from "./dismissed";
import { OUTCOMES } from "./outcome";

/** On every page of a cluster: each command under way, whose it is and how far; its end stays until it is dismissed here. */
export function RunStrips() {
  const acting = useActing();
  const slug = acting?.slug ?? "";
  const runs = useLive((live) => entriesOf(live.clusters.get(slug), "run"));
  const gone = useSyncExternalStore(dismissed.onChange, dismissed.read, () => "");
  if (acting === null) return null;
  const shown = [...runs].filter(([, { id, outcome }]) => outcome === null || !gone.split(" ").includes(id)).sort(byStart);
  if (shown.length === 0) return null;
  return (
    <section className="run-strips" aria-label="Commands">
      {shown.map(([key, run]) => (
        <RunStrip
          key={key}
          slug={slug}
          run={run}
          onShow={() => acting.open({ what: "run", slug, title: run.title, run: run.id })}
          onDismiss={() => dismissed.add(run.id)}
        />
      ))}
    </section>
  );
}

function byStart([, a]: Entry<"run">, [, b]: Entry<"run">): number {
  return a.startedAtMs - b.startedAtMs;
}

interface RunStripProps {
  slug: string;
  run: EntityOf<"run">;
  onShow: () => void;
  onDismiss: () => void;
}

export function RunStrip({ slug, run, onShow, onDismiss }: RunStripProps) {
  const { title, by, outcome, phases, startedAtMs, endedAtMs } = run;
  const now = phases.findLast((phase) => phase.endedAtMs === null);
  const passed = phases.filter((phase) => phase.endedAtMs !== null).length;
  const end = outcome === null ? null : OUTCOMES[outcome];
  return (
    <article className="run-strip" aria-label={`Command: ${title}`} data-outcome={outcome ?? "running"}>
      <Icon shape={end?.shape ?? "busy"} />
      <p className="run-what">
        <b>{title}</b>
        <small>
          {by},{" "}
          {endedAtMs === null ? (
            <>
              for <Lasting sinceMs={startedAtMs} />
            </>
          ) : (
            <>
              ended <Lasting sinceMs={endedAtMs} /> ago
            </>
          )}
        </small>
      </p>
      <p role="status" className="run-says">
        {end !== null ? (
          <>
            <b>{end.word}</b>: {unbroken(run.says) ?? end.means}
          </>
        ) : (
          <>
            {now ? unbroken(now.says) : "begins"}
            <RunMoves slug={slug} run={run} />
            {passed > 0 && <small>{formatCount(passed, "phase")} done</small>}
          </>
        )}
      </p>
      <p className="run-acts">
        <Button small onClick={onShow} aria-label={`Show ${title}`}>
          Show
        </Button>
        {end !== null && (
          <Button small onClick={onDismiss} aria-label={`Dismiss ${title}`}>
            Dismiss
          </Button>
        )}
      </p>
    </article>
  );
}
