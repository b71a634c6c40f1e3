// SPDX-License-Identifier: Apache-2.0
import type { ConfirmationAnswer } from "@/agent/protocol/console/commands";
import { Button } from "@/components/ui/Button";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { GuardFindings, ofLevel } from "./GuardFindings";

type Refused = Extract<ConfirmationAnswer, { did: "refused" }>;

/** The world changed while it was read, or a guard said no at the last moment: what differs, and the way on. */
export function RefusedView({ answer, onAgain, onClose }: { answer: Refused; onAgain: () => void; onClose: () => void }) {
  const { message, differences, findings } = answer;
  return (
    <>
      <div className="cmd-body">
        <p role="alert" className="cmd-no">
          <Icon shape="stop" />
          <span>
            {unbroken(message)} <b>Nothing was written.</b>
          </span>
        </p>
        {differences.length > 0 && (
          <section aria-label="What changed meanwhile">
            <h3>What changed meanwhile</h3>
            <ul className="effects">
              {differences.map((difference) => (
                <li key={difference}>
                  <Icon shape="differs" />
                  <span>{unbroken(difference)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <GuardFindings title="Refused because" findings={ofLevel(findings, "block")} />
        <GuardFindings title="Not accepted" findings={ofLevel(findings, "type", "warn")} />
        <GuardFindings title="Good to know" findings={ofLevel(findings, "inform")} />
      </div>
      <footer className="cmd-foot">
        <p className="d3">A new preview shows how it would be now.</p>
        <div className="cmd-acts">
          <Button onClick={onClose}>Close</Button>
          <Button prime onClick={onAgain}>
            Preview again
          </Button>
        </div>
      </footer>
    </>
  );
}
