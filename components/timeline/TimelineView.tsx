// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { TimelineCounts, TimelineEntry } from "@/agent/protocol/console/timeline";
import { Refusal } from "@/components/ask/Refusal";
import { AVAILABILITY } from "@/components/shell/places";
import { Button } from "@/components/ui/Button";
import { Choice } from "@/components/ui/Choice";
import { EmptyState } from "@/components/ui/EmptyState";
import { formatDuration, formatMoment } from "@/components/ui/format";
import { Entries } from "./Entries";
import { Strip } from "./Strip";
import { askedFor, isNarrowed, type Shown } from "./shown";
import { TimelineFilters } from "./TimelineFilters";
import { moved, SPANS, STEP, zoomed } from "./window";

export interface TimelineViewProps {
  slug: string;
  title: string;
  zone: string;
  nowMs: number;
  user: string;
  may: { note: boolean; all: boolean };
  shown: Shown;
  nodes: readonly string[];
  resources: readonly string[];
  standing: ReadonlySet<string>;
  counts: TimelineCounts | null;
  /** Newest first; null while the console has not answered. */
  entries: readonly TimelineEntry[] | null;
  error: Error | null;
  /** Older ones of the span; null: there are none. `searchedToMs`: how far back was looked. */
  more: { isAsking: boolean; searchedToMs: number | null; onMore: () => void } | null;
  onShow: (next: Shown) => void;
  onNote: () => void;
  onWithdraw: (note: string) => void;
}

/** What happened, when, by whom and why: the span as a strip, and its entries one by one. */
export function TimelineView(props: TimelineViewProps) {
  const { slug, title, zone, nowMs, may, shown, nodes, resources, counts, entries, error, more, onShow, onNote } = props;
  const { window } = shown;
  const toMs = window.toMs ?? nowMs;
  const about = [shown.resource, shown.node].filter(Boolean).join(" on ");
  const span = { from: String(Math.floor(toMs - window.spanMs)), to: window.toMs === null ? null : String(window.toMs) };
  const go = (next: Shown["window"]) => onShow({ ...shown, window: next });
  return (
    <main className="timeline">
      <header>
        <div>
          <h1>
            Timeline of {about === "" ? title : about}
            {about !== "" && <span className="d3">, {title}</span>}
          </h1>
          <p className="d2">
            {formatMoment(toMs - window.spanMs, zone)} to {window.toMs === null ? "now, live" : formatMoment(toMs, zone)}:{" "}
            {formatDuration(window.spanMs)}.
          </p>
        </div>
        <p className="acts">
          {may.note && (
            <Button small onClick={onNote}>
              Make a note…
            </Button>
          )}
          <Link className="btn s" href={AVAILABILITY.of(slug)}>
            Availability and fencings
          </Link>
          <a className="btn s" href={`/api/v1/clusters/${slug}/timeline/export?${askedFor(shown, { ...span, format: "jsonl" })}`} download>
            Export JSON Lines
          </a>
          <a className="btn s" href={`/api/v1/clusters/${slug}/timeline/export?${askedFor(shown, { ...span, format: "csv" })}`} download>
            Export CSV
          </a>
        </p>
      </header>
      <Strip shown={window} nowMs={nowMs} zone={zone} counts={counts} markMs={shown.markMs} onWindow={go} />
      <fieldset className="tl-tools" aria-label="Move and zoom">
        <Button small onClick={() => go(moved(window, -0.5, nowMs))}>
          Earlier
        </Button>
        <Button small onClick={() => go(moved(window, 0.5, nowMs))} disabled={window.toMs === null}>
          Later
        </Button>
        <Button small onClick={() => go(zoomed(window, 1 / STEP, 0.5, nowMs))}>
          Closer
        </Button>
        <Button small onClick={() => go(zoomed(window, STEP, 0.5, nowMs))}>
          Wider
        </Button>
        <Button small onClick={() => go({ ...window, toMs: null })} disabled={window.toMs === null}>
          Now
        </Button>
        <Choice label="Span" value={String(window.spanMs)} onChange={({ target }) => go(spanned(shown, Number(target.value), nowMs))}>
          {!SPANS.some(({ ms }) => ms === window.spanMs) && <option value={String(window.spanMs)}>{formatDuration(window.spanMs)}</option>}
          {SPANS.map(({ ms, name }) => (
            <option key={ms} value={String(ms)}>
              {name}
            </option>
          ))}
        </Choice>
        <span className="d3 tl-keys">
          On the strip: drag to zoom in, wheel to zoom, <kbd>←</kbd> <kbd>→</kbd> move, <kbd>+</kbd> <kbd>-</kbd> zoom, <kbd>End</kbd> now
        </span>
      </fieldset>
      <TimelineFilters narrowed={shown} nodes={nodes} resources={resources} onNarrow={(next) => onShow({ ...shown, ...next })} />
      {shown.markMs !== null && (
        <p className="tl-marked">
          Told as before and after {formatMoment(shown.markMs, zone)}
          {shown.finding !== "" && ", when a finding was first seen"}.{" "}
          <Button small onClick={() => onShow({ ...shown, markMs: null, finding: "" })}>
            Take the mark away
          </Button>
        </p>
      )}
      <Refusal error={error} />
      {entries === null && !error && (
        <p role="status" className="d3 remark">
          asking the console
        </p>
      )}
      {entries !== null && entries.length > 0 && (
        <Entries
          {...props}
          entries={entries}
          markMs={shown.markMs}
          onMark={(markMs) => onShow({ ...shown, markMs, finding: "" })}
          onAbout={(of) => onShow({ ...shown, ...of })}
        />
      )}
      {entries?.length === 0 && more === null && <Nothing {...props} />}
      {more && (
        <p className="acts tl-more">
          {more.searchedToMs !== null && (
            <span className="d2">Looked back to {formatMoment(more.searchedToMs, zone)}, and it goes on. </span>
          )}
          <Button onClick={more.onMore} disabled={more.isAsking}>
            {more.isAsking ? "asking the console" : more.searchedToMs !== null ? "Look further back" : "Older ones"}
          </Button>
        </p>
      )}
    </main>
  );
}

/** Another span keeps what is looked at: the mark where there is one, else the end. */
function spanned({ window, markMs }: Shown, spanMs: number, nowMs: number): Shown["window"] {
  const toMs = window.toMs ?? nowMs;
  const place = markMs === null ? 1 : Math.min(1, Math.max(0, 1 - (toMs - markMs) / window.spanMs));
  return zoomed(window, spanMs / window.spanMs, place, nowMs);
}

function Nothing({ shown, counts, zone, onShow }: TimelineViewProps) {
  if (isNarrowed(shown))
    return (
      <EmptyState title="No entry of this span fits">
        <p>
          <Button small onClick={() => onShow({ ...shown, what: [], levels: "", node: "", resource: "", text: "" })}>
            Show all
          </Button>
        </p>
      </EmptyState>
    );
  const oldest = counts?.oldestMs ?? null;
  if (oldest === null) return <EmptyState title="Nothing happened since this console has been watching" />;
  return (
    <EmptyState title="No entry of this span is kept one by one">
      <p>
        {(counts?.gone.length ?? 0) > 0 ? "Only their counts are left. " : "Nothing happened in it. "}The oldest entry is of{" "}
        {formatMoment(oldest, zone)}.
      </p>
    </EmptyState>
  );
}
