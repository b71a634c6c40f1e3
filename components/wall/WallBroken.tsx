// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect } from "react";

const AGAIN_MS = 30_000;

/** What a screen shows when its own page failed: nothing of any cluster, and it helps itself. */
export function WallBroken() {
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="wall-over">
      <h1>This screen failed</h1>
      <p>What it showed last is taken away: it may not be true any more. It loads itself again in half a minute.</p>
    </main>
  );
}
