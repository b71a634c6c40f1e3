// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Since } from "@/components/live/Age";
import { useClockText } from "@/components/live/use-live";
import { Icon } from "@/components/ui/Icon";

/** Why a mirror is not judged now: none of its nodes is heard, and since when. */
export function OldWord({ slug, mirror }: { slug: string; mirror: EntityOf<"mirror"> | undefined }) {
  const nodes = mirror?.copies.map(({ node }) => node) ?? [];
  const atMs = useClockText(({ heardAtMs }) => {
    const heard = nodes.map((node) => heardAtMs(slug, keyOf.node(node))).filter((ms) => ms !== null);
    return heard.length === 0 ? "" : String(Math.max(...heard));
  });
  return (
    <span className="age is-old">
      <Icon shape="old" />{" "}
      {mirror === undefined ? (
        "not in the view now"
      ) : atMs === "" ? (
        "its nodes were never heard"
      ) : (
        <>
          no word <Since atMs={Number(atMs)} />
        </>
      )}
    </span>
  );
}
