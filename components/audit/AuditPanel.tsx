// SPDX-License-Identifier: Apache-2.0
"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { createPicker, entityOf } from "@/components/live/store";
import { useLive } from "@/components/live/use-live";
import { AuditView } from "./AuditView";
import { type AuditFilter, readFilter, writeFilter } from "./audit-filter";

/** The newest page; the ones after it are named by the page before. */
const FIRST: number | null = null;

interface AuditPanelProps {
  /** The one cluster it is about; null: all, one of which may be chosen. */
  slug: string | null;
  userRole: UserRole;
}

export function AuditPanel(props: AuditPanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

/** Filters and the opened row live in the address: what one sees can be sent to somebody. */
function Panel({ slug, userRole }: AuditPanelProps) {
  const params = useSearchParams();
  const pick = useMemo(
    () => createPicker((its, slice) => ({ slug: its, title: entityOf(slice, "cluster", keyOf.cluster)?.title ?? its })),
    [],
  );
  const clusters = useLive(pick);
  const filter: AuditFilter = { ...readFilter(params), ...(slug !== null && { cluster: slug }) };
  const open = params.get("open");
  const pages = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) =>
      ask("GET", `/api/v1/audit?${writeFilter(filter, pageParam === null ? {} : { before: String(pageParam) })}`, answers.audit),
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
  });
  const go = (next: AuditFilter, run: string | null) => {
    const shown = slug === null ? next : { ...next, cluster: "" };
    const query = writeFilter(shown, run === null ? {} : { open: run });
    window.history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
  };
  return (
    <AuditView
      slug={slug}
      clusters={clusters}
      userRole={userRole}
      filter={filter}
      rows={pages.data?.pages.flatMap(({ rows }) => rows) ?? null}
      error={pages.error}
      more={pages.hasNextPage ? { isAsking: pages.isFetchingNextPage, onMore: () => pages.fetchNextPage() } : null}
      open={open}
      onFilter={(next) => go(next, null)}
      onOpen={(run) => go(filter, run)}
    />
  );
}
