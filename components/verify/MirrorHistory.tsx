// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { ActButton } from "./ActButton";
import { HistoryView } from "./HistoryView";
import { mirrorId, nameOf } from "./progress";
import { Trend } from "./Trend";

interface MirrorHistoryProps {
  slug: string;
  /** The key of the mirror. */
  about: string;
  mirror: { resource: string; volume: number };
  isRunning: boolean;
  /** Changes when a run begins or ends: then the list is asked for again. */
  mark: string;
}

/** The newest page; the ones after it are named by the page before. */
const FIRST: string | null = null;

/** What can be asked for, and every run that is kept. Not in the first load of the page: it comes after what is pushed. */
export function MirrorHistory(props: MirrorHistoryProps) {
  return (
    <AskProvider>
      <History {...props} />
    </AskProvider>
  );
}

function History({ slug, about, mirror, isRunning, mark }: MirrorHistoryProps) {
  const [open, setOpen] = useState<string | null>(null);
  const name = nameOf(mirror);
  const pages = useInfiniteQuery({
    queryKey: ["verifies", slug, about, mark],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ mirror: mirrorId(mirror), ...(pageParam === null ? {} : { before: pageParam }) });
      return ask("GET", `/api/v1/clusters/${slug}/verifies?${query}`, answers.verifyPage);
    },
    initialPageParam: FIRST,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const runs = pages.data?.pages.flatMap(({ records }) => records) ?? null;
  return (
    <>
      <p className="acts">
        <ActButton
          slug={slug}
          about={about}
          verbs={isRunning ? ["drbd.verifyStop"] : ["drbd.verify"]}
          word={isRunning ? "Stop the verify…" : "Verify…"}
          label={isRunning ? `Stop the verify of ${name}…` : `Verify ${name}…`}
        />
      </p>
      <HistoryView
        name={name}
        mirror={{ cluster: slug, ...mirror }}
        runs={runs}
        error={pages.error}
        open={open}
        onOpen={setOpen}
        more={pages.hasNextPage ? { isAsking: pages.isFetchingNextPage, onMore: () => pages.fetchNextPage() } : null}
      />
      {runs !== null && runs.length > 1 && <Trend runs={[...runs].reverse()} name={name} />}
    </>
  );
}
