// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { TimelineEntry } from "@/agent/protocol/console/timeline";
import { anchorOf } from "@/components/live/anchor";
import { AUDIT } from "@/components/shell/places";
import { Button } from "@/components/ui/Button";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatClock, formatDuration, formatMoment, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { KINDS } from "./shown";

interface EntriesProps {
  slug: string;
  zone: string;
  nowMs: number;
  entries: readonly TimelineEntry[];
  markMs: number | null;
  user: string;
  /** Whether notes may be taken back at all, and by an admin all of them. */
  may: { note: boolean; all: boolean };
  /** Findings that stand now: their entries lead to them. */
  standing: ReadonlySet<string>;
  onMark: (atMs: number | null) => void;
  onAbout: (of: { node: string } | { resource: string }) => void;
  onWithdraw: (note: string) => void;
}

/** The entries one by one, newest first. */
export function Entries(props: EntriesProps) {
  const { entries, markMs } = props;
  return (
    <table className="cards tl-entries">
      <caption className="sr">Entries of the timeline, newest first</caption>
      <ColumnHeads names={["When", "What", "Says", "About", "Who"]} acts />
      <tbody>
        {entries.map((entry, index) => (
          <Entry key={entry.id} {...props} entry={entry} isFirstBefore={isFirstBefore(entries, index, markMs)} />
        ))}
      </tbody>
    </table>
  );
}

/** The mark is drawn above the first entry that was before it. */
function isFirstBefore(entries: readonly TimelineEntry[], index: number, markMs: number | null): boolean {
  const [entry, newer] = [entries[index], entries[index - 1]];
  return markMs !== null && entry !== undefined && entry.atMs < markMs && (newer === undefined || newer.atMs >= markMs);
}

function Entry(props: EntriesProps & { entry: TimelineEntry; isFirstBefore: boolean }) {
  const { slug, zone, nowMs, entry, markMs, user, may, standing, isFirstBefore, onMark, onAbout, onWithdraw } = props;
  const { atMs, what, level, text, why, node, subject, by, withdrawn, ref } = entry;
  const isMark = markMs === atMs;
  const note = what === "note" && ref?.startsWith("note:") ? ref.slice("note:".length) : null;
  const mayWithdraw = note !== null && withdrawn === null && may.note && (may.all || by === user);
  return (
    <tr className={`${isFirstBefore ? "is-before" : ""}${isMark ? " is-mark" : ""}`.trim()} data-what={what}>
      <th scope="row">
        <time dateTime={new Date(atMs).toISOString()}>{whenText(atMs, nowMs, zone)}</time>
        {markMs !== null && (
          <small>{isMark ? "here" : `${formatDuration(Math.abs(atMs - markMs))} ${atMs < markMs ? "before" : "after"}`}</small>
        )}
      </th>
      <td data-th="What">
        <span className="st">
          <Icon shape={what === "note" ? "next" : level} />
          <span className="d2">{KINDS[what]}</span>
        </span>
      </td>
      <td data-th="Says" className="tl-text">
        {withdrawn ? <s>{unbroken(text)}</s> : unbroken(text)}
        {withdrawn && (
          <small>
            taken back by {withdrawn.by}, {formatMoment(withdrawn.atMs, zone)}
          </small>
        )}
        {why !== null && <small>{unbroken(why)}</small>}
        {what === "fencing" && (
          <small>
            <Link href={`/c/${slug}/n/${encodeURIComponent(subject)}#n-incidents`}>who, why and how long, as a card</Link>
          </small>
        )}
        {ref !== null && <Leads slug={slug} to={ref} standing={standing} />}
      </td>
      <td data-th="About">
        <About node={node} subject={subject} onAbout={onAbout} />
      </td>
      <td data-th="Who" className="d2">
        {by}
      </td>
      <td className="acts">
        {mayWithdraw && (
          <Button small onClick={() => onWithdraw(note)} aria-label={`Take back the note of ${whenText(atMs, nowMs, zone)}`}>
            Take back…
          </Button>
        )}
        <Button
          small
          onClick={() => onMark(isMark ? null : atMs)}
          aria-pressed={isMark}
          aria-label={
            isMark
              ? `Marked ${whenText(atMs, nowMs, zone)}: take the mark away`
              : `Mark ${whenText(atMs, nowMs, zone)}: tell the rest as before or after it`
          }
        >
          {isMark ? "Marked" : "Mark"}
        </Button>
      </td>
    </tr>
  );
}

/** What happens within seconds is told apart by parts of them. */
function whenText(atMs: number, nowMs: number, zone: string): string {
  const tenths = `.${Math.floor((atMs % 1_000) / 100)}`;
  const isToday = formatMoment(atMs, zone).slice(0, -9) === formatMoment(nowMs, zone).slice(0, -9);
  return `${isToday ? formatClock(atMs, zone) : formatMoment(atMs, zone)}${tenths}`;
}

function About({ node, subject, onAbout }: Pick<TimelineEntry, "node" | "subject"> & Pick<EntriesProps, "onAbout">) {
  const isOwn = node === subject;
  return (
    <>
      {subject === "cluster" && node === null ? (
        <span className="d2">the cluster</span>
      ) : (
        <button type="button" className="tl-about" onClick={() => onAbout(isOwn ? { node: subject } : { resource: subject })}>
          {subject}
          <span className="sr">, only this</span>
        </button>
      )}
      {node !== null && !isOwn && (
        <>
          {" "}
          <span className="d3">on</span>{" "}
          <button type="button" className="tl-about" onClick={() => onAbout({ node })}>
            {node}
            <span className="sr">, only this</span>
          </button>
        </>
      )}
    </>
  );
}

/** Where an entry leads: a command's record, a finding that still stands. */
function Leads({ slug, to, standing }: { slug: string; to: string; standing: ReadonlySet<string> }) {
  if (to.startsWith("run:"))
    return (
      <small>
        <Link href={`${AUDIT.of(slug)}?open=${encodeURIComponent(to.slice("run:".length))}`}>its record in the audit</Link>
      </small>
    );
  if (!standing.has(to)) return null;
  return (
    <small>
      <Link href={`/c/${slug}#${anchorOf(to)}`}>the finding, which still stands</Link>
    </small>
  );
}
