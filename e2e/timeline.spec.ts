// SPDX-License-Identifier: Apache-2.0
import { dialog, visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, heard, test } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";
import { press, tabTo, write } from "./keys";

test("with the keyboard alone: a finding leads to what changed just before it; a note stands at that moment, and can be taken back", async ({
  console: page,
}) => {
  await demo().sim.fault("pull-cable", "ruby", "e2p3");
  await visit(page, "/c/san-a");
  await press(page, /^What changed just before/);
  await page.waitForURL(/\/timeline\?mark=\d+&finding=/);
  const entries = page.getByRole("table", { name: /Entries of the timeline/ });
  const entry = (words: RegExp) => entries.getByRole("row").filter({ hasText: words });
  await expect(entry(/finding.* of \d ports/).first()).toBeVisible();
  await expect(entry(/ before/).first()).toBeVisible();
  await expect(page.getByText("asking the console")).toHaveCount(0);
  expect(await complaints(page, "timeline of a finding")).toEqual([]);

  const words = "The cable of e2p3 was pulled for a try.";
  await press(page, "Make a note…");
  await expect(dialog(page)).toBeVisible();
  await write(page, "What should be known", words);
  await expect(dialog(page).getByLabel("When")).toHaveValue("mark");
  await press(page, "Make the note");
  const note = entry(new RegExp(words));
  await expect(note).toBeVisible();
  await press(page, /^Take back the note of /);
  await press(page, "Take it back");
  await expect(note).toContainText("taken back by admin");
  await expect(note.locator("s")).toHaveText(words);

  await press(page, /^Mark .*: tell the rest as before or after it$/);
  await press(page, "Take the mark away");
  await expect(page).not.toHaveURL(/mark=/);

  const strip = page.getByRole("slider", { name: "Span of the timeline" });
  await heard(strip);
  await tabTo(page, "Span of the timeline");
  const spanOf = () => strip.getAttribute("aria-valuetext");
  for (const act of ["+", "-"]) {
    const before = await spanOf();
    await page.keyboard.press(act);
    await expect.poll(spanOf, act).not.toBe(before);
  }
  for (const act of ["Earlier", "Wider", "Closer", "Now", "Earlier", "Later"]) {
    const before = page.url();
    await press(page, act);
    await expect.poll(() => page.url(), act).not.toBe(before);
  }
  await press(page, /, only this$/);
  await expect(page).toHaveURL(/(node|resource)=/);
  await write(page, "Words", "ruby");
  await press(page, "Find");
  await expect(page).toHaveURL(/text=ruby/);
  expect(await firstLoadOf(page, "/c/san-a/timeline")).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});
