// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Asked } from "@/components/settings/Asked";
import { Button } from "@/components/ui/Button";
import { IncidentView } from "./IncidentView";

/** The newest page; the ones after it are named by the page before. */
const FIRST: string | null = null;

interface IncidentListProps {
  slug: string;
  /** Of one node; null: of all. */
  node: string | null;
  /** Changes when a fencing moves: then the list is asked for again. */
  mark: string;
}

/** Every fencing that is kept, the newest first. Not in the first load of the page: it comes after what is pushed. */
export function IncidentList(props: IncidentListProps) {
  return (
    <AskProvider>
      <List {...props} />
    </AskProvider>
  );
}

export function List({ slug, node, mark }: IncidentListProps) {
  const pages = useInfiniteQuery({
    queryKey: ["incidents", slug, node, mark],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ ...(node === null ? {} : { node }), ...(pageParam === null ? {} : { before: pageParam }) });
      return ask("GET", `/api/v1/clusters/${slug}/incidents?${query}`, answers.incidents);
    },
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  return (
    <Asked answer={pages.data?.pages.flatMap(({ incidents }) => incidents) ?? null} error={pages.error}>
      {(incidents) => (
        <>
          {incidents.length === 0 && (
            <p className="remark d3">
              {node === null
                ? "No node was lost or fenced since this console watches."
                : `${node} was not lost or fenced since this console watches.`}
            </p>
          )}
          {incidents.map((incident) => (
            <IncidentView key={incident.id} incident={incident} />
          ))}
          {pages.hasNextPage && (
            <p className="acts">
              <Button small onClick={() => pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
                {pages.isFetchingNextPage ? "asking the console" : "Older ones"}
              </Button>
            </p>
          )}
        </>
      )}
    </Asked>
  );
}
