// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { confirm, dialog, untilDone, visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, read, test } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";

const PATIENT = { timeout: 150_000 };
const repair = (page: Page, mirror: string) => page.getByRole("region", { name: new RegExp(`^Steps to repair ${mirror}`) });
const step = (page: Page, mirror: string, title: string) => repair(page, mirror).getByRole("listitem").filter({ hasText: title });

async function wordOf(slug: string, mirror: string): Promise<string> {
  const found = (await demo().entities(slug)).find(({ key }) => key === `mirror:${mirror}/0`)?.entity;
  return found?.kind === "mirror" ? found.said.word : "not there";
}

/** A verify from its beginning to the end of its record, by hand on a node. */
async function verify(slug: string, node: string, mirror: string): Promise<void> {
  const { sim } = demo();
  const lastRun = async () => {
    const found = (await demo().entities(slug)).find(({ key }) => key === `verify:${mirror}/0`)?.entity;
    return found?.kind === "verify" && found.running === null ? (found.last?.id ?? null) : "running";
  };
  const before = await lastRun();
  await sim.fault("time-lapse", "600");
  await sim.fault("run-verify", node, mirror);
  await expect.poll(async () => [before, "running"].includes(await lastRun()), PATIENT).toBe(false);
  await expect.poll(() => wordOf(slug, mirror), PATIENT).not.toContain("verify");
  await sim.repair("time-lapse", "600");
}

/** Opens the dialog of the step that is next, confirms it there, and waits for its end. */
async function take(page: Page, mirror: string, title: string): Promise<void> {
  await step(page, mirror, title)
    .getByRole("button", { name: `${title}…` })
    .click();
  await expect(dialog(page)).toContainText("will be overwritten with");
  await confirm(page, title);
  await untilDone(page);
  await page.keyboard.press("Escape");
}

test("8.4: a verify finds a rotten block; disconnect, connect, each confirmed and checked; the next verify finds nothing", async ({
  console: page,
}) => {
  await demo().sim.fault("rot-bits", "ruby", "mail");
  await verify("san-a", "ruby", "mail");
  await visit(page, "/c/san-a/drbd/mail");
  await expect(repair(page, "mail")).toContainText(read(/4 KiB on ruby will be overwritten with crystal's copy/));
  await expect(step(page, "mail", "Disconnect mail on ruby")).toHaveAttribute("aria-current", "step");
  await expect(repair(page, "mail").getByRole("button"), "one step at a time").toHaveCount(1);
  expect(await complaints(page, "the steps")).toEqual([]);
  expect(await firstLoadOf(page, "/c/san-a/drbd/mail")).toBeLessThanOrEqual(FIRST_LOAD_BYTES);

  await take(page, "mail", "Disconnect mail on ruby");
  await expect(step(page, "mail", "Disconnect mail on ruby")).toHaveAttribute("data-state", "done");
  await expect(repair(page, "mail")).toContainText(/Disconnected since .*, by .*; not connected again\./);
  await visit(page, "/");
  await expect(page.getByRole("main")).toContainText("mail was disconnected for a repair");

  await visit(page, "/c/san-a/drbd/mail#repair");
  await take(page, "mail", "Connect mail on ruby");
  await expect(step(page, "mail", "Verify mail again")).toHaveAttribute("aria-current", "step");
  await expect.poll(() => wordOf("san-a", "mail"), PATIENT).toBe("in sync");
  await verify("san-a", "ruby", "mail");
  expect(await wordOf("san-a", "mail")).toBe("in sync");
});

test("9.2: the marked blocks are taken from the Primary, and only those, while both stay connected", async ({ console: page }) => {
  await demo().sim.fault("rot-bits", "bergen", "spool");
  await verify("north", "bergen", "spool");
  await visit(page, "/c/north/drbd/spool");
  const title = "Take the marked blocks of spool on bergen from narvik";
  const first = step(page, "spool", "Take the marked blocks on bergen from narvik");
  await expect(first).toContainText("drbdadm invalidate spool:narvik/0 --reset-bitmap=no");
  await first.getByRole("button", { name: `${title}…` }).click();
  await expect(dialog(page)).toContainText("will be overwritten with narvik's copy");
  await confirm(page, title);
  await untilDone(page);
  await page.keyboard.press("Escape");
  await verify("north", "bergen", "spool");
  expect(await wordOf("north", "spool")).toBe("in sync");
});
