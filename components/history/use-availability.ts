// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";

/** Counted anew this often: what a minute changes nobody misses. */
const ASK_EVERY_MS = 60_000;

/** A cluster's availability; asked for again when `mark` changes. */
export function useAvailability(slug: string, mark: string) {
  return useQuery({
    queryKey: ["availability", slug, mark],
    queryFn: () => ask("GET", `/api/v1/clusters/${slug}/availability`, answers.availability),
    refetchInterval: ASK_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}
