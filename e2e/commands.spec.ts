// SPDX-License-Identifier: Apache-2.0
import { choose, confirm, dialog, dismissAll, drag, signInAs, untilDone, visit } from "./acts";
import { demo, expect, read, test } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";
import { press, tabTo, write } from "./keys";

/** Where a service is, by the console's own word. */
async function placesOf(id: string): Promise<string[]> {
  const found = (await demo().entities("san-a")).find(({ key }) => key === `rsc:${id}`)?.entity;
  return found?.kind === "resource" ? found.places.map(({ node }) => node).sort() : ["not there"];
}

test("standby and back: previewed, confirmed, followed by everybody to its end, undone, and kept in the audit", async ({
  console: page,
  browser,
}) => {
  const other = await signInAs(browser, demo().user, demo().password);
  await visit(other, "/c/san-a/n/ruby");
  await dismissAll(other);
  await visit(page, "/c/san-a");
  await dismissAll(page);
  await choose(page, "crystal", /Standby crystal/);
  await expect(dialog(page)).toContainText("PROD");
  await expect(dialog(page).getByRole("region", { name: "What will happen" })).toContainText("g_mail stops on crystal and starts on ruby.");
  await confirm(page, "Standby crystal");

  const strip = other.getByRole("article", { name: "Command: Standby crystal" });
  await expect(strip, "another browser, on another page").toContainText(demo().user);
  await untilDone(page);
  await expect(strip).toContainText("done");
  await strip.getByRole("button", { name: "Dismiss Standby crystal" }).click();
  await expect(strip).toHaveCount(0);
  await expect.poll(() => placesOf("g_mail")).toEqual(["ruby"]);

  await dialog(page).getByRole("button", { name: "Undo: Take crystal back…" }).click();
  await confirm(page, "Take crystal back");
  await untilDone(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("article", { name: "Command: Standby crystal" }), "here it stays until it is dismissed").toBeVisible();

  await visit(page, "/c/san-a/audit");
  // The newest stands first: earlier journeys may have done the same.
  const row = page.getByRole("row", { name: /Standby crystal/ }).first();
  await expect(row).toContainText("done");
  await row.getByRole("button", { name: "Details of Standby crystal" }).click();
  await expect(page.getByText("a journey").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Command lines" })).toContainText("crystal");
  await page.reload();
  await expect(page.getByRole("region", { name: "How it went" }), "the opened row is in the address").toBeVisible();
  await page.getByRole("button", { name: "Check the chain" }).click();
  await expect(page.getByText("The chain is whole.")).toBeVisible();
  await other.context().close();
});

test("a service is dragged to the other node: the drop opens the dialog, and only its button moves it", async ({ console: page }) => {
  await visit(page, "/c/san-a");
  const [from] = await placesOf("g_mail");
  const to = from === "ruby" ? "crystal" : "ruby";
  const name = page.getByRole("heading", { name: "g_mail" }).first();
  const zone = page.locator(`[data-drop][data-node="${to}"]`);
  await drag(page, name, zone);
  await expect(dialog(page).getByRole("heading", { level: 2 })).toHaveText(`Move g_mail to ${to}`);
  expect(await placesOf("g_mail"), "a drop moves nothing").toEqual([from]);
  await confirm(page, `Move g_mail to ${to}`);
  await untilDone(page);
  await expect.poll(() => placesOf("g_mail")).toEqual([to]);
  const left = (await demo().entities("san-a")).filter(({ key }) => key.startsWith("constraint:cli-"));
  expect(left, "its own constraint is gone").toEqual([]);

  await dialog(page)
    .getByRole("button", { name: /^Undo: Move g_mail/ })
    .click();
  await confirm(page, `Move g_mail to ${from}`);
  await untilDone(page);
  await expect.poll(() => placesOf("g_mail")).toEqual([from]);
});

test("what a guard refuses stays in its place with the reason, in the menu and in the palette, and cannot be confirmed", async ({
  console: page,
}) => {
  await demo().sim.fault("cut-agent", "crystal");
  await visit(page, "/c/san-a");
  await expect(page.getByRole("main")).toContainText(/no word since/i);
  await page.getByRole("button", { name: "Actions on ruby" }).click();
  const refused = page.getByRole("menuitem", { name: /Standby ruby/ });
  await expect(refused).toHaveAttribute("aria-disabled", "true");
  await expect(refused).toContainText(/crystal/);
  await refused.focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page), "nothing opens").toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("standby ruby");
  await page.getByRole("option", { name: /Standby ruby/ }).click();
  await expect(dialog(page).getByRole("alert")).toContainText(/Refused\. .*crystal/);
  await dialog(page).getByRole("button", { name: "See all that speaks against it" }).click();
  await expect(dialog(page).getByRole("button", { name: "Preview again" })).toBeVisible();
  await expect(dialog(page)).toContainText(/Refused/);
  await expect(dialog(page).getByRole("button", { name: "Standby ruby", exact: true, disabled: false })).toHaveCount(0);
});

test("what takes the only good copy away asks an admin for the very name", async ({ console: page }) => {
  await demo().sim.fault("disconnect", "crystal", "store");
  await visit(page, "/c/san-a");
  await expect(page.getByRole("main")).toContainText(/only ruby holds/i);
  await choose(page, "ruby", /Standby ruby/);
  await expect(dialog(page).getByRole("region", { name: "Only with the name typed" })).toContainText("store");
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.check();
  await dialog(page)
    .getByLabel(/^Reason/)
    .fill("a journey");
  const button = dialog(page).getByRole("button", { name: "Standby ruby", exact: true });
  await dialog(page).getByLabel("Type ruby to go on").fill("crystal");
  await expect(button).toBeDisabled();
  await expect(dialog(page)).toContainText("Type ruby to go on.");
  await dialog(page).getByLabel("Type ruby to go on").fill("ruby");
  await expect(button).toBeEnabled();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
});

test("maintenance says whose it is, why and until when, on the fleet, the stack and the node", async ({ console: page }) => {
  await visit(page, "/c/north");
  await choose(page, "tromso", /Maintenance of tromso/);
  await dialog(page).getByLabel("Why").fill("new memory");
  await dialog(page).getByRole("button", { name: "Preview" }).click();
  await confirm(page, "Put tromso into maintenance");
  await untilDone(page);
  await page.keyboard.press("Escape");
  for (const path of ["/c/north", "/c/north/n/tromso", "/"]) {
    await visit(page, path);
    await expect(page.getByRole("main").locator("[data-maintenance=tromso]"), path).toContainText(
      read(/Maintenance of tromso\. .*new memory.* until /),
    );
  }
  await visit(page, "/c/north/n/tromso");
  await choose(page, "tromso", /End tromso's maintenance/);
  await confirm(page, "End tromso's maintenance");
  await untilDone(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("main").locator("[data-maintenance]")).toHaveCount(0);
});

test("a viewer sees all of it and can start nothing", async ({ console: page, browser }) => {
  const password = "correct horse battery";
  await visit(page, "/settings/users");
  await page.getByRole("button", { name: "Add a user…" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill("vera");
  await dialog(page).getByLabel("Role", { exact: true }).selectOption("viewer");
  await dialog(page).getByLabel("Password", { exact: true }).fill(password);
  await dialog(page).getByRole("button", { name: "Add the user" }).click();
  await expect(page.getByRole("row", { name: /^vera/ })).toContainText("viewer");

  const vera = await signInAs(browser, "vera", password);
  await visit(vera, "/c/san-a");
  await vera.getByRole("button", { name: "Actions on ruby" }).click();
  const items = vera.getByRole("menuitem");
  await expect(items.first()).toBeVisible();
  for (const item of await items.all()) {
    await expect(item).toHaveAttribute("aria-disabled", "true");
    await expect(item).toContainText(/operator|admin/);
  }
  await vera.keyboard.press("Escape");
  await expect(vera.locator("[draggable=true]")).toHaveCount(0);
  const asked = await vera.request.post(`${demo().origin}/api/v1/clusters/san-a/previews`, {
    data: { verb: "node.standby", args: { node: "ruby" } },
    headers: { origin: demo().origin },
  });
  expect(asked.status(), "nor by hand").toBe(403);
  await visit(vera, "/audit");
  await expect(vera.getByRole("heading", { level: 1, name: "Audit of all clusters" })).toBeVisible();
  await expect(vera.getByRole("button", { name: /Check the chain/ })).toHaveCount(0);
  await vera.context().close();

  await page.getByRole("button", { name: "Remove vera…" }).click();
  await dialog(page).getByLabel("Type vera to confirm").fill("vera");
  await dialog(page).getByRole("button", { name: "Remove vera" }).click();
  await expect(page.getByRole("row", { name: /^vera/ })).toHaveCount(0);
});

test("keys alone: found in the palette, accepted, confirmed by its button, never by Enter in a line", async ({ console: page }) => {
  await visit(page, "/c/san-a");
  await dismissAll(page);
  const cards = page.getByRole("article", { name: "Command: Standby crystal" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("standby crystal");
  await expect(page.getByRole("option", { selected: true })).toContainText("Standby crystal…");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("region", { name: "What will happen" })).toBeVisible();
  for (const _ of await dialog(page).getByRole("checkbox").all()) {
    await tabTo(page, /I know, go on/);
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
  }
  await tabTo(page, /^Reason/);
  await page.keyboard.type("keys alone");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("button", { name: "Standby crystal", exact: true }), "still asked").toBeEnabled();
  await press(page, "Standby crystal");
  await untilDone(page);
  await press(page, /^Undo: Take crystal back/);
  await expect(dialog(page).getByRole("button", { name: "Take crystal back", exact: true })).toBeVisible();
  await confirm(page, "Take crystal back");
  await untilDone(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await press(page, "Show Standby crystal");
  await expect(dialog(page)).toContainText("done");
  await page.keyboard.press("Escape");
  await expect(cards).toHaveCount(1);
  await press(page, "Dismiss Standby crystal");
  await expect(cards).toHaveCount(0);

  await visit(page, "/c/san-a/audit");
  await press(page, "Check the chain");
  await expect(page.getByText("The chain is whole.")).toBeVisible();
  const others = page.getByRole("button", { name: "Details of Take crystal back" });
  await expect(others.first()).toBeVisible();
  await write(page, "Command", "node.standby");
  await press(page, "Filter");
  await expect(page).toHaveURL(/verb=node\.standby/);
  await expect(others, "the list is the filtered one").toHaveCount(0);
  await expect(page.getByRole("button", { name: "Details of Standby crystal" }).first()).toBeVisible();
  await press(page, "Details of Standby crystal");
  await expect(page.getByText("keys alone").first()).toBeVisible();
});

test("keys alone: a menu is opened, walked, left, and chosen from", async ({ console: page }) => {
  await visit(page, "/c/san-a");
  await press(page, "Actions on g_mail");
  const items = page.getByRole("menuitem");
  await expect(items.first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(items.nth(1)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(items).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Actions on g_mail" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(items.first()).toBeFocused();
  await expect(items.first()).toContainText("Move g_mail…");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("radio").first()).toBeChecked();
  await press(page, "Preview");
  await expect(dialog(page).getByRole("region", { name: "What will happen" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
});

test("no page loads more than 200 kB of scripts at first", async ({ console: page }) => {
  for (const path of ["/", "/c/san-a", "/c/north", "/c/san-a/n/ruby", "/c/san-a/audit", "/audit"])
    expect(await firstLoadOf(page, path), path).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});
