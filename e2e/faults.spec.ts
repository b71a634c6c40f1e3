// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { demo, expect, listenTo, read } from "./console";
import { test } from "./hung-wall";

/** Opens a page and gives what stands in its main part. */
async function main(page: Page, path: string) {
  await page.goto(`${demo().origin}${path}`);
  return page.getByRole("main");
}

test("a leaf cable of a nested bond is pulled: degraded and named, though the kernel says up", async ({ console: page, wall }) => {
  await demo().sim.fault("pull-cable", "ruby", "e3p3");
  await wall.says("san-a", /ruby: idmz has 3 of 4 ports/);
  await expect(await main(page, "/")).toContainText("ruby: idmz has 3 of 4 ports");
  const stack = await main(page, "/c/san-a");
  await expect(stack).toContainText("3 of 4 ports");
  await expect(stack).toContainText("kernel says up");
  await expect(stack).toContainText(/e3p3/);
  await expect(stack).toContainText(read(/down, \d+ fail/));
  await expect(await main(page, "/c/san-a/n/ruby")).toContainText("3 of 4 ports");
  const told = await listenTo("san-a");
  await demo().sim.repair("pull-cable", "ruby", "e3p3");
  await expect(await main(page, "/c/san-a")).not.toContainText("3 of 4 ports");
  await expect(page.getByRole("main")).toContainText("4 of 4 ports");
  await told(/^ruby: e3p3 link up in idmz2$/);
  await wall.saysNoMore(/3 of 4 ports/);
});

test("a node dies: silent before the cluster notices, then fenced, its services move, never shown as running there", async ({
  console: page,
  wall,
}) => {
  const stack = await main(page, "/c/san-a");
  await expect(stack).toContainText("g_mail");
  const told = await listenTo("san-a");
  await demo().sim.fault("kill-node", "crystal");
  await expect(stack).toContainText(/no word since/i);
  await expect(stack).toContainText(/crystal (is|:)? ?(offline|unclean)/);
  await wall.says("san-a", /crystal is (offline|unclean)/);
  await expect(stack).toContainText(/Only ruby holds|only ruby holds/);
  await expect.poll(() => placesOf("g_mail")).toEqual(["ruby: started"]);
  await told(/^g_mail moved to ruby from crystal/);
  await expect(await main(page, "/")).toContainText("Broken: crystal is offline");
  await expect(await main(page, "/c/san-a/n/crystal")).toContainText("offline");
  await expect(await main(page, "/c/san-a/drbd/store")).toContainText(/only ruby holds|Only ruby holds/i);
  await demo().sim.repair("kill-node", "crystal");
  await expect.poll(() => nodeOf("crystal"), { timeout: 150_000 }).toMatchObject({ link: "live", state: { word: "online" } });
  // What it was stands on under "What changed".
  await expect((await main(page, "/c/san-a")).getByRole("region", { name: /^Findings/ })).not.toContainText(/offline|unclean|no word/i);
  await expect(page.getByRole("main")).not.toContainText(/no word since/i);
  await wall.saysNoMore(/crystal is|no word from crystal/i);
});

test("an agent is cut off: its values look old where they stand, the rest stays live", async ({ console: page, wall }) => {
  const stack = await main(page, "/c/north");
  await expect(stack).not.toContainText(/no word since/i);
  await demo().sim.fault("cut-agent", "tromso");
  await wall.says("north", /no word from tromso/i);
  await expect(stack).toContainText(/no word since/i);
  await expect(stack.locator(".stale").first()).toBeVisible();
  await expect(await main(page, "/")).toContainText(/no word from tromso/i);
  const node = await main(page, "/c/north/n/tromso");
  await expect(node).toContainText(/silent/);
  await expect(node).toContainText(/not read since/i);
  await demo().sim.repair("cut-agent", "tromso");
  await wall.saysNoMore(/no word from tromso/i);
  await expect(await main(page, "/c/north")).not.toContainText(/no word since/i);
});

test("a tool hangs: its own source is not read, said with the reason, and nothing else waits", async ({ console: page, wall }) => {
  await demo().sim.fault("hang-tool", "narvik", "crm_mon");
  await expect
    .poll(() => sourceOf("north", "narvik", "pacemaker"), { timeout: 150_000 })
    .toMatchObject({ status: "failed", error: { code: "COLLECT_TIMEOUT" } });
  await wall.says("north", /Pacemaker on narvik/);
  await expect.poll(() => sourceOf("north", "narvik", "drbd")).toMatchObject({ status: "ok", freshness: "live" });
  await expect(await main(page, "/")).toContainText(/narvik/);
  await expect(await main(page, "/c/north")).toContainText(/Pacemaker on narvik/);
  const table = (await main(page, "/c/north/n/narvik")).getByRole("table", { name: "What is read on this node" });
  const row = table.getByRole("row", { name: /^Pacemaker/ });
  await expect(row).toContainText(/did not answer/);
  await demo().sim.repair("hang-tool", "narvik", "crm_mon");
  await expect
    .poll(() => sourceOf("north", "narvik", "pacemaker"), { timeout: 150_000 })
    .toMatchObject({ status: "ok", freshness: "live" });
  // That it did not answer is told of the past from now on, under "What changed".
  await expect(row).not.toContainText(/did not answer/);
  await wall.saysNoMore(/Pacemaker on narvik/);
});

test("a mirror is disconnected: the lane is cut, and the page says what the pair of states means", async ({ console: page, wall }) => {
  await demo().sim.fault("disconnect", "ruby", "mail");
  await wall.says("san-a", /do not replicate mail|only \w+ holds mail/i);
  await expect(await main(page, "/")).toContainText("mail");
  await expect(await main(page, "/c/san-a")).toContainText(/not connected|StandAlone/);
  const mirror = await main(page, "/c/san-a/drbd/mail");
  await expect(mirror).toContainText("StandAlone");
  await expect(mirror).toContainText("WFConnection");
  await demo().sim.repair("disconnect", "ruby", "mail");
  await expect(mirror.getByRole("heading", { level: 1 })).toContainText("in sync");
  await expect.poll(() => mirrorOf("mail")).toMatchObject({ said: { level: "ok", word: "in sync" } });
  await expect(mirror.getByText("not connected", { exact: true })).toHaveCount(0);
  await wall.saysNoMore(/replicate mail|holds mail/);
});

test("a ring is cut: said on fleet, stack and node pages with both ends, while Pacemaker shows nothing", async ({
  console: page,
  wall,
}) => {
  await expect(await main(page, "/c/san-a")).toContainText("ring 1 connected");
  const told = await listenTo("san-a");
  await demo().sim.fault("cut-ring", "ruby", "crystal", "1");
  const stack = page.getByRole("main");
  await expect(stack).toContainText("ring 1 down");
  await expect(stack).toContainText("ring 0 connected");
  await expect(stack).toContainText("Ring 1 between crystal and ruby is down");
  await wall.says("san-a", /Ring 1 between crystal and ruby is down/);
  await told(/^ruby no longer hears crystal on ring 1$/);
  await expect(await main(page, "/")).toContainText("ing 1 between crystal and ruby is down");
  const node = await main(page, "/c/san-a/n/ruby");
  await expect(node).toContainText("Ring 1 between crystal and ruby is down");
  await expect(node.getByRole("row", { name: /^ring 1 / })).toContainText("down");
  await expect(node.getByRole("row", { name: /^ring 0 / })).toContainText("connected");
  await expect.poll(() => sourceOf("san-a", "ruby", "pacemaker")).toMatchObject({ status: "ok" });
  await demo().sim.repair("cut-ring", "ruby", "crystal", "1");
  await expect(await main(page, "/c/san-a")).toContainText("ring 1 connected");
  await expect(page.getByRole("main")).not.toContainText("Ring 1 between");
  await told(/^ruby hears crystal on ring 1 again$/);
  await wall.saysNoMore(/Ring 1 between/);
});

async function sourceOf(cluster: string, node: string, source: string) {
  const found = (await demo().entities(cluster)).find(({ key }) => key === `source:${node}/${source}`);
  return found?.entity;
}

async function nodeOf(name: string) {
  return (await demo().entities("san-a")).find(({ key }) => key === `node:${name}`)?.entity;
}

async function mirrorOf(resource: string) {
  const found = (await demo().entities("san-a")).find(({ key }) => key === `mirror:${resource}/0`);
  return found?.entity;
}

async function placesOf(id: string): Promise<string[]> {
  const found = (await demo().entities("san-a")).find(({ key }) => key === `rsc:${id}`);
  if (found?.entity.kind !== "resource") return [];
  return found.entity.places.map(({ node, said }) => `${node}: ${said.word}`);
}
