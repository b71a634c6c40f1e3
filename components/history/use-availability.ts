// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useAskedAgain } from "./use-asked-again";

/** Counted anew this often: what a minute changes nobody misses. */
const ASK_EVERY_MS = 60_000;
/** Of 30 days a few seconds are nothing. */
const AGAIN_AFTER_MS = 3_000;

/** A cluster's availability, asked for again when something moved. `least`: only so many services, the least available ones. */
export function useAvailability(slug: string, least: number | null) {
  const query = useQuery({
    queryKey: ["availability", slug, least],
    queryFn: () => ask("GET", `/api/v1/clusters/${slug}/availability${least === null ? "" : `?least=${least}`}`, answers.availability),
    refetchInterval: ASK_EVERY_MS,
  });
  useAskedAgain(slug, query.refetch, AGAIN_AFTER_MS);
  return query;
}
