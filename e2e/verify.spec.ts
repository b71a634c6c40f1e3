// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { confirm, dialog, visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, read, test, whole } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";

/** A verify of 400 GiB takes its 40 minutes: here a minute is so many. */
const SWIFT = "60";
/** And as good as at once, where its way is not what is looked at. */
const AT_ONCE = "600";

const LONG = { timeout: 150_000 };

const rowOf = (page: Page, mirror: string) => page.getByRole("row", { name: new RegExp(`^${mirror}`) });

/** Asks for a verify on `/verify`, accepts its warnings and closes the dialog: it goes on by itself. */
async function verify(page: Page, mirror: string): Promise<void> {
  await page.getByRole("button", { name: `Verify ${mirror}…` }).click();
  await confirm(page, `Verify ${mirror}`);
  await expect(dialog(page).getByRole("button", { name: "Close" }).last()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
}

/** What was marked is the same again after a resync: DRBD 8.4 does one when it is connected anew. */
async function resync(mirror: string): Promise<void> {
  await demo().sim.fault("disconnect", "ruby", mirror);
  await demo().sim.repair("disconnect", "ruby", mirror);
}

test("a verify is asked for, moves, ends clean, and stands in the record", async ({ console: page }) => {
  await demo().sim.fault("time-lapse", SWIFT);
  await visit(page, "/verify");
  await whole(page);
  await verify(page, "mail");
  const run = page.getByRole("region", { name: "Verify of mail" });
  const bar = run.getByRole("progressbar");
  await expect(bar).toBeVisible(LONG);
  const at = async () => Number(await bar.getAttribute("aria-valuenow"));
  const first = await at();
  await expect.poll(at, LONG).toBeGreaterThan(first);
  await expect(run).toContainText(/MiB\/s/);
  await expect(rowOf(page, "mail")).toContainText("running");
  expect(await complaints(page, "/verify while a verify runs")).toEqual([]);
  await expect(rowOf(page, "mail")).toContainText("clean", LONG);
  await expect(run).toHaveCount(0);

  await rowOf(page, "mail").getByRole("button", { name: "Details of mail" }).click();
  // What it is compared with depends on the runs before it; that it was clean, and how much of it, does not.
  const words = page.getByText(read(/^Clean: 400 GiB compared in/)).first();
  await expect(words).toBeVisible();
  await page.reload();
  await expect(words, "the opened row is in the address").toBeVisible();
  expect(await complaints(page, "/verify with a row open")).toEqual([]);

  await visit(page, "/c/san-a/drbd/mail");
  const record = page.getByRole("region", { name: "Verifies of mail" });
  await expect(record.getByRole("row", { name: /clean/ }).first()).toContainText(demo().user);
  await visit(page, "/c/san-a");
  await expect(page.getByRole("region", { name: "Mirror mail" })).toContainText(read(/clean \d+ (s|min) ago/));
});

test("blocks that rotted under a mirror: it differs, with exactly its blocks, found again by the next run", async ({ console: page }) => {
  // Of a mirror that no other journey verifies: what was found before would stand beside it.
  await demo().sim.fault("time-lapse", AT_ONCE);
  await demo().sim.fault("rot-bits", "ruby", "vm-images", "153512960+8");
  await visit(page, "/verify");
  await whole(page);
  await verify(page, "vm-images");
  await expect(rowOf(page, "vm-images")).toContainText(read(/differs in 4 KiB/), LONG);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 mirror differs");
  await rowOf(page, "vm-images").getByRole("button", { name: "Details of vm-images" }).click();
  const places = page.getByRole("table", { name: "Places that differ" });
  await expect(places).toContainText("153,512,960");
  await expect(places.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "Steps to repair vm-images" })).toBeVisible();
  expect(await complaints(page, "/verify with a mirror that differs")).toEqual([]);
  await resync("vm-images");
  await demo().sim.repair("rot-bits", "ruby", "vm-images");
});

test("a verify that is stopped is aborted at so many percent, with its reason, and never clean", async ({ console: page }) => {
  await demo().sim.fault("time-lapse", "10");
  await visit(page, "/verify");
  await whole(page);
  await verify(page, "mail");
  const run = page.getByRole("region", { name: "Verify of mail" });
  await expect(run.getByRole("progressbar")).toBeVisible(LONG);
  await run.getByRole("button", { name: "Stop the verify of mail…" }).click();
  await confirm(page, "Stop the verify of mail");
  await page.keyboard.press("Escape");
  await expect(rowOf(page, "mail")).toContainText(read(/aborted at \d+ %/), LONG);
  await visit(page, "/c/san-a/drbd/mail");
  await expect(
    page
      .getByRole("region", { name: "Verifies of mail" })
      .getByRole("row", { name: /aborted at/ })
      .first(),
  ).toContainText(/stop/i);
});

test("a schedule is made with its windows in words, shown, paused and removed", async ({ console: page }) => {
  await visit(page, "/verify?part=schedules");
  await whole(page);
  await page.getByRole("button", { name: "Add a schedule…" }).first().click();
  const form = dialog(page);
  await form.getByLabel("Cluster").selectOption("north");
  await form.getByLabel("Time zone").fill("Europe/Berln");
  await expect(form.getByRole("alert")).toContainText("Europe/Berln");
  await form.getByLabel("Time zone").fill("Europe/Berlin");
  await expect(form.getByRole("region", { name: "The next windows" }).getByRole("listitem")).toHaveCount(3);
  await expect(form.getByRole("region", { name: "The next windows" })).toContainText(/Sunday .* 02:00 to 06:00/);
  expect(await complaints(page, "a schedule's form")).toEqual([]);
  await form.getByRole("button", { name: "Save the schedule" }).click();
  const row = page.getByRole("row", { name: /^north/ });
  await expect(row).toContainText("Sundays 02:00");
  await visit(page, "/verify?part=calendar");
  await expect(page.getByRole("table")).toBeVisible();
  await page.getByRole("button", { name: "The month after" }).click();
  await expect(page.getByRole("table")).toContainText("north, every mirror");
  expect(await complaints(page, "the calendar")).toEqual([]);
  await visit(page, "/verify?part=schedules");
  await row.getByRole("button", { name: /^Pause/ }).click();
  await dialog(page).getByRole("button", { name: "Pause it" }).click();
  await expect(row).toContainText("paused");
  await row.getByRole("button", { name: /^Remove/ }).click();
  await dialog(page).getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByRole("heading", { name: "No schedule yet" })).toBeVisible();
});

test("the list is walked with the keys, and its pages load no more than their budget", async ({ console: page }) => {
  await visit(page, "/");
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await page.waitForURL(`${demo().origin}/verify`);
  await whole(page);
  await page.keyboard.press("j");
  await expect(page.locator("[data-row]").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-row]").first()).toHaveAttribute("aria-expanded", "true");
  for (const path of ["/verify", "/c/san-a/drbd/store", "/c/san-a", "/"])
    expect(await firstLoadOf(page, path), path).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});
