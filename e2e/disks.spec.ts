// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { demo, expect, listenTo } from "./console";
import { test } from "./hung-wall";

/** Opens a page and gives what stands in its main part. */
async function main(page: Page, path: string) {
  await page.goto(`${demo().origin}${path}`);
  return page.getByRole("main");
}

test("a leg of a client's md mirror fails: named with both ends, rebuilt after repair", async ({ console: page, wall }) => {
  const stack = await main(page, "/c/attic");
  await expect(stack.getByRole("region", { name: "Arrays of the clients" })).toContainText("e10.6 at jade, e11.6 at glouton");
  await demo().sim.fault("fail-leg", "hv06", "e11.6");
  await wall.says("attic", /hv06: md0 has 1 of 2 legs/);
  await expect(await main(page, "/")).toContainText("hv06: md0 has 1 of 2 legs");
  await expect(await main(page, "/c/attic")).toContainText("e11.6 at glouton failed. The next failed leg takes it away.");
  await expect(page.getByRole("region", { name: "Arrays of the clients" })).toContainText("failed");
  const node = await main(page, "/c/attic/n/hv06");
  await expect(node.getByRole("region", { name: /^Arrays/ })).toContainText(/e11\.6 at glouton\s+failed/);
  const told = await listenTo("attic");
  await demo().sim.repair("fail-leg", "hv06", "e11.6");
  // The rebuild takes some seconds: a page that is busy may show what came after it.
  await told(/^hv06: md0 recovery started$/);
  await expect(node.getByRole("region", { name: /^Arrays/ })).toContainText("2 of 2 legs");
  await expect(await main(page, "/c/attic")).not.toContainText("1 of 2 legs,");
  await told(/^hv06: md0 is whole again after/);
  await wall.saysNoMore(/md0 has/);
});

test("a file system goes read-only: named with its mirror, and well again after repair", async ({ console: page, wall }) => {
  const stack = await main(page, "/c/san-a");
  await expect(stack.getByRole("region", { name: "Mounts", exact: true })).toContainText(/on drbd1 \(mail\) → vg0-mail → vda2/);
  await expect(stack.getByRole("region", { name: "Mounts of the clients" })).toContainText(/on sdb at (ruby|crystal)/);
  // An earlier journey on this fleet may have moved it.
  const mounted = (await demo().entities("san-a")).find(({ entity }) => entity.kind === "mount" && entity.mount.mountPoint === "/srv/mail");
  const holder = mounted?.entity.kind === "mount" ? mounted.entity.from.node : "";
  await demo().sim.fault("remount-ro", holder, "/srv/mail");
  await wall.says("san-a", /\/srv\/mail went read-only/);
  await expect(await main(page, "/")).toContainText(`${holder}: /srv/mail went read-only`);
  await expect(await main(page, "/c/san-a")).toContainText(`${holder}: /srv/mail went read-only`);
  await expect(page.getByRole("region", { name: "Mounts", exact: true })).toContainText("went read-only");
  const node = await main(page, `/c/san-a/n/${holder}`);
  await expect(node.getByRole("region", { name: /^Mounts/ })).toContainText("The file system stopped writes itself");
  const told = await listenTo("san-a");
  await demo().sim.repair("remount-ro", holder, "/srv/mail");
  await expect(node.getByRole("region", { name: /^Mounts/ })).not.toContainText("went read-only");
  await told(new RegExp(`^${holder}: /srv/mail is writable now$`));
  await wall.saysNoMore(/went read-only/);
});

test("a device of a ZFS pool is given up: named on every page with ZFS's own advice, and well again after repair", async ({
  console: page,
  wall,
}) => {
  const stack = await main(page, "/c/north");
  const pools = stack.getByRole("region", { name: "Pools", exact: true });
  await expect(pools).toContainText(/backup.*online/);
  await expect(pools).toContainText("no ZFS pools here");
  await demo().sim.fault("fail-device", "tromso", "vdc");
  await wall.says("north", /tromso: pool backup: degraded/);
  await expect(pools).toContainText("degraded");
  await expect(pools).toContainText(/vdc\s*faulted/);
  await expect(await main(page, "/")).toContainText("tromso: pool backup: degraded");
  await expect(await main(page, "/c/north")).toContainText("use 'zpool clear' to mark the device repaired");
  const node = (await main(page, "/c/north/n/tromso")).getByRole("region", { name: /^ZFS pools/ });
  await expect(node).toContainText("too many errors");
  await expect(node).toContainText("1.2 TiB of 3.6 TiB");
  await demo().sim.repair("fail-device", "tromso", "vdc");
  await expect(node).not.toContainText("faulted");
  await expect(await main(page, "/c/north")).not.toContainText("degraded");
  await wall.saysNoMore(/degraded/);
});

test("a tool of ZFS hangs: its pools stay, marked old, and why is said", async ({ console: page }) => {
  const pools = (await main(page, "/c/north")).getByRole("region", { name: "Pools", exact: true });
  await expect(pools).toContainText("backup");
  await demo().sim.fault("hang-tool", "tromso", "zpool");
  await expect(pools).toContainText("not read since");
  await expect(pools).toContainText("backup");
  await demo().sim.repair("hang-tool", "tromso", "zpool");
  await expect(pools).not.toContainText("not read since");
});
