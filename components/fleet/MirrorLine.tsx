// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { CSSProperties } from "react";
import type { EntityOf, MirrorPair } from "@/agent/protocol/console/view";
import { worstFirst } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import { Proof } from "@/components/verify/Proof";

const LINES: Record<MirrorPair["line"], string> = {
  connected: "ml",
  resync: "ml sync",
  verify: "ml ver",
  differs: "ml diff",
  cut: "ml cut",
  old: "ml lost",
};

/** A mirror as two ends and a line; the line looks like its worst pair. */
export function MirrorLine({ mirror, verify, href }: { mirror: EntityOf<"mirror">; verify: EntityOf<"verify"> | undefined; href: string }) {
  const [worst] = [...mirror.pairs].sort((a, b) => worstFirst(a.said.level, b.said.level));
  const style: CSSProperties = { "--p": `${worst?.progress?.percent ?? 0}%` };
  if (worst?.line === "cut") style["--c"] = worst.said.level === "bad" ? "var(--bad)" : "var(--risk)";
  return (
    <div className={worst?.line === "old" ? "mir was-old" : "mir"}>
      <Link href={href}>
        <code>{mirror.volume === 0 ? mirror.resource : `${mirror.resource}/${mirror.volume}`}</code>
      </Link>
      <i className={worst ? LINES[worst.line] : "ml lost"} style={style} />
      <span>
        {mirror.said.level === "ok" ? <span className="d3">{mirror.said.word}</span> : <StateWord said={mirror.said} />}{" "}
        <Proof verify={verify} />
      </span>
    </div>
  );
}
