// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { z } from "zod";

const Held = z.object({ type: z.literal("held"), worstMs: z.number() });

/** Given to a Node process: it then answers `worstHeldMs`. */
export const HELD_INSIDE = ["--import", path.join(import.meta.dirname, "held-inside.mjs")];

/** The longest that a process's event loop was held since it was asked last: as long as an agent's frame could wait. Units: ms. */
export function worstHeldMs(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const hear = (message: unknown) => {
      const held = Held.safeParse(message);
      if (!held.success) return;
      child.off("message", hear);
      resolve(held.data.worstMs);
    };
    child.on("message", hear);
    child.send({ type: "held?" });
  });
}
