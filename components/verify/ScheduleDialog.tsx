// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { VerifySchedule, VerifyScheduleChange } from "@/agent/protocol/console/verify";
import { useLiveValue } from "@/components/live/use-live";
import { ActDialog } from "@/components/settings/ActDialog";
import { Choice } from "@/components/ui/Choice";
import { cronOf, openingOf } from "./cron";
import { NextWindows } from "./NextWindows";
import { OpeningFields } from "./OpeningFields";
import { useAccepted, WarningChoice } from "./WarningChoice";
import { sayLength, WINDOW_LENGTHS } from "./window-length";

/** A cluster and its mirrors: "store/0". */
export interface ClusterMirrors {
  slug: string;
  title: string;
  mirrors: readonly string[];
}

interface ScheduleDialogProps {
  /** In whose name it runs. */
  owner: string;
  clusters: readonly ClusterMirrors[];
  /** The one to change; null: a new one. */
  schedule: VerifySchedule | null;
  onSave: (wanted: VerifyScheduleChange) => Promise<unknown>;
  onClose: () => void;
}

/** What is to be verified when. The console says the next windows in words before anything is saved. */
export function ScheduleDialog({ owner, clusters, schedule, onSave, onClose }: ScheduleDialogProps) {
  const { zone: consoleZone } = useLiveValue();
  const [cluster, setCluster] = useState(schedule?.cluster ?? clusters[0]?.slug ?? "");
  const [mirrors, setMirrors] = useState<ReadonlySet<string>>(new Set(schedule?.mirrors));
  const [opening, setOpening] = useState(openingOf(schedule?.cron ?? "0 2 * * 0"));
  const [zone, setZone] = useState(schedule?.zone ?? consoleZone);
  const [minutes, setMinutes] = useState(schedule?.windowMinutes ?? 240);
  const [isStoppedAtEnd, setStoppedAtEnd] = useState(schedule?.isStoppedAtEnd ?? true);
  const [accept, setAccept] = useAccepted(schedule?.accept ?? []);
  const cron = cronOf(opening);
  const wanted: VerifyScheduleChange = {
    cluster,
    mirrors: [...mirrors],
    cron,
    zone,
    windowMinutes: minutes,
    isStoppedAtEnd,
    accept: [...accept],
    isPaused: schedule?.isPaused ?? false,
  };
  const lengths = WINDOW_LENGTHS.some((length) => length === minutes) ? WINDOW_LENGTHS : [minutes, ...WINDOW_LENGTHS];
  const save = () => (cron === "" ? Promise.reject(new Error("Choose at least one day and a time.")) : onSave(wanted));
  return (
    <ActDialog
      title={schedule === null ? "Add a schedule" : `Change the schedule of ${schedule.cluster}`}
      verb="Save the schedule"
      onAct={save}
      onClose={onClose}
    >
      <p className="d3 s12">It runs in the name of {owner}.</p>
      <div className="schedule-form">
        <div>
          <Choice
            label="Cluster"
            value={cluster}
            onChange={(event) => {
              setCluster(event.target.value);
              setMirrors(new Set());
            }}
          >
            {clusters.map(({ slug, title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
          </Choice>
          <MirrorChoice known={clusters.find(({ slug }) => slug === cluster)?.mirrors ?? []} chosen={mirrors} onChange={setMirrors} />
          <WarningChoice accept={accept} onChange={setAccept} />
        </div>
        <div>
          <OpeningFields opening={opening} zone={zone} onOpening={setOpening} onZone={setZone} />
          <Choice
            label="Open for"
            value={minutes}
            onChange={(event) => setMinutes(Number(event.target.value))}
            hint="Runs begin only while it is open."
          >
            {lengths.map((length) => (
              <option key={length} value={length}>
                {sayLength(length)}
              </option>
            ))}
          </Choice>
          <div className="checks">
            <label>
              <input type="checkbox" checked={isStoppedAtEnd} onChange={(event) => setStoppedAtEnd(event.target.checked)} />
              <span>Stop a run that is not through when the window closes. It is recorded as aborted.</span>
            </label>
          </div>
          <NextWindows cron={cron} zone={zone} windowMinutes={minutes} isPaused={wanted.isPaused} />
        </div>
      </div>
    </ActDialog>
  );
}

interface MirrorChoiceProps {
  known: readonly string[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** None chosen: every mirror, also one that comes later. */
function MirrorChoice({ known, chosen, onChange }: MirrorChoiceProps) {
  const toggle = (mirror: string) => {
    const next = new Set(chosen);
    if (!next.delete(mirror)) next.add(mirror);
    onChange(next);
  };
  const gone = [...chosen].filter((mirror) => !known.includes(mirror));
  return (
    <fieldset className="checks">
      <legend>Mirrors</legend>
      <p className="d3 s12">{chosen.size === 0 ? "Every mirror, also one that comes later. Choose to narrow it:" : "Only these:"}</p>
      {[...known, ...gone].map((mirror) => (
        <label key={mirror}>
          <input type="checkbox" checked={chosen.has(mirror)} onChange={() => toggle(mirror)} />
          <code>{mirror.replace(/\/0$/, "")}</code>
        </label>
      ))}
    </fieldset>
  );
}
