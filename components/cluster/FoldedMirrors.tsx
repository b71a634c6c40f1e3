// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { Entry } from "@/components/live/store";
import { formatCount } from "@/components/ui/format";
import { mirrorName } from "./Lane";

/** From this many on, calm mirrors fold into one line. */
const MANY = 8;

/** Mirrors that are drawn, and calm ones that one line stands for. */
export function foldMirrors(mirrors: readonly Entry<"mirror">[]): {
  shown: readonly Entry<"mirror">[];
  folded: readonly Entry<"mirror">[];
} {
  if (mirrors.length < MANY) return { shown: mirrors, folded: [] };
  const isCalm = ([, mirror]: Entry<"mirror">) => mirror.said.level === "ok" && mirror.pairs.every(({ said }) => said.level === "ok");
  return { shown: mirrors.filter((entry) => !isCalm(entry)), folded: mirrors.filter(isCalm) };
}

export function FoldedMirrors({ slug, mirrors }: { slug: string; mirrors: readonly Entry<"mirror">[] }) {
  if (mirrors.length === 0) return null;
  const words = new Set(mirrors.map(([, { said }]) => said.word));
  return (
    <section className="folded" aria-label="Calm mirrors">
      <details>
        <summary>
          {formatCount(mirrors.length, "more mirror")} {words.size === 1 ? [...words][0] : "as they should be"}
        </summary>
        <ul>
          {mirrors.map(([key, mirror]) => (
            <li key={key}>
              <Link href={`/c/${slug}/drbd/${encodeURIComponent(mirror.resource)}`}>
                <code>{mirrorName(mirror)}</code>
              </Link>{" "}
              <span className="d3">
                {mirror.said.word}, Primary{" "}
                {mirror.copies
                  .filter(({ role }) => role === "Primary")
                  .map(({ node }) => node)
                  .join(" and ") || "nowhere"}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
