// SPDX-License-Identifier: Apache-2.0
import type { Client, SeenView } from "../api";

/** So long after a node died the console may still believe in it: 3 s of silence, and the time of the machine that tests. */
export const BELIEVED_MS = 5_000;

/** Services that the view shows as well on a node, as "vm_mail started". */
export function wellOn(view: SeenView, node: string): string[] {
  return view
    .all("resource")
    .flatMap(({ id, places }) => places.flatMap((one) => (one.node === node && one.said.level === "ok" ? `${id} ${one.role}` : [])));
}

/** What is wrong of a view once a node is dead or cut off for longer than it may be believed in: it is well, or something is well on it. */
export function wellWhileDead(view: SeenView, node: string, sinceMs: number, believedMs = BELIEVED_MS): string[] {
  if (sinceMs < believedMs) return [];
  return [
    ...wellOn(view, node).map((service) => `${service} is well on ${node}`),
    ...(view.get("node", `node:${node}`)?.state.level === "ok" ? [`${node} is well`] : []),
  ];
}

/** Looks at the view again and again; what is wrong at any of those moments is kept, with how long after the beginning it was. */
export function watch(client: Client, wrongIn: (view: SeenView, sinceMs: number) => readonly string[]) {
  const startedMs = performance.now();
  const wrong: { sinceMs: number; sentence: string }[] = [];
  let looks = 0;
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      // When it was asked: the answer is no older than that.
      const sinceMs = performance.now() - startedMs;
      const view = await client.view();
      looks += 1;
      for (const sentence of wrongIn(view, sinceMs)) wrong.push({ sinceMs, sentence });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    /** Ends it: everything that was wrong until so long before now, and how often it looked. */
    async stop(beforeMs = 0): Promise<{ wrong: string[]; looks: number }> {
      const untilMs = performance.now() - startedMs - beforeMs;
      isOver = true;
      await done;
      const counted = wrong.filter(({ sinceMs }) => sinceMs < untilMs);
      return { wrong: counted.map(({ sinceMs, sentence }) => `${(sinceMs / 1_000).toFixed(1)} s: ${sentence}`), looks };
    },
  };
}
