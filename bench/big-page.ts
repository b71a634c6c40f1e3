// SPDX-License-Identifier: Apache-2.0
import type { CDPSession } from "@playwright/test";
import { bigPacemaker } from "./harness/big-pacemaker";
import { openChromium, openPage, watchFor } from "./harness/browser";
import { startConsole } from "./harness/console";
import { median, quantile } from "./harness/numbers";
import { linkAgents } from "./harness/scripted-agents";
import { pause, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const SLUG = "big";
const NODES = 64;
const RESOURCES = 2_000;
const REPEATS = 20;

const nodeName = (index: number): string => `node${index}`;

/** `turn` moves one of the resources. */
const pacemakerAt = (turn: number) =>
  bigPacemaker(
    Array.from({ length: NODES }, (_, index) => nodeName(index)),
    RESOURCES,
    turn,
    (resource) => resource === 1 && turn % 2 === 1,
  );

interface Spent {
  scriptMs: number;
  layoutMs: number;
  taskMs: number;
}

/** What the page's main thread has spent so far. Source: Chromium's Performance.getMetrics, seconds */
async function spent(session: CDPSession): Promise<Spent> {
  const { metrics } = await session.send("Performance.getMetrics");
  const ms = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000;
  return { scriptMs: ms("ScriptDuration"), layoutMs: ms("LayoutDuration") + ms("RecalcStyleDuration"), taskMs: ms("TaskDuration") };
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const console_ = await startConsole();
    later(console_.remove);
    await console_.ask("POST", "/api/v1/clusters", { slug: SLUG, title: "Big", environment: null });
    const agents = await linkAgents(
      console_,
      Array.from({ length: NODES }, (_, index) => ({ cluster: SLUG, node: nodeName(index) })),
      later,
    );
    const [first] = agents;
    if (!first) throw new Error("no agent linked");
    const tell = (turn: number) =>
      first.tell("pacemaker", { pacemaker: { status: "ok", takenAtMs: Date.now(), value: pacemakerAt(turn) } });
    for (const agent of agents) {
      const absent = { status: "absent" as const, takenAtMs: Date.now() };
      for (const source of ["drbd", "bonding", "aoe", "host", "kernelLog"] as const) agent.tell(source, { [source]: absent });
    }
    tell(0);
    const browser = await openChromium();
    later(() => browser.close());
    const page = await openPage(browser, console_);
    await page.goto(`${console_.origin}/c/${SLUG}`);
    await page.getByText("group0", { exact: true }).first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    say(`${REPEATS} changes on a page of ${NODES} nodes and ${RESOURCES} resources`);
    const script: number[] = [];
    const layout: number[] = [];
    for (let turn = 1; turn <= REPEATS; turn += 1) {
      await pause(1_000);
      const watching = await watchFor(page, "rsc1: stopped. It runs nowhere", turn % 2 === 1);
      const before = await spent(session);
      tell(turn);
      await watching.seen();
      const after = await spent(session);
      script.push(after.scriptMs - before.scriptMs);
      layout.push(after.layoutMs - before.layoutMs);
    }
    return [
      row("big-page.script", median(script), "ms", 16, `one change among ${NODES} nodes and ${RESOURCES} resources, median of ${REPEATS}`),
      row("big-page.script.p90", quantile(script, 0.9), "ms", null, "the same"),
      row("big-page.layout", median(layout), "ms", null, "style and layout of the same change"),
    ];
  });
}

export const bigPage: Measurement = { name: "big-page", about: "one change on a page of 64 nodes and 2,000 resources", measure };
