// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Run } from "@/agent/protocol/console/runs";
import { createRuns } from "./runs";

const T0 = 1_700_000_000_000;

function run(id: string, part: Partial<Run> = {}): Run {
  const ask = { verb: "node.standby", args: {} };
  const ends = { startedAtMs: T0, endedAtMs: null, phases: [], outcome: null, says: null, undo: null };
  return { id, ask, title: id, about: [], by: "anna", isDisruptive: true, ...ends, ...part };
}

it("a run under way keeps its lock, however many others end meanwhile", () => {
  const shown: string[][] = [];
  const runs = createRuns({ show: (_, list) => shown.push(list.map(({ id }) => id)), now: () => T0, isLeftOpen: () => false });
  const long = run("long");
  expect(runs.take("san-a", long, false)).toBeNull();
  for (let nth = 0; nth < 30; nth += 1) runs.show("san-a", run(`so-already-${nth}`, { endedAtMs: T0, outcome: "alreadySo" }));
  expect(runs.take("san-a", run("second"), false)).toEqual(long);
  expect(shown.at(-1)).toHaveLength(21);
});

it("a run that left something open is shown until that is over, and no longer", () => {
  let nowMs = T0;
  let isOpen = true;
  const shown: string[][] = [];
  const show = (_: string, list: readonly Run[]) => shown.push(list.map(({ id }) => id));
  const runs = createRuns({ show, now: () => nowMs, isLeftOpen: (_, { id }) => id === "open" && isOpen });
  for (const id of ["open", "over"]) runs.show("san-a", run(id, { endedAtMs: T0, outcome: "done" }));
  nowMs += 3_600_000;
  runs.sweep();
  expect(shown.at(-1)).toEqual(["open"]);
  isOpen = false;
  runs.sweep();
  expect(shown.at(-1)).toEqual([]);
});
