// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { FindingRule, FindingRuleChange } from "@/agent/protocol/console/finding-rules";
import { Field } from "@/components/ui/Field";
import { ActDialog } from "./ActDialog";

interface SwitchRuleDialogProps {
  rule: FindingRule;
  isOff: boolean;
  clusters: readonly { slug: string; title: string }[];
  onSwitch: (wanted: FindingRuleChange) => Promise<unknown>;
  onClose: () => void;
}

/** For which clusters a rule is switched, and why. */
export function SwitchRuleDialog({ rule, isOff, clusters, onSwitch, onClose }: SwitchRuleDialogProps) {
  const off = new Set(rule.off.map(({ cluster }) => cluster));
  const possible = clusters.filter(({ slug }) => off.has(slug) !== isOff);
  const [only] = possible.length === 1 ? possible : [];
  const [chosen, setChosen] = useState<readonly string[]>(only ? [only.slug] : []);
  const act = (form: (name: string) => string) => {
    if (chosen.length === 0) return Promise.reject(new Error("Choose at least one cluster."));
    return onSwitch({ clusters: [...chosen], isOff, reason: form("reason") });
  };
  const toggle = (slug: string, isOn: boolean) => setChosen((before) => (isOn ? [...before, slug] : before.filter((one) => one !== slug)));
  const word = isOff ? "off" : "on";
  return (
    <ActDialog title={`Switch “${rule.title}” ${word}`} verb={`Switch it ${word}`} onAct={act} onClose={onClose}>
      <p className="d2">
        {isOff ? `${rule.means} Nobody will be told of it there any more; a cluster that is added later has the rule.` : rule.means}
      </p>
      <fieldset className="choose-clusters">
        <legend>Clusters</legend>
        {possible.map(({ slug, title }) => (
          <label key={slug}>
            <input type="checkbox" checked={chosen.includes(slug)} onChange={(event) => toggle(slug, event.target.checked)} /> {title}
          </label>
        ))}
      </fieldset>
      <Field label="Why" name="reason" required maxLength={200} autoComplete="off" hint="The audit keeps it." />
    </ActDialog>
  );
}
