// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { Mark } from "@/components/ui/Mark";

/** The frame of the pages before anyone is known. */
export function Threshold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="threshold">
      <p className="mark">
        <Mark /> Quarterdeck
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
