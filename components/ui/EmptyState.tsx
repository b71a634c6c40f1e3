// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

/** Nothing is here, and this is why and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <section className="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
