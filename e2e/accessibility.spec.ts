// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, signIn, test, whole } from "./console";
import { PAGE_GROUPS, PAGES } from "./pages";

/** Opens a page, waits until it shows all it will, and asks axe. */
async function look(page: Page, path: string, where = path): Promise<void> {
  await page.goto(`${demo().origin}${path}`);
  await whole(page);
  expect(await complaints(page, where)).toEqual([]);
}

for (const theme of ["dark", "light"]) {
  for (const { name, pages } of PAGE_GROUPS) {
    test(`axe finds nothing at AA from ${name}, wide and on a phone, ${theme}`, async ({ console: page }) => {
      await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
      for (const path of pages) await look(page, path);
      await page.setViewportSize({ width: 390, height: 844 });
      for (const path of pages) await look(page, path, `${path} at 390`);
    });
  }

  test(`axe finds nothing at AA while something is broken, nor before signing in, ${theme}`, async ({ console: page }) => {
    await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    await demo().sim.fault("cut-agent", "crystal");
    await demo().sim.fault("pull-cable", "ruby", "e2p3");
    await page.goto(`${demo().origin}/c/san-a`);
    await expect(page.getByRole("main")).toContainText(/no word since/i);
    for (const path of ["/", "/c/san-a", "/c/san-a/n/crystal", "/c/san-a/drbd/store"]) await look(page, path);
    const anonymous = await page.context().browser()?.newContext();
    const stranger = await anonymous?.newPage();
    if (!stranger) throw new Error("no second context");
    await stranger.goto(`${demo().origin}/sign-in`);
    expect(await complaints(stranger, "sign-in")).toEqual([]);
    await anonymous?.close();
  });

  test(`axe finds nothing at AA in the palette and the sheet of keys, ${theme}`, async ({ console: page }) => {
    await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await visit(page, "/c/san-a");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("r");
      await expect(page.getByRole("option").first()).toBeVisible();
      expect(await complaints(page, `palette at ${width}`)).toEqual([]);
      await page.getByRole("combobox").fill("no such name");
      expect(await complaints(page, `empty palette at ${width}`)).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      expect(await complaints(page, `keys at ${width}`)).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
}

const QUESTIONS: readonly (readonly [place: string, act: string])[] = [
  ["nodes", "End trust in the agent on ruby…"],
  ["nodes/san-a/ruby", "Change the label of ruby…"],
  ["clusters", "Add a cluster…"],
  ["clusters", "Change title and environment of attic…"],
  ["users", "Add a user…"],
  ["users", "Set a new password for admin…"],
  ["sessions", "Change your password…"],
  ["sessions", "End this session…"],
  ["tokens", "Make a token…"],
  ["alerts", "Add a receiver…"],
  ["alerts", "Silence something…"],
];

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing at AA in the questions of the settings, ${theme}`, async ({ page }) => {
    await signIn(page);
    await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    for (const [place, act] of QUESTIONS) {
      await visit(page, `/settings/${place}`);
      await page.getByRole("button", { name: act }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await complaints(page, `${place}, ${act}`)).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  });
}

test("at 320 CSS px, as 1280 px at 400 %, nothing is cut off and nothing scrolls sideways", async ({ console: page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of PAGES) {
    await page.goto(`${demo().origin}${path}`);
    await whole(page);
    const beyond = await page.evaluate(() => {
      // What scrolls by itself (a wide table, the line of the navigation) is not cut off.
      const scrolls = (element: Element | null): boolean =>
        element !== null && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
      const cut = [...document.querySelectorAll("main *, header *")].filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        return width > 1 && right > innerWidth + 1 && !scrolls(element);
      });
      return {
        page: document.documentElement.scrollWidth,
        cut: cut.slice(0, 3).map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`),
      };
    });
    expect(beyond, path).toEqual({ page: 320, cut: [] });
  }
});

test("with the system's own colours every shape is still painted", async ({ console: page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await visit(page, "/c/san-a");
  const invisible = await page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const isPainted = (element: Element) => {
      const { backgroundColor, backgroundImage, borderTopColor, borderTopWidth } = getComputedStyle(element);
      return (
        (backgroundColor !== ground && backgroundColor !== "rgba(0, 0, 0, 0)") ||
        backgroundImage !== "none" ||
        (borderTopWidth !== "0px" && borderTopColor !== ground)
      );
    };
    return [...document.querySelectorAll("main .ic, main .role, main .bar > i")]
      .filter((element) => !isPainted(element))
      .map((element) => element.className);
  });
  expect(invisible).toEqual([]);
});

test("who wants no motion gets none", async ({ console: page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of ["/", "/c/san-a", "/c/san-a/drbd/store"]) {
    await visit(page, path);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return transitionDuration.split(", ").some((one) => one !== "0s") || animationName !== "none";
        }).length,
    );
    expect(moving, path).toBe(0);
  }
});

test("a node that falls silent is told to a screen reader, politely and once", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a`);
  await expect(page.getByText(/^live, 3 of 3 agents/)).toBeVisible();
  const said = await listenToAnnouncer(page);
  await demo().sim.fault("cut-agent", "crystal");
  await expect.poll(said).toContainEqual(expect.stringMatching(/No word from [^.]*crystal of san-a/));
  await demo().sim.repair("cut-agent", "crystal");
  await expect.poll(said).toContainEqual(expect.stringMatching(/Heard again: [^.]*crystal of san-a/));
  expect((await said()).filter((one) => /No word from [^.]*crystal/.test(one))).toHaveLength(1);
});

/** All that the page's announcer says from now on: a screen reader hears each word, though the next may follow at once. */
async function listenToAnnouncer(page: Page): Promise<() => Promise<string[]>> {
  const heard = await page.evaluateHandle(() => {
    const said: string[] = [];
    const region = document.querySelector("p.sr[role=status]");
    if (region)
      new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    return said;
  });
  return () => heard.jsonValue();
}
