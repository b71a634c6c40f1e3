// SPDX-License-Identifier: Apache-2.0
import type { Offer } from "@/agent/protocol/console/commands";
import { offersOf } from "./offers";

/** The verb that a drop on another node asks for, and its argument for where to. */
export const MOVE = { verb: "resource.move", to: "to" } as const;

/** What hangs on the pointer, where it came from, and what the console says of moving it. */
export interface Drag {
  resource: string;
  from: string;
  /** asking: the console has not answered. none: it offers no move of this. */
  move: { is: "asking" } | { is: "offered"; offer: Offer } | { is: "none" } | { is: "failed"; why: string };
}

let drag: Drag | null = null;
const listeners = new Set<() => void>();

function set(next: Drag | null): void {
  drag = next;
  for (const listener of listeners) listener();
}

/** One thing at a time can hang on the pointer: one store for the page. */
export const dragging = {
  read: () => drag,
  onChange: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  start(slug: string, resource: string, key: string, from: string): void {
    const own: Drag = { resource, from, move: { is: "asking" } };
    set(own);
    const told = (move: Drag["move"]) => {
      // By then it may have been dropped, and another may hang there.
      if (drag === own) set({ ...own, move });
    };
    offersOf(slug, key)
      .queryFn()
      .then(
        ({ offers }) => {
          const offer = offers.find(({ ask }) => ask.verb === MOVE.verb);
          told(offer ? { is: "offered", offer } : { is: "none" });
        },
        (error: unknown) => told({ is: "failed", why: error instanceof Error ? error.message : "The console did not answer." }),
      );
  },
  end: () => set(null),
};

/** What a drop on a node would do: why not, or null when the plan can be seen. */
export function dropRefusal({ move, resource }: Drag, node: string): string | null {
  switch (move.is) {
    case "asking":
      return null;
    case "none":
      return `Nothing moves ${resource} by hand.`;
    case "failed":
      return move.why;
    case "offered": {
      const { refusal, fields } = move.offer;
      const choice = fields.find(({ name }) => name === MOVE.to)?.choices.find(({ value }) => value === node);
      return refusal ?? (choice ? choice.refusal : `${node} is not offered for ${resource}.`);
    }
  }
}
