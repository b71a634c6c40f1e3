// SPDX-License-Identifier: Apache-2.0
import type { GuardFinding, GuardLevel } from "@/agent/protocol/console/runs";
import { unbroken } from "@/components/ui/format";
import { Icon, type Shape } from "@/components/ui/Icon";
import { firstSentence } from "./sentence";

const SHAPES: Record<GuardLevel, Shape> = { block: "stop", type: "risk", warn: "risk", inform: "absent" };

export interface Accepting {
  /** Whether the finding at this place of the whole list is accepted. */
  isAccepted: (finding: GuardFinding) => boolean;
  onAccept: (finding: GuardFinding, isAccepted: boolean) => void;
  isOff: boolean;
}

interface GuardFindingsProps {
  title: string;
  findings: readonly GuardFinding[];
  /** Given where warnings can be accepted, each by itself. */
  accepting?: Accepting;
}

/** What the guards of one level say, each with its reason and its number in the catalogue. */
export function GuardFindings({ title, findings, accepting }: GuardFindingsProps) {
  if (findings.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="guards">
        {findings.map((finding) => {
          const [first, rest] = firstSentence(finding.message);
          return (
            <li key={`${finding.guard} ${finding.message}`} data-level={finding.level}>
              <Icon shape={SHAPES[finding.level]} />
              <div>
                <b>{unbroken(first)}</b>
                {rest && <p>{unbroken(rest)}</p>}
                <p className="guard-of">
                  guard {finding.number} <code>{finding.guard}</code>
                </p>
                {accepting && finding.level === "warn" && (
                  <label>
                    <input
                      type="checkbox"
                      checked={accepting.isAccepted(finding)}
                      disabled={accepting.isOff}
                      onChange={(event) => accepting.onAccept(finding, event.target.checked)}
                    />{" "}
                    I know, go on <span className="sr">although: {first}</span>
                  </label>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function ofLevel(findings: readonly GuardFinding[], ...levels: readonly GuardLevel[]): readonly GuardFinding[] {
  return findings.filter(({ level }) => levels.includes(level));
}
