// SPDX-License-Identifier: Apache-2.0
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";

/** How the offers about one thing are asked for. */
export function offersOf(slug: string, about: string) {
  return {
    queryKey: ["offers", slug, about],
    queryFn: () => ask("GET", `/api/v1/clusters/${slug}/offers?about=${encodeURIComponent(about)}`, answers.offers),
  };
}
