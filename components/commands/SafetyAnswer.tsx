// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import { useEntity } from "@/components/live/use-live";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { inkOf, Reasons } from "./NodeSafety";
import { answerOf } from "./verdict";

/** The question of a node's page, its answer, and every reason with what would change it. */
export function SafetyAnswer({ slug, node }: { slug: string; node: string }) {
  const safety = useEntity(slug, "safety", keyOf.safety(node));
  if (!safety) return null;
  const { shape, word, rest } = answerOf(safety);
  return (
    <section className="safety" aria-labelledby="n-safety" data-answer={safety.answer}>
      <h2 id="n-safety">Is it safe to take {node} down now?</h2>
      <p className="safety-says">
        <Icon shape={shape} /> <b className={inkOf(safety)}>{word}</b> {unbroken(rest)}
      </p>
      <Reasons safety={safety} />
    </section>
  );
}
