// SPDX-License-Identifier: Apache-2.0
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { When } from "@/components/live/Age";
import { Icon } from "@/components/ui/Icon";

/** From this priority down a line is a warning or worse. Source: include/linux/kern_levels.h (4 is KERN_WARNING). */
const WARNING = 4;

/** The newest kernel lines, newest first, as printed. */
export function KernelLines({ lines }: { lines: readonly KernelLine[] }) {
  return (
    <ol className="k">
      {lines.map((line) => (
        <li key={line.kmsgSeq} className={line.priority <= WARNING ? "hi" : ""}>
          <When atMs={line.atMs} />
          <span>
            {line.priority <= WARNING && (
              <>
                <Icon shape="risk" />
                <span className="sr">{line.priority < WARNING ? "error" : "warning"}</span>
              </>
            )}
          </span>
          <span className="x">{line.text}</span>
        </li>
      ))}
    </ol>
  );
}
