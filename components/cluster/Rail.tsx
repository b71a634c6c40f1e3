// SPDX-License-Identifier: Apache-2.0

import Link from "next/link";
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import { FindingAlert } from "@/components/alerts/FindingAlert";
import { type Line, linesOf, toldByHeadline } from "@/components/fleet/findings";
import { changesOf, newestFirst } from "@/components/fleet/fleet";
import { When } from "@/components/live/Age";
import { anchorOf } from "@/components/live/anchor";
import { useRecording } from "@/components/live/recorded";
import type { Entry } from "@/components/live/store";
import { useLiveValue } from "@/components/live/use-live";
import { TIMELINE } from "@/components/shell/places";
import { formatCount, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import type { Picture } from "./picture";

const EVENTS_SHOWN = 12;

/** What a person should know, worst first: the headline's own finding leads, for it says what to do. */
export const Findings = memo(function Findings(props: { findings: readonly Entry<"finding">[]; cluster?: Picture["cluster"] }) {
  const { findings, cluster } = props;
  // A recording tells what was, not since when.
  const isRecording = useRecording() !== undefined;
  const lines = linesOf(findings);
  const lead = toldByHeadline(cluster, lines);
  const others = lines.filter((line) => line !== lead);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">
        <span>Findings</span>
        <span>{lines.length}</span>
      </h2>
      {findings.length === 0 && <p className="d3 s12">None. What is not read cannot be found: see the ages.</p>}
      {cluster && <SwitchedOff rules={cluster.rulesOff} />}
      <ul className="find">
        {(lead ? [lead, ...others] : others).map((line) => (
          <Item key={line.key} line={line} isRecording={isRecording} />
        ))}
      </ul>
    </section>
  );
});

/** What is not looked for is said wherever findings are counted. */
function SwitchedOff({ rules = [] }: { rules?: readonly string[] | undefined }) {
  if (rules.length === 0) return null;
  return (
    <p className="d2 s12">
      <Icon shape="held" /> {formatCount(rules.length, "rule")} {rules.length === 1 ? "is" : "are"} switched off:{" "}
      <Link href="/settings/findings">{rules.slice(0, 3).join(", ")}</Link>
      {rules.length > 3 && ` and ${rules.length - 3} more`}
    </p>
  );
}

/** Drawn again only when its own finding moves, or one inside it: of dozens a change moves one. */
const Item = memo(function Item({ line, isRecording }: { line: Line; isRecording: boolean }) {
  const { key, finding, level, within } = line;
  const more = <More line={line} isRecording={isRecording} />;
  return (
    <li id={anchorOf(key)} tabIndex={-1}>
      <Icon shape={level} />
      {level === "absent" && within.length === 0 ? (
        // What can wait does not push what cannot off the page.
        <details>
          <summary>{unbroken(finding.title)}</summary>
          {more}
        </details>
      ) : (
        <div>
          {unbroken(finding.title)}
          {more}
        </div>
      )}
    </li>
  );
});

/** Why, what to do, since when, who is at it, and what follows from it. */
function More({ line: { key, finding, within }, isRecording }: { line: Line; isRecording: boolean }) {
  return (
    <>
      <p>{unbroken(finding.why)}</p>
      {finding.todo && <p className="todo">{finding.todo}</p>}
      {!isRecording && (
        <p>
          Since <When atMs={finding.sinceMs} />. <WhatChangedBefore id={key} title={finding.title} sinceMs={finding.sinceMs} />
        </p>
      )}
      {!isRecording && <FindingAlert id={key.slice(keyOf.finding("").length)} finding={finding} />}
      {within.length > 0 && (
        <>
          <p>What follows from it:</p>
          <ul className="find">
            {within.map(([its, { level: own, title, why, todo }]) => (
              <li key={its} id={anchorOf(its)} tabIndex={-1}>
                <Icon shape={own} />
                <div>
                  {unbroken(title)}
                  <p>{unbroken(why)}</p>
                  {todo && <p className="todo">{todo}</p>}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** The way to what changed just before a finding was first seen. */
function WhatChangedBefore({ id, title, sinceMs }: { id: string; title: string; sinceMs: number }) {
  const { scope } = useLiveValue().store;
  if (scope.of !== "cluster") return null;
  const href = TIMELINE.of(scope.slug, { mark: String(Math.round(sinceMs)), finding: id.slice("finding:".length) });
  return (
    // Loaded when it is followed: dozens of these may come into sight at once.
    <Link href={href} prefetch={false} aria-label={`What changed just before: ${title}`}>
      What changed just before
    </Link>
  );
}

/** What changed, newest first; `all`: the way to all that ever did. */
export const Changes = memo(function Changes({ events, all }: { events: readonly Entry<"event">[]; all: string }) {
  const isRecording = useRecording() !== undefined;
  const changes = changesOf(events).map(([key, event]) => ({ key, atMs: event.atMs, event }));
  const shown = newestFirst(changes).slice(0, EVENTS_SHOWN);
  return (
    <section className="evs" aria-labelledby="changed">
      <h2 id="changed">
        <span>What changed</span>
      </h2>
      {shown.length === 0 && (
        <p className="d3 s12">{isRecording ? "A recording holds one moment." : "Nothing among the newest entries of the timeline."}</p>
      )}
      <ul className="ev">
        {shown.map(({ key, event }) => (
          <li key={key}>
            <When atMs={event.atMs} />
            <span>
              {unbroken(event.text)} <span className="d3">{event.by}</span>
            </span>
          </li>
        ))}
      </ul>
      {!isRecording && (
        <p>
          <Link className="go" href={all}>
            All of it on the timeline
          </Link>
        </p>
      )}
    </section>
  );
});

/** A tool's own "2026-11-20 15:10:56Z" on the console's clock; what is not understood stays as read. */
function Completed({ text }: { text: string | null }) {
  const [, day, clock, zone] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)$/.exec(text ?? "") ?? [];
  if (day === undefined || clock === undefined || zone === undefined) return text;
  return <When atMs={Date.parse(`${day}T${clock}${zone.replace(/^(...)(\d\d)$/, "$1:$2")}`)} />;
}

/** The fence history, as Pacemaker remembers it. */
export const Fencings = memo(function Fencings({ slug, fencings }: { slug: string; fencings: readonly Entry<"fencing">[] }) {
  const isRecording = useRecording() !== undefined;
  if (fencings.length === 0) return null;
  return (
    <section aria-labelledby="fencings">
      <h2 id="fencings">
        <span>Fencing</span>
        <span>{fencings.length}</span>
      </h2>
      <ul className="ev">
        {fencings.map(([key, { fencing, said }]) => (
          <li key={key} className="wide">
            <span>
              <b>{fencing.target}</b> <StateWord small said={said} />{" "}
              <span className="d3">
                <Completed text={fencing.completed} />
              </span>
              {said.why && <span className="d2"> {unbroken(said.why)}</span>}
              {!isRecording && (
                <>
                  {" "}
                  <Link className="go" href={`/c/${slug}/n/${encodeURIComponent(fencing.target)}#n-incidents`} prefetch={false}>
                    Why {fencing.target}, and how long
                  </Link>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
});
