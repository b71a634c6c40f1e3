// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Asked } from "@/components/settings/Asked";
import { unbroken } from "@/components/ui/format";

/** Guards whose warnings are accepted. */
export function useAccepted(first: readonly string[]) {
  return useState<ReadonlySet<string>>(new Set(first));
}

interface WarningChoiceProps {
  accept: ReadonlySet<string>;
  onChange: (accept: ReadonlySet<string>) => void;
}

/** Which warnings are accepted beforehand, each in words. A block can never be. */
export function WarningChoice({ accept, onChange }: WarningChoiceProps) {
  const warnings = useQuery({
    queryKey: ["verify-warnings"],
    queryFn: () => ask("GET", "/api/v1/verify/warnings", answers.verifyWarnings),
  });
  const toggle = (guard: string) => {
    const next = new Set(accept);
    if (!next.delete(guard)) next.add(guard);
    onChange(next);
  };
  return (
    <fieldset className="checks">
      <legend>Accept these warnings</legend>
      <Asked answer={warnings.data?.warnings ?? null} error={warnings.error}>
        {(list) => {
          const known = new Set(list.map(({ guard }) => guard));
          const gone = [...accept]
            .filter((guard) => !known.has(guard))
            .map((guard) => ({ guard, says: `${guard} (no guard of this version)` }));
          const all = [...list, ...gone];
          if (all.length === 0) return <p className="d3 s12">No guard of this version warns of a verify.</p>;
          return all.map(({ guard, says }) => (
            <label key={guard}>
              <input type="checkbox" checked={accept.has(guard)} onChange={() => toggle(guard)} />
              <span>{unbroken(says)}</span>
            </label>
          ));
        }}
      </Asked>
    </fieldset>
  );
}
