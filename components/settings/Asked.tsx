// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { Refusal } from "@/components/ask/Refusal";

/** What was asked for, or why there is nothing to show: not answered yet, or not answered at all. Never "none" for either. */
export function Asked<T>({ answer, error, children }: { answer: T | null; error: Error | null; children: (answer: T) => ReactNode }) {
  return (
    <>
      <Refusal error={error} />
      {answer === null ? !error && <p className="d3 remark">asking the console</p> : children(answer)}
    </>
  );
}
