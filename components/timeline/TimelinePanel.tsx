// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { useLoaded } from "@/components/ask/use-loaded";
import { mayDo } from "@/components/commands/acting";
import { entityOf, entriesOf } from "@/components/live/store";
import { useClockText, useLive, useLiveValue } from "@/components/live/use-live";
import { namesOf } from "./names";
import { askedFor, entryOf, fits, readShown, together, writeShown } from "./shown";
import { TimelineView } from "./TimelineView";
import { paceOf } from "./window";

/** The newest page; the ones after it are named by the page before. */
const FIRST: string | null = null;
/** Pushed entries beyond those of the answer: more than this, and it is asked anew, since a view holds only the newest. */
const FRESH_AT_MOST = 40;
/** Longer spans are not counted anew with every entry that is pushed. Units: ms. */
const COUNTED_LIVE_MS = 2 * 86_400_000;
const loadDialogs = () => Promise.all([import("./NoteDialog"), import("./WithdrawDialog")]);

interface TimelinePanelProps {
  slug: string;
  user: string;
  userRole: UserRole;
}

export function TimelinePanel(props: TimelinePanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

/** Span, filters and mark live in the address: what one sees can be sent to somebody. */
function Panel({ slug, user, userRole }: TimelinePanelProps) {
  const params = useSearchParams();
  const { store, zone } = useLiveValue();
  const [dialog, setDialog] = useState<"note" | { withdraw: string } | null>(null);
  const dialogs = useLoaded(loadDialogs, dialog !== null);
  const change = useChange("timeline");
  // It stands between two steps of its pace: a clock that ran on would draw the strip every second for nothing.
  const pace = paceOf(Number(params.get("span") ?? 86_400_000));
  const nowMs = Number(useClockText((clock) => String(Math.ceil(clock.nowMs / pace) * pace)));
  const shown = readShown(params, nowMs);
  const { spanMs, toMs } = shown.window;
  const fromMs = Math.max(0, Math.floor((toMs ?? nowMs) - spanMs));
  const slice = useLive((live) => live.clusters.get(slug));
  const pushed = entriesOf(slice, "event")
    .map(([key, event]) => entryOf(key, event))
    .filter((entry) => fits(shown, entry));
  const asked = askedFor(shown, {});
  const pages = useInfiniteQuery({
    queryKey: ["timeline", "pages", slug, asked, spanMs, toMs],
    queryFn: ({ pageParam }) => {
      const span = { from: String(Math.max(0, Math.floor((toMs ?? store.nowMs()) - spanMs))), to: toMs === null ? null : String(toMs) };
      return ask("GET", `/api/v1/clusters/${slug}/timeline?${askedFor(shown, { ...span, before: pageParam })}`, answers.timeline);
    },
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const answered = pages.data?.pages.flatMap(({ entries }) => entries) ?? null;
  const { entries, fresh } = together(answered ?? [], !pages.hasNextPage, pushed, { fromMs, toMs });
  const isLive = toMs === null;
  const counts = useQuery({
    queryKey: ["timeline", "counts", slug, asked, spanMs, toMs, isLive ? nowMs : null, isLive && spanMs <= COUNTED_LIVE_MS ? fresh : 0],
    queryFn: () =>
      ask(
        "GET",
        `/api/v1/clusters/${slug}/timeline/counts?${askedFor(shown, { from: String(fromMs), to: String(Math.ceil(toMs ?? nowMs)) })}`,
        answers.timelineCounts,
      ),
    placeholderData: keepPreviousData,
  });
  const { refetch } = pages;
  useEffect(() => {
    if (fresh > FRESH_AT_MOST) void refetch();
  }, [fresh, refetch]);
  const { nodes, resources } = namesOf(slice);
  const last = pages.data?.pages.at(-1);
  const more = { isAsking: pages.isFetchingNextPage, searchedToMs: last?.searchedToMs ?? null, onMore: () => pages.fetchNextPage() };
  const [note, withdraw] = dialogs.is === "there" ? dialogs.module : [];
  const taken = typeof dialog === "object" ? dialog?.withdraw : undefined;
  return (
    <>
      <TimelineView
        {...{ slug, zone, nowMs, user, shown, nodes, resources, counts: counts.data ?? null }}
        title={entityOf(slice, "cluster", keyOf.cluster)?.title ?? slug}
        may={{ note: mayDo(userRole, "operator"), all: userRole === "admin" }}
        standing={new Set(entriesOf(slice, "finding").map(([key]) => key))}
        entries={answered === null ? null : entries}
        error={pages.error ?? counts.error}
        more={pages.hasNextPage ? more : null}
        onShow={(next) => window.history.replaceState(null, "", `?${writeShown(next)}`)}
        onNote={() => setDialog("note")}
        onWithdraw={(id) => setDialog({ withdraw: id })}
      />
      {dialogs.is === "unreachable" && dialog !== null && <p role="alert">not opened: the console did not answer</p>}
      {note && dialog === "note" && (
        <note.NoteDialog
          {...{ zone, nodes, resources, markMs: shown.markMs, about: shown }}
          onMake={(wanted) => ask("POST", `/api/v1/clusters/${slug}/notes`, answers.noteMade, wanted)}
          onClose={() => setDialog(null)}
        />
      )}
      {withdraw && taken !== undefined && (
        <withdraw.WithdrawDialog
          text={entries.find(({ ref }) => ref === `note:${taken}`)?.text ?? ""}
          onWithdraw={() => change("POST", `/api/v1/clusters/${slug}/notes/${taken}/withdrawal`)}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}
