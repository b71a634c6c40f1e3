// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { StateWord } from "@/components/ui/StateWord";

export type MirrorCopy = EntityOf<"mirror">["copies"][number];

/** The square at the end of a mirror's line. Filled: Primary. From below: as far as it is in sync. Dashed: no disk. Dotted: not known. */
export function CopySquare({ copy }: { copy: MirrorCopy }) {
  const { role, disk, said, syncedPercent } = copy;
  const classes = ["role"];
  if (syncedPercent !== null && disk === "Inconsistent") classes.push("inc");
  else if (role === "Primary") classes.push("pri");
  if (disk === "Diskless" || disk === "Failed") classes.push("dl");
  if (said.level === "old" || said.level === "unknown") classes.push("q");
  if (said.level === "bad") classes.push("is-bad");
  if (said.level === "risk" || said.level === "differs") classes.push("is-risk");
  const style: CSSProperties = { "--f": `${syncedPercent ?? 0}%` };
  return <i className={classes.join(" ")} style={style} />;
}

/** Role and disk in the kernel's words. */
export function CopyWords({ copy }: { copy: MirrorCopy }) {
  const role = copy.role === "Primary" ? <b>{copy.role}</b> : <span>{copy.role}</span>;
  return (
    <>
      {role}
      <StateWord said={copy.said} />
    </>
  );
}
