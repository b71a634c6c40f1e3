// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { choose, confirm, dialog, untilDone, visit } from "./acts";
import { demo, expect, read, test } from "./console";

const PATIENT = { timeout: 150_000 };
const bar = (page: Page) => dialog(page).getByRole("progressbar", { name: /^verify between/ });
const percentOf = async (page: Page) => Number(await bar(page).getAttribute("aria-valuenow"));

/** Starts a verify of mail from its page, and sees that it moves. */
async function verifyMail(page: Page): Promise<void> {
  await visit(page, "/c/san-a/drbd/mail");
  await choose(page, "mirror mail", /Verify mail/);
  await expect(dialog(page)).toContainText("PROD");
  await expect(dialog(page)).toContainText("verify mail/0", PATIENT);
  await expect(dialog(page)).toContainText(read(/Differences are marked and recorded, not repaired/));
  await confirm(page, "Verify mail");
  await expect(bar(page)).toBeVisible(PATIENT);
  await expect.poll(() => percentOf(page), PATIENT).toBeGreaterThan(0);
  const before = await percentOf(page);
  await expect.poll(() => percentOf(page), PATIENT).toBeGreaterThan(before);
}

test("a mirror is verified: previewed, confirmed, seen to move in its card, done at its end", async ({ console: page }) => {
  await verifyMail(page);
  await expect(dialog(page), "how fast and how long").toContainText(read(/MiB\/s, \d+ min/));
  await demo().sim.fault("time-lapse", "100");
  await untilDone(page);
  await demo().sim.repair("time-lapse", "100");
  await page.keyboard.press("Escape");
  await visit(page, "/c/san-a/audit");
  // The newest first: other journeys' verifies of it stand below.
  await expect(page.getByRole("row", { name: /Verify mail/ }).first()).toContainText("done");
});

test("a verify is stopped from its card: the connection stays, and it is not called done", async ({ console: page }) => {
  await verifyMail(page);
  await dialog(page).getByRole("button", { name: "Stop the verify…" }).click();
  await confirm(page, "Stop the verify of mail");
  await untilDone(page);
  await page.keyboard.press("Escape");
  await expect.poll(lineOfMail, PATIENT).toBe("connected");
});

test("what DRBD would refuse stands refused in the menu, in words", async ({ console: page }) => {
  await demo().sim.fault("disconnect", "ruby", "mail");
  await expect.poll(lineOfMail, PATIENT).toBe("cut");
  await visit(page, "/c/san-a");
  await page.getByRole("button", { name: "Actions on mirror mail" }).click();
  const item = page.getByRole("menuitem", { name: /Verify mail/ });
  await expect(item).toHaveAttribute("aria-disabled", "true");
  await expect(item).toContainText(read(/mail is not connected between .* Verify compares both copies/));
});

async function lineOfMail(): Promise<string> {
  const found = (await demo().entities("san-a")).find(({ key }) => key === "mirror:mail/0")?.entity;
  return found?.kind === "mirror" ? (found.pairs[0]?.line ?? "none") : "none";
}
