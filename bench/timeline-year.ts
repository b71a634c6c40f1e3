// SPDX-License-Identifier: Apache-2.0
import { TimelineCounts } from "@/agent/protocol/console/timeline";
import { bigPacemaker } from "./harness/big-pacemaker";
import { startConsole } from "./harness/console";
import { HELD_INSIDE, worstHeldMs } from "./harness/held";
import { median } from "./harness/numbers";
import { linkAgents } from "./harness/scripted-agents";
import { pause, until, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const SLUG = "old";
const NODES = ["ruby", "crystal"];
/** In groups of four: what is told is the group. */
const RESOURCES = 200;
/** As many as are kept of a cluster. */
const ENTRIES = 200_000;
const YEAR_MS = 365 * 86_400_000;
const TURNS = 7;
const HELD_MS = 50;

/** What a person asks of a year. `text`: what stands in no entry, so that all of them are looked through. */
const QUESTIONS = [
  { name: "counts", query: "counts?parts=120" },
  { name: "counts-of-service", query: "counts?parts=120&resource=rsc1" },
  { name: "page", query: "?limit=100" },
  { name: "search", query: "?text=nowhere" },
] as const;

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const console_ = await startConsole(HELD_INSIDE);
    later(console_.remove);
    await console_.ask("POST", "/api/v1/clusters", { slug: SLUG, title: "Old", environment: null });
    const [agent] = await linkAgents(console_, [{ cluster: SLUG, node: NODES[0] ?? "" }], later);
    if (!agent) throw new Error("no agent linked");
    const nowMs = Date.now();
    const fromMs = nowMs - YEAR_MS;
    const ask = async (query: string) =>
      console_.ask("GET", `/api/v1/clusters/${SLUG}/timeline${query.startsWith("?") ? "" : "/"}${query}`);
    const countOf = async () => {
      const { parts } = TimelineCounts.parse(await ask(`counts?from=${fromMs}&to=${nowMs + YEAR_MS}&parts=10`));
      return parts.reduce((sum, { counts }) => sum + counts.reduce((own, { count }) => own + count, 0), 0);
    };
    // Of every group one member stops in one turn and starts in the next; that it is whole again is told, each at its own moment of the year.
    const groups = RESOURCES / 4;
    const turns = Math.ceil((2 * ENTRIES) / groups);
    say(`${turns} turns of ${groups} groups over a year`);
    for (let turn = 0; turn <= turns; turn += 1) {
      const atMs = Math.round(fromMs + (turn / turns) * (YEAR_MS - 60_000));
      const value = bigPacemaker(NODES, RESOURCES, turn, (resource) => resource % 4 === 1 && turn % 2 === 1);
      agent.tell("pacemaker", { pacemaker: { status: "ok", takenAtMs: atMs, value } }, atMs);
      if (turn % 20 === 0) await until(() => (agent.told() - agent.acknowledged() < 20 ? true : null), "the console did not keep up");
    }
    await until(() => (agent.told() === agent.acknowledged() ? true : null), "the console did not keep up");
    await pause(5_000);
    const count = await countOf();
    say(`${count} entries`);
    const rows: Row[] = [];
    for (const { name, query } of QUESTIONS) {
      const [held, spans]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < TURNS; turn += 1) {
        await pause(300);
        await worstHeldMs(console_.child);
        const startedMs = performance.now();
        await ask(`${query}&from=${fromMs}&to=${nowMs}`);
        spans.push(performance.now() - startedMs);
        held.push(await worstHeldMs(console_.child));
      }
      const versus = `${count} entries of a year, asked ${TURNS} times`;
      rows.push(
        row(`timeline.${name}.held`, Math.max(...held), "ms", HELD_MS, `the longest that the event loop was held; ${versus}`),
        row(`timeline.${name}.took`, median(spans), "ms", null, `to the answer, median; ${versus}`),
      );
    }
    return rows;
  });
}

export const timelineYear: Measurement = {
  name: "timeline-year",
  about: `how long a question about a year of ${ENTRIES} entries holds the event loop`,
  measure,
};
