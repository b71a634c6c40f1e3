// SPDX-License-Identifier: Apache-2.0
import { dialog } from "./acts";
import { awake, demo, expect, signIn, test, whole } from "./console";
import { press, tabTo, write } from "./keys";

// Every act of the verify page and of the walls' settings, with the keyboard alone.

test("a wall: its key made, copied, revoked", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await page.goto(`${demo().origin}/settings/walls`);
  await awake(page);
  await press(page, "Make a key…");
  await page.keyboard.type("by keys");
  await press(page, "Make the key");
  await expect(dialog(page)).toHaveCount(0);
  await press(page, "Copy the address");
  await expect(page.getByText("copied", { exact: true })).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const status = async () => (await fetch(address)).status;
  expect(await status()).toBe(200);
  await press(page, /^Revoke the key of by keys/);
  await press(page, "Revoke it");
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(status).toBe(404);
});

test("a mirror: its row opened and closed, a verify asked for and thought over, queued from there", async ({ console: page }) => {
  await page.goto(`${demo().origin}/verify`);
  await whole(page);
  await press(page, "Details of mail");
  await expect(page.getByRole("button", { name: "Close the details of mail" })).toBeVisible();
  await press(page, "Queue a verify of mail…");
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await press(page, "Close the details of mail");
  await expect(page.getByRole("button", { name: "Details of mail", exact: true })).toBeVisible();
  await press(page, "Verify mail…");
  await expect(dialog(page).getByRole("button", { name: "Verify mail", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await write(page, "Name", "pg-");
  await press(page, "Filter");
  await expect(page.getByRole("row", { name: /^mail/ })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /^pg-main/ })).toBeVisible();
});

test("a schedule: added, changed, paused, resumed, removed; the months walked", async ({ console: page }) => {
  await page.goto(`${demo().origin}/verify?part=schedules`);
  await whole(page);
  await press(page, "Add a schedule…");
  await expect(dialog(page).getByRole("region", { name: "The next windows" }).getByRole("listitem")).toHaveCount(3);
  await press(page, "Save the schedule");
  await expect(dialog(page)).toHaveCount(0);
  const row = page.getByRole("row", { name: /^attic/ });
  await expect(row).toContainText("Sundays");
  await press(page, /^Change the schedule of attic by .*…$/);
  await expect(dialog(page).getByRole("region", { name: "The next windows" }).getByRole("listitem")).toHaveCount(3);
  await press(page, "Save the schedule");
  await expect(dialog(page)).toHaveCount(0);
  await press(page, /^Pause the schedule of attic by .*…$/);
  await press(page, "Pause it");
  await expect(row).toContainText("paused");
  await press(page, /^Resume the schedule of attic by .*…$/);
  await press(page, "Resume it");
  await expect(row).not.toContainText("paused");

  await page.goto(`${demo().origin}/verify?part=calendar`);
  await whole(page);
  const month = page.getByRole("heading", { level: 2 }).first();
  const first = await month.textContent();
  await press(page, "The month after");
  await expect(month).not.toHaveText(first ?? "");
  await press(page, "The month before");
  await expect(month).toHaveText(first ?? "");

  await page.goto(`${demo().origin}/verify?part=schedules`);
  await whole(page);
  await press(page, /^Remove the schedule of attic by .*…$/);
  await press(page, "Remove it");
  await expect(page.getByRole("heading", { name: "No schedule yet" })).toBeVisible();
});

test("a run: on the mirror's page its details are opened and closed, and it is stopped from there", async ({ console: page }) => {
  await demo().sim.fault("time-lapse", "10");
  await page.goto(`${demo().origin}/c/san-a/drbd/mail`);
  await whole(page);
  await press(page, "Verify mail…");
  for (const box of await dialog(page).getByRole("checkbox").all()) {
    await expect(box).toBeVisible();
    await box.focus();
    await page.keyboard.press("Space");
  }
  await press(page, "Verify mail");
  await page.keyboard.press("Escape");
  await press(page, "Stop the verify of mail…");
  for (const box of await dialog(page).getByRole("checkbox").all()) {
    await box.focus();
    await page.keyboard.press("Space");
  }
  await press(page, "Stop the verify of mail");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Stop the verify of mail…" })).toHaveCount(0, { timeout: 150_000 });
  const runs = page.getByRole("region", { name: "Verifies of mail" });
  await expect(runs.getByRole("row", { name: /aborted at/ }).first()).toBeVisible();
  await tabTo(page, /^Details of the run: aborted/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Close the details of the run: aborted/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Details of the run: aborted/ }).first()).toBeFocused();
});
