// SPDX-License-Identifier: Apache-2.0
import { test as base, expect, type Page } from "@playwright/test";
import { z } from "zod";
import { agentUrl, connectPeer, enrolPeer } from "@/sim/peer";
import { cuttableLine, saidAt } from "./lines";
import { type OwnConsole, startOwnConsole } from "./own-console";

// A wall across the room, and what happens to its console, its cable, its browser and its clock. Each has a console of its own.

const test = base.extend<{ own: OwnConsole }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  own: async ({}, use) => {
    const own = await startOwnConsole();
    await use(own);
    await own.remove();
  },
});
test.use({ viewport: { width: 1920, height: 1080 } });

const GONE = ".wall-gone h1";
const NO_WORD = /No word from the console since (\d\d:\d\d:\d\d)/;

/** Opens the wall and waits until it hears its console: then its clock moves with it. */
async function hang(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("region", { name: "north" })).toBeVisible();
  const clock = page.locator(".wall-head time");
  const first = await clock.textContent();
  await expect(clock).not.toHaveText(first ?? "");
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
}

/** Seconds of the day that a clock on the page says. */
function secondsOf(clock: string | null | undefined): number {
  const [, hours = "", minutes = "", seconds = ""] = /(\d\d):(\d\d):(\d\d)/.exec(clock ?? "") ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** The same of this machine's clock, in the zone of the console that runs on it. */
const nowSeconds = (atMs: number) => secondsOf(new Date(atMs).toTimeString());
/** How far two clocks of the day are apart, over midnight too. Units: seconds. */
const apart = (a: number, b: number) => Math.min(Math.abs(a - b), 86_400 - Math.abs(a - b));

/** A node's agent that says hello, and is gone. */
async function heardOnce(own: OwnConsole, node: string): Promise<void> {
  const made = z
    .object({ token: z.string() })
    .parse(await own.ask("POST", "/api/v1/enrollments", { cluster: "north", node, role: "member" }));
  const enrolled = await enrolPeer({ origin: own.origin, token: made.token, node });
  const peer = await connectPeer({ url: agentUrl(own.origin), ...enrolled });
  peer.terminate();
}

test("its console is killed: all of it says so within 5 s with the last time it knew, and it comes back by itself as the new version", async ({
  page,
  own,
}) => {
  const next = await own.otherVersion();
  await hang(page, `${own.origin}${own.wall}`);
  await page.evaluate(() => Object.assign(window, { isOfOldVersion: true }));
  const said = saidAt(page, GONE, NO_WORD);
  const killedAt = Date.now();
  await own.kill();
  const saidAfterMs = (await said) - killedAt;
  expect(saidAfterMs).toBeLessThanOrEqual(5_000);
  expect(apart(secondsOf(await page.locator(GONE).textContent()), nowSeconds(killedAt))).toBeLessThanOrEqual(3);
  await expect(page.locator(".wall")).toHaveClass(/is-old/);
  await expect(page.getByRole("region", { name: "north" })).toBeVisible();

  await own.startAgain(next);
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
  await expect(page.locator(GONE)).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => "isOfOldVersion" in window)).toBe(false);
  await expect(page.locator(".wall-head time")).toBeVisible();
});

test("its network is cut: it says so within 5 s, counts on by itself, and is back when the cable is", async ({ page, context, own }) => {
  const line = await cuttableLine(new URL(own.origin));
  await hang(page, `${line.origin}${own.wall}`);
  const said = saidAt(page, GONE, NO_WORD);
  const cutAt = Date.now();
  line.cut();
  await context.setOffline(true);
  expect((await said) - cutAt).toBeLessThanOrEqual(5_000);
  // What it cannot know any more it does not say: no age, and no clock but the last.
  await expect(page.getByRole("region", { name: "north" })).not.toContainText(/\d (s|min)\b/);
  await expect(page.locator(".wall-head time")).toHaveCount(0);
  const silence = page.locator(".wall-gone .n");
  const counted = await silence.textContent();
  await expect(silence).not.toHaveText(counted ?? "");
  await context.setOffline(false);
  line.mend();
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
  await expect(page.locator(GONE)).toHaveCount(0);
  line.close();
});

test("its tab is frozen: nothing that was true before is shown as present when it thaws", async ({ page, context, own }) => {
  await hang(page, `${own.origin}${own.wall}`);
  const cdp = await context.newCDPSession(page);
  // Whatever the page shows from now on, at every change of it and before every picture.
  await page.evaluate(() => {
    const seen: { title: string; isOld: boolean; atMs: number }[] = [];
    const look = () => {
      const wall = document.querySelector(".wall");
      seen.push({
        title: wall?.querySelector(".tile b")?.textContent ?? "",
        isOld: wall?.classList.contains("is-old") ?? false,
        atMs: Date.now(),
      });
    };
    new MutationObserver(look).observe(document.body, { childList: true, characterData: true, attributes: true, subtree: true });
    const frame = () => {
      look();
      requestAnimationFrame(frame);
    };
    frame();
    Object.assign(window, { seen });
  });
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await own.ask("PUT", "/api/v1/clusters/north", { title: "far north", environment: null });
  const changedAt = Date.now();
  // Longer than a console may be silent: several pulses wait for the page.
  await expect.poll(() => Date.now() - changedAt, { intervals: [500] }).toBeGreaterThan(8_000);
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await expect(page.getByRole("region", { name: "far north" })).toBeVisible();
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
  const lies = await page.evaluate((sinceMs) => {
    const seen: unknown = Reflect.get(window, "seen");
    const is = (one: unknown): one is { title: string; isOld: boolean; atMs: number } => typeof one === "object" && one !== null;
    return (Array.isArray(seen) ? seen : []).filter(is).filter(({ title, isOld, atMs }) => atMs > sinceMs && title === "north" && !isOld);
  }, changedAt + 5_000);
  expect(lies).toEqual([]);
});

test("its own clock is set forth and back: its clock and its ages stay its console's", async ({ page, own }) => {
  await page.addInitScript(() => {
    const OwnDate = Date;
    const step = () => Number(Reflect.get(window, "stepMs") ?? 0);
    class SteppedDate extends OwnDate {
      constructor(...given: [] | [number | string | Date]) {
        if (given.length === 0) super(OwnDate.now() + step());
        else super(...given);
      }
      static override now() {
        return OwnDate.now() + step();
      }
    }
    Object.assign(window, { Date: SteppedDate });
  });
  // A node that was heard once: how long ago is what the wall counts.
  await heardOnce(own, "bergen");
  await hang(page, `${own.origin}${own.wall}`);
  await expect(page.getByRole("region", { name: "north" })).toContainText(/No word since .* ago/);
  const clock = page.locator(".wall-head time");
  const shown = async () => apart(secondsOf(await clock.textContent({ timeout: 1_000 })), nowSeconds(Date.now()));
  const old = page.getByRole("region", { name: "north" }).getByRole("heading");
  /** How far the moment it names, and the age it gives it, are together from now; an age in minutes may be one short. */
  const ageError = async () => {
    const text = (await old.textContent({ timeout: 1_000 })) ?? "";
    const [, age = "", unit = ""] = /, ([\d.]+)\s(s|min) ago$/.exec(text) ?? [];
    const error = apart((secondsOf(text) + Number(age) * (unit === "min" ? 60 : 1)) % 86_400, nowSeconds(Date.now()));
    return unit === "min" && error < 60 ? 0 : error;
  };
  for (const stepMs of [3_600_000, -7_200_000, 0]) {
    await page.evaluate((ms) => Object.assign(window, { stepMs: ms }), stepMs);
    const stepped = await clock.textContent();
    await expect(clock).not.toHaveText(stepped ?? "");
    await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
    expect(await shown(), `its clock, stepped by ${stepMs} ms`).toBeLessThanOrEqual(2);
    expect(await ageError(), `its ages, stepped by ${stepMs} ms`).toBeLessThanOrEqual(3);
    await expect(page.locator(GONE)).toHaveCount(0);
  }
});

test("its page came without its scripts: it loads itself again, and is live", async ({ page, own }) => {
  await page.clock.install();
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.goto(`${own.origin}${own.wall}`);
  await expect(page.getByRole("region", { name: "north" })).toBeVisible();
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "connecting");
  await page.unroute("**/_next/static/**/*.js");
  await page.clock.fastForward(61_000);
  await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
});
