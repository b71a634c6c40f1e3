// SPDX-License-Identifier: Apache-2.0
import { formatDuration, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** Clocks that are off by the same, up to this, are one clock that is off: the console's own. */
const ALIKE_SECONDS = 3;

/** From here on it is told. */
const OFF_SECONDS = 10;
/** Once told it stands until it is well below: a clock that drifts around a bound is not news each time. */
const CALM_SECONDS = 7;

function sayAhead(seconds: number): string {
  return `${formatDuration(Math.abs(seconds) * 1_000)} ${seconds > 0 ? "ahead of" : "behind"}`;
}

/** A node's clock is not the console's: what its own logs say of times is off by as much. */
export const nodeClock = defineRule({
  name: "node-clock",
  doc: {
    area: "sight",
    title: "A clock is off",
    means: "The times in a node's own logs are off by as much; where all agree, it is the console's.",
    levels: ["risk"],
    fires: "10 s or more between the node's clock and the console's; over below 7 s.",
    not: "A node that is not heard now.",
    todo: "Look at chrony or ntpd.",
    needs: [100],
  },
  find(view, { findingSince }) {
    const isTold = (name: string) => findingSince.has(`node-clock:${name}`) || findingSince.has("node-clock:console");
    const live = every(view, "node").filter(([, { link }]) => link === "live");
    const off = live.flatMap(([key, { name, clockAheadSeconds: seconds = 0 }]) =>
      Math.abs(seconds) < (isTold(name) ? CALM_SECONDS : OFF_SECONDS) ? [] : [{ key, name, seconds }],
    );
    const [first] = off;
    if (!first) return [];
    const isConsole =
      off.length > 1 && off.length === live.length && off.every(({ seconds }) => Math.abs(seconds - first.seconds) <= ALIKE_SECONDS);
    if (isConsole) {
      return [
        {
          id: "node-clock:console",
          level: "risk" as const,
          title: `The console's clock is ${sayAhead(-first.seconds)} every node's`,
          why: `${joinWords(off.map(({ name }) => name))} agree with each other. Times on these pages are the console's.`,
          todo: "Look at chrony or ntpd on the console's machine.",
          about: ["cluster"],
        },
      ];
    }
    return off.map(({ key, name, seconds }) => ({
      id: `node-clock:${name}`,
      level: "risk" as const,
      title: `${name}'s clock is ${sayAhead(seconds)} the console's`,
      why: "The times in its own logs are off by as much. What is shown here is corrected for it.",
      todo: `Look at chrony or ntpd on ${name}.`,
      about: [key],
    }));
  },
});
