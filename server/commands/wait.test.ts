// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { View } from "@/agent/protocol/console/view";
import { waitFor } from "./wait";

it("a fault while a view is judged is told to whoever waits, and to nobody else", async () => {
  const listeners = new Set<() => void>();
  const view: View = new Map();
  const views = {
    viewOf: () => view,
    onView(_: string, listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  let isOdd = false;
  const until = () => {
    if (isOdd) throw new Error("an odd view");
    return false;
  };
  const waited = waitFor(views, "san-a", { until, withinMs: 60_000, look: () => null });
  isOdd = true;
  for (const listener of [...listeners]) expect(listener).not.toThrow();
  await expect(waited).rejects.toThrow("an odd view");
  expect(listeners.size).toBe(0);
});
