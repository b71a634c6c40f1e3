// SPDX-License-Identifier: Apache-2.0
"use client";
import { Fragment, useState } from "react";
import type { FindingRule, FindingRuleChange } from "@/agent/protocol/console/finding-rules";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { LEVEL_WORDS } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import { Act } from "./Act";
import { Asked } from "./Asked";
import { SwitchRuleDialog } from "./SwitchRuleDialog";

export interface FindingRulesViewProps {
  mayAct: boolean;
  rules: readonly FindingRule[] | null;
  clusters: readonly { slug: string; title: string }[];
  error: Error | null;
  onChange: (name: string, wanted: FindingRuleChange) => Promise<unknown>;
}

interface Asking {
  rule: FindingRule;
  isOff: boolean;
}

/** Every rule that findings come from: what it means, when it fires, and where it is switched off. */
export function FindingRulesView({ mayAct, rules, clusters, error, onChange }: FindingRulesViewProps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  return (
    <>
      <h1>Findings</h1>
      <section aria-label="Findings" className="rules">
        <p className="d2">
          Each finding comes from one of these rules. What is switched off is not looked for: it is not told, not counted, and alerts
          nobody. Wherever findings are counted it is said how many rules are off.
        </p>
        <Asked answer={rules} error={error}>
          {(list) => <Rules rules={list} clusters={clusters} mayAct={mayAct} onAsk={setAsking} />}
        </Asked>
      </section>
      {asking && (
        <SwitchRuleDialog
          {...asking}
          clusters={clusters}
          onSwitch={(wanted) => onChange(asking.rule.name, wanted)}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

function Rules(props: {
  rules: readonly FindingRule[];
  clusters: FindingRulesViewProps["clusters"];
  mayAct: boolean;
  onAsk: (asking: Asking) => void;
}) {
  const { rules, clusters, mayAct, onAsk } = props;
  const areas = [...new Set(rules.map(({ area }) => area))].sort();
  const off = rules.filter((rule) => rule.off.length > 0).length;
  return (
    <>
      <p role="status">
        <Icon shape={off === 0 ? "ok" : "held"} /> {formatCount(rules.length, "rule")},{" "}
        {off === 0 ? "none is switched off" : `${off} switched off for some cluster`}.{!mayAct && " An admin switches them."}
      </p>
      {areas.map((area) => (
        <Fragment key={area}>
          <h2>{area}</h2>
          <table className="p cards rules">
            <ColumnHeads names={["Rule", "Levels", "State"]} acts={mayAct} />
            <tbody>
              {rules
                .filter((rule) => rule.area === area)
                .map((rule) => (
                  <tr key={rule.name}>
                    <th scope="row">
                      <b>{rule.title}</b>
                      <details>
                        <summary className="d3 s12">what it means</summary>
                        <p className="d2">{rule.means}</p>
                        <p className="d2">Fires: {rule.fires}</p>
                        <p className="d2">Does not: {rule.not}</p>
                        <p className="d2">What to do: {rule.todo}</p>
                      </details>
                    </th>
                    <td data-th="Levels">
                      <span className="rule-levels">
                        {rule.levels.map((level) => (
                          <StateWord key={level} small said={{ level, word: LEVEL_WORDS[level] }} />
                        ))}
                      </span>
                    </td>
                    <td data-th="State">
                      <State rule={rule} />
                    </td>
                    {mayAct && (
                      <td className="acts">
                        {rule.off.length < clusters.length && (
                          <Act word="Switch off…" label={`Switch off… ${rule.title}`} onClick={() => onAsk({ rule, isOff: true })} />
                        )}
                        {rule.off.length > 0 && (
                          <Act word="Switch on…" label={`Switch on… ${rule.title}`} onClick={() => onAsk({ rule, isOff: false })} />
                        )}
                      </td>
                    )}
                  </tr>
                ))}
            </tbody>
          </table>
        </Fragment>
      ))}
    </>
  );
}

function State({ rule: { off } }: { rule: FindingRule }) {
  if (off.length === 0) return <span className="d3">on</span>;
  return (
    <ul className="notes-of">
      {off.map(({ cluster, by, atMs, reason }) => (
        <li key={cluster}>
          <Icon shape="held" /> off for <b>{cluster}</b> since <When atMs={atMs} /> by {by}: {reason}
        </li>
      ))}
    </ul>
  );
}
