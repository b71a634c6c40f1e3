// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { useEntity } from "@/components/live/use-live";
import { formatCount, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { GuardFindings, ofLevel } from "./GuardFindings";
import { answerOf } from "./verdict";

/** At a node's head: may it go down now, in a short word; the reasons on demand. Nothing where the console has no answer. */
export function NodeSafety({ slug, node }: { slug: string; node: string }) {
  const safety = useEntity(slug, "safety", keyOf.safety(node));
  if (!safety) return null;
  const { shape, word, rest } = answerOf(safety);
  const { reasons } = safety;
  return (
    <div className="take-down" data-answer={safety.answer}>
      <p>
        <span className="d3">Take it down now?</span> <Icon shape={shape} /> <b className={inkOf(safety)}>{word}</b> {unbroken(rest)}
      </p>
      {reasons.length > 0 && (
        <details>
          <summary>{sayReasons(reasons)}</summary>
          <Reasons safety={safety} />
        </details>
      )}
    </div>
  );
}

/** "2 reasons", "1 reason, 3 to know", "3 to know": what only is to be known is no reason. */
function sayReasons(reasons: EntityOf<"safety">["reasons"]): string {
  const known = ofLevel(reasons, "inform").length;
  const against = reasons.length - known;
  return [against > 0 ? formatCount(against, "reason") : "", known > 0 ? `${known}\u00a0to know` : ""].filter(Boolean).join(", ");
}

export function inkOf({ answer }: Pick<EntityOf<"safety">, "answer">): string {
  return answer === "no" ? "bad" : answer === "unknown" ? "old" : "";
}

/** Every reason, and in it what would change the answer; the gravest first, as the console sorts them. */
export function Reasons({ safety: { reasons } }: { safety: EntityOf<"safety"> }) {
  return (
    <>
      <GuardFindings title="Why not, and what would change it" findings={ofLevel(reasons, "block", "type")} />
      <GuardFindings title="Warnings" findings={ofLevel(reasons, "warn")} />
      <GuardFindings title="Good to know" findings={ofLevel(reasons, "inform")} />
    </>
  );
}
