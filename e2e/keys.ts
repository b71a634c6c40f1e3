// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";

/** All that can act, as the browser lets Tab come to it. */
export const CAN_ACT = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary";

/** What has the focus: its place among all that can act, what it is called, and whether it is seen to have it. */
export function focused(page: Page) {
  return page.evaluate((selector) => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const ring = (of: Element | null) => {
      if (!of) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    };
    const { top, bottom } = element.getBoundingClientRect();
    const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
    const label = isField ? element.labels?.[0]?.textContent : element.textContent;
    return {
      id: element.id,
      index: [...document.querySelectorAll(selector)].indexOf(element),
      name: element.getAttribute("aria-label") ?? label?.trim() ?? "",
      isSeen: (ring(element) || ring(element.parentElement)) && bottom > 0 && top < innerHeight,
    };
  }, CAN_ACT);
}

/** Goes on with Tab until what has the focus is called so; fails when it comes round without. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  // Counted again at each step: rows that were asked for a moment ago may come while the focus goes round.
  for (let step = 0; step <= (await page.locator(CAN_ACT).count()) + 2; step += 1) {
    const at = await focused(page);
    if (at && at.index >= 0 && (typeof name === "string" ? at.name === name : name.test(at.name))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${name}`);
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
