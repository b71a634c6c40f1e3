// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { NewWallKey } from "@/agent/protocol/console/people";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { ActDialog } from "./ActDialog";
import { daysOf, LastsChoice } from "./lasts";

interface NewWallDialogProps {
  clusters: readonly { slug: string; title: string }[];
  onMake: (wanted: NewWallKey) => Promise<unknown>;
  onClose: () => void;
}

/** Where a new screen hangs, what it shows, and how long. */
export function NewWallDialog({ clusters, onMake, onClose }: NewWallDialogProps) {
  const [isAll, setIsAll] = useState(true);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const make = (form: (name: string) => string) => {
    if (!isAll && chosen.length === 0) return Promise.reject(new Error("Choose at least one cluster, or every cluster."));
    return onMake({ name: form("name"), clusters: isAll ? null : [...chosen], days: daysOf(form("days")) });
  };
  const toggle = (slug: string, isOn: boolean) => setChosen((before) => (isOn ? [...before, slug] : before.filter((one) => one !== slug)));
  return (
    <ActDialog title="Make a key for a wall" verb="Make the key" onAct={make} onClose={onClose}>
      <Field label="Where it hangs" name="name" required maxLength={60} autoComplete="off" hint="NOC, left screen" />
      <Choice label="Shows" name="all" value={isAll ? "all" : "some"} onChange={(event) => setIsAll(event.target.value === "all")}>
        <option value="all">every cluster, also those to come</option>
        <option value="some">only these clusters</option>
      </Choice>
      {!isAll && (
        <fieldset className="choose-clusters">
          <legend>Clusters</legend>
          {clusters.map(({ slug, title }) => (
            <label key={slug}>
              <input type="checkbox" checked={chosen.includes(slug)} onChange={(event) => toggle(slug, event.target.checked)} /> {title}
            </label>
          ))}
        </fieldset>
      )}
      <LastsChoice first="" />
    </ActDialog>
  );
}
