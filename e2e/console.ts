// SPDX-License-Identifier: Apache-2.0
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { ClusterDetail, ClusterList } from "@/agent/protocol/console/api";
import { controlOf } from "@/sim/control-client";
import { type Ready, startFleet } from "./fleet";

/** What this worker's journeys run on. */
let running: Ready | null = null;

/** The console and the fleet of the journey that asks. */
export function demo() {
  if (running === null) throw new Error("No fleet: take `test` from e2e/console.ts.");
  const { origin, account, simDir } = running;
  const ask = async (path: string) => {
    const response = await fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${account.token}`, connection: "close" } });
    expect(response.status, path).toBe(200);
    return response.json();
  };
  return {
    origin,
    ...account,
    sim: controlOf(simDir),
    clusters: async () => ClusterList.parse(await ask("/api/v1/clusters")).clusters,
    entities: async (slug: string) => ClusterDetail.parse(await ask(`/api/v1/clusters/${slug}`)).entities,
  };
}

/**
 * Words as a person reads them: each space also stands for a no-break one, as the pages have between a number and its unit.
 * For regular expressions only; where words are a string, Playwright itself takes all spaces for the same.
 */
export function read(words: RegExp): RegExp {
  return new RegExp(words.source.replaceAll(" ", "\\s"), words.flags);
}

/** Waits until the page's scripts hear what is done to this: before that a form goes its own way, and a click is nobody's. */
export async function heard(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((one) => Object.keys(one).some((key) => key.startsWith("__reactProps$")))).toBe(true);
}

/** Says who one is in the form that stands open. */
export async function sayWho(page: Page, user: string, password: string): Promise<void> {
  await heard(page.getByRole("form"));
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in through the form, as a person does. */
export async function signIn(
  page: Page,
  origin = demo().origin,
  { user, password }: { user: string; password: string } = demo(),
): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await sayWho(page, user, password);
  await page.waitForURL(`${origin}/`);
}

/** Waits until the page hears its console: what is pressed before that, before its scripts run, nobody hears. */
export async function awake(page: Page): Promise<void> {
  await expect(page.locator('[data-line="live"]')).toBeAttached();
}

/** Waits until a page shows all it will: what is asked for comes after the page. */
export async function whole(page: Page): Promise<void> {
  await expect(page.getByRole("main")).toBeVisible();
  await awake(page);
  await expect(page.getByText("asking the console")).toHaveCount(0);
}

/**
 * Listens for what changes in a cluster from now on. What it gives waits until the console tells of something: a page shows
 * the newest of it alone, and what an earlier journey did stands there too.
 */
export async function listenTo(slug: string): Promise<(words: RegExp) => Promise<void>> {
  const events = async () =>
    (await demo().entities(slug)).flatMap(({ key, entity }) => (entity.kind === "event" ? [[key, entity.text]] : []));
  const before = new Set((await events()).map(([key]) => key));
  const news = async () => (await events()).flatMap(([key, text]) => (before.has(key) ? [] : [text]));
  return async (words) => expect.poll(news, { timeout: 150_000 }).toContainEqual(expect.stringMatching(words));
}

/** Waits until nothing is wrong anywhere: each journey starts and ends there, so none sees another's faults. */
export async function untilCalm(): Promise<void> {
  await expect
    .poll(async () => (await demo().clusters()).map(({ slug, level, headline }) => `${slug}: ${level === "ok" ? "ok" : headline}`), {
      timeout: 150_000,
    })
    .toEqual(["attic: ok", "north: ok", "san-a: ok"]);
}

/** Brings every service back to the node it likes best, and waits until the console says so: a failover left it elsewhere. */
async function goHome(): Promise<void> {
  const { sim, entities } = demo();
  const { services } = await sim.state();
  for (const cluster of new Set(services.filter(({ home, node }) => node !== home).map((service) => service.cluster))) {
    await sim.fault("go-home", cluster);
    const placesOf = async (group: string) => {
      const found = (await entities(cluster)).find(({ key }) => key === `rsc:${group}`)?.entity;
      return found?.kind === "resource" ? found.places.map(({ node, said }) => `${node}: ${said.word}`).join() : "not there";
    };
    for (const { group, home } of services.filter((service) => service.cluster === cluster))
      await expect.poll(() => placesOf(group), { timeout: 150_000 }).toBe(`${home}: started`);
  }
}

/**
 * A signed-in page on a calm fleet; whatever a journey broke is put right afterwards. A journey that failed takes its fleet
 * with it: Playwright ends its worker, and the next journey begins on a new one.
 */
export const test = base.extend<{ console: Page }, { fleet: undefined }>({
  fleet: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const { ready, stop } = await startFleet();
      running = ready;
      await use(undefined);
      await stop();
    },
    { scope: "worker", auto: true, timeout: 300_000 },
  ],
  console: async ({ page }, use, testInfo) => {
    await untilCalm();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/WebSocket|ERR_|status of 4(00|04|09)/.test(message.text())) errors.push(message.text());
    });
    await signIn(page);
    await awake(page);
    await use(page);
    if (testInfo.status !== testInfo.expectedStatus) return;
    for (const { name, args } of (await demo().sim.state()).active) await demo().sim.repair(name, ...args);
    await untilCalm();
    await goHome();
    await untilCalm();
    expect(errors, "errors on the page's console").toEqual([]);
  },
});

export { expect };
