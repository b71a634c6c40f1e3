// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { VerifyOverview, VerifyQueueing } from "@/agent/protocol/console/verify";
import { Refusal } from "@/components/ask/Refusal";
import { useClockText } from "@/components/live/use-live";
import { formatCount } from "@/components/ui/format";
import { findVerify, type LiveVerifies } from "./live-mirrors";
import { MirrorsPart } from "./MirrorsPart";
import { RunningNow } from "./RunningNow";
import { NO_FILTER, sayProof, type VerifyFilter, writeFilter } from "./verify-filter";

export interface VerifyViewProps {
  userRole: UserRole;
  /** As the console answered; null while it has not. */
  overview: VerifyOverview | null;
  error: Error | null;
  /** As it is pushed. */
  live: readonly LiveVerifies[];
  filter: VerifyFilter;
  /** The mirror whose row is open: "san-a/store/0". */
  open: string | null;
  part: "mirrors" | "calendar" | "schedules";
  onFilter: (filter: VerifyFilter) => void;
  onOpen: (mirror: string | null) => void;
  onQueue: (wanted: VerifyQueueing) => Promise<unknown>;
  onUnqueue: (id: string) => Promise<unknown>;
  /** The part that is not the list. */
  children?: ReactNode;
}

const PARTS = [
  ["mirrors", "Mirrors", "/verify"],
  ["calendar", "Calendar", "/verify?part=calendar"],
  ["schedules", "Schedules", "/verify?part=schedules"],
] as const;

/** What is proven of every mirror and what is not; what is being compared now, and what waits. */
export function VerifyView(props: VerifyViewProps) {
  const { overview, error, live, filter, part, children } = props;
  // What is pushed is newer than what was asked for.
  const mirrors = overview?.mirrors.map((mirror) => ({ ...mirror, ...stateOf(findVerify(live, mirror)) })) ?? null;
  return (
    <main className="verify">
      <header className="sum">
        <div>
          <Headline mirrors={mirrors} limitDays={overview?.limitDays ?? 30} isRefused={error !== null} />
          {overview !== null && (
            <p>
              {formatCount(overview.mirrors.length, "mirror")}, policy: each one clean within {formatCount(overview.limitDays, "day")}.
              Verify compares both copies and marks differences. It repairs nothing.
            </p>
          )}
        </div>
        <p className="acts">
          <a className="btn s" href={`/api/v1/verify/export?${exportOf(filter, "csv")}`} download>
            Export CSV
          </a>
          <a className="btn s" href={`/api/v1/verify/export?${exportOf(filter, "jsonl")}`} download>
            Export JSON Lines
          </a>
        </p>
      </header>
      <RunningNow live={live} queue={overview?.queue ?? []} userRole={props.userRole} onUnqueue={props.onUnqueue} />
      <nav className="verify-parts" aria-label="Parts of this page">
        {PARTS.map(([name, word, href]) => (
          <Link key={name} href={href} aria-current={name === part ? "page" : undefined}>
            {word}
          </Link>
        ))}
      </nav>
      <Refusal error={error} />
      {part !== "mirrors" ? (
        children
      ) : mirrors === null || overview === null ? (
        error === null && (
          <p role="status" className="d3 remark">
            asking the console
          </p>
        )
      ) : (
        <MirrorsPart {...props} mirrors={mirrors} limitDays={overview.limitDays} />
      )}
    </main>
  );
}

/** Every run that is kept, of the cluster that the list is narrowed to: the other filters are about mirrors, not about runs. */
function exportOf({ cluster }: VerifyFilter, format: "csv" | "jsonl"): string {
  return writeFilter({ ...NO_FILTER, cluster }, { format });
}

function stateOf(verify: ReturnType<typeof findVerify>) {
  if (!verify) return {};
  const { cleanAtMs, last, running, queued, next } = verify;
  return { cleanAtMs, last, running, queued, next };
}

function Headline({ mirrors, limitDays, isRefused }: { mirrors: VerifyOverview["mirrors"] | null; limitDays: number; isRefused: boolean }) {
  const says = useClockText(({ nowMs }) =>
    mirrors === null ? (isRefused ? "What is proven is not known" : "Verify") : sayProof(mirrors, limitDays, nowMs),
  );
  return <h1>{says}</h1>;
}
