// SPDX-License-Identifier: Apache-2.0
"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Asked } from "@/components/settings/Asked";
import { Button } from "@/components/ui/Button";
import { IncidentView } from "./IncidentView";
import { useAskedAgain } from "./use-asked-again";

/** The newest page; the ones after it are named by the page before. */
const FIRST: string | null = null;

interface IncidentListProps {
  slug: string;
  /** Of one node; null: of all. */
  node: string | null;
}

/** What a fencing's frames mean is written when this page has them: a moment later it can be asked for. */
const AGAIN_AFTER_MS = 1_000;

/** Every fencing that is kept, the newest first. Not in the first load of the page: it comes after what is pushed. */
export function IncidentList(props: IncidentListProps) {
  return (
    <AskProvider>
      <List {...props} />
    </AskProvider>
  );
}

export function List({ slug, node }: IncidentListProps) {
  const pages = useInfiniteQuery({
    queryKey: ["incidents", slug, node],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ ...(node === null ? {} : { node }), ...(pageParam === null ? {} : { before: pageParam }) });
      return ask("GET", `/api/v1/clusters/${slug}/incidents?${query}`, answers.incidents);
    },
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
  });
  useAskedAgain(slug, pages.refetch, AGAIN_AFTER_MS);
  return (
    <Asked answer={pages.data?.pages.flatMap(({ incidents }) => incidents) ?? null} error={pages.error}>
      {(incidents) => (
        <>
          {incidents.length === 0 && (
            <p className="remark d3">
              {node === null
                ? "No node was lost or fenced, and no service went elsewhere, since this console watches."
                : `${node} was not lost or fenced, and no service left it, since this console watches.`}
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
