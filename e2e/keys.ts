// SPDX-License-Identifier: Apache-2.0
import { expect, type Page } from "@playwright/test";

/** All that can act, as the browser lets Tab come to it. */
export const CAN_ACT = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [role=slider][tabindex='0']";

/** What all that can act is called, and what of it has the focus: its place there, and whether it is seen to have it. */
function look(page: Page) {
  return page.evaluate((selector) => {
    const all = [...document.querySelectorAll(selector)];
    const nameOf = (element: Element) => {
      const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
      const label = isField ? element.labels?.[0]?.textContent : element.textContent;
      return element.getAttribute("aria-label") ?? label?.trim() ?? "";
    };
    const ring = (of: Element | null) => {
      if (!of) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    };
    const names = all.map(nameOf);
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return { names, at: null };
    const { top, bottom } = element.getBoundingClientRect();
    const isSeen = (ring(element) || ring(element.parentElement)) && bottom > 0 && top < innerHeight;
    return { names, at: { id: element.id, index: all.indexOf(element), name: nameOf(element), isSeen } };
  }, CAN_ACT);
}

/** What has the focus. */
export async function focused(page: Page) {
  return (await look(page)).at;
}

/** Waits until it is there, and goes on with Tab until what has the focus is called so; fails when it comes round without. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const isIt = (one: string) => (typeof name === "string" ? one === name : name.test(one));
  await expect.poll(async () => (await look(page)).names.some(isIt), `${name} is there`).toBe(true);
  for (let step = 0; ; step += 1) {
    const { names, at } = await look(page);
    if (at && at.index >= 0 && isIt(at.name)) return;
    // Counted again at each step: rows that were asked for a moment ago may come while the focus goes round.
    if (step > names.length + 2) throw new Error(`Tab never comes to ${name}`);
    await page.keyboard.press("Tab");
  }
}

/** Tab to it, Enter. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** Tab to it, and what stands there is typed over. */
export async function write(page: Page, name: string | RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}
