// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { demo, expect, listenTo, read } from "./console";
import { test } from "./hung-wall";

const O1 = "iqn.2014-03.com.example.san-a:o1";

/** Opens a page and gives what stands in its main part. */
async function main(page: Page, path: string) {
  await page.goto(`${demo().origin}${path}`);
  return page.getByRole("main");
}

async function entity(key: string) {
  return (await demo().entities("san-a")).find((one) => one.key === key)?.entity;
}

test("an iSCSI client and its target stand in the stack, and each disk's way down to the backing disk on the node's page", async ({
  console: page,
}) => {
  const stack = await main(page, "/c/san-a");
  await expect(stack.getByRole("region", { name: `iSCSI session to ${O1}` })).toContainText("logged in to ruby");
  await expect(stack.getByRole("region", { name: "iSCSI targets" })).toContainText("1 LUN, 1 logged in");
  await expect(stack).toContainText("Its disk is there.");
  const client = await main(page, "/c/san-a/n/hv01");
  const way = client.getByRole("list", { name: "Way of sdb down to its disk" }).getByRole("listitem");
  await expect(way).toHaveText([
    "sdb",
    "session1 to 10.20.5.10:3260",
    `${O1} on ruby`,
    "LUN 0",
    "/dev/drbd0",
    "store, Primary UpToDate",
    "/dev/vg0/store",
  ]);
  await expect((await main(page, "/c/san-a/n/ruby")).getByRole("region", { name: /^iSCSI targets/ })).toContainText("hv01 logged in");
  const aoe = await main(page, "/c/attic/n/hv05");
  await expect(aoe.getByRole("list", { name: "Way of e0.1 down to its disk" })).toContainText("/dev/vg0/archive");
});

test("a target is Started and listens nowhere: broken in words, though Pacemaker is content; gone after repair", async ({
  console: page,
  wall,
}) => {
  await demo().sim.fault("drop-portal", "p_target_o1");
  await wall.says("san-a", /target \S+:o1 has no portal/);
  await expect(await main(page, "/")).toContainText(`target ${O1} has no portal`);
  const stack = await main(page, "/c/san-a");
  await expect(stack.getByRole("region", { name: "iSCSI targets" })).toContainText("no portal");
  await expect(stack.getByRole("region", { name: "iSCSI targets" })).toContainText("listens nowhere");
  await expect(stack.getByRole("region", { name: `iSCSI session to ${O1}` })).toContainText("FAILED, I/O waits");
  await expect(stack).toContainText("sdb is not there.");
  await expect.poll(() => entity("rsc:p_target_o1")).toMatchObject({ said: { level: "ok" } });
  await expect((await main(page, "/c/san-a/n/ruby")).getByRole("region", { name: /^iSCSI targets/ })).toContainText("nowhere");
  await demo().sim.repair("drop-portal", "p_target_o1");
  await expect(await main(page, "/c/san-a")).toContainText("Its disk is there.");
  await expect(page.getByRole("main")).not.toContainText("no portal,");
  await wall.saysNoMore(/no portal/);
  await expect(page.getByRole("main").getByRole("region", { name: "iSCSI targets" })).toContainText("1 LUN, 1 logged in");
});

test("a session is lost on the way: the client says so, the target lists nobody; gone after repair", async ({ console: page, wall }) => {
  // Opened before: after 120 s the client gives up, and other words stand there.
  const fleet = await main(await page.context().newPage(), "/");
  const client = await main(page, "/c/san-a/n/hv01");
  await demo().sim.fault("lose-session", "hv01", "session1");
  await Promise.all([
    expect(fleet).toContainText("hv01: session1 (sdb): FAILED, I/O waits"),
    expect(client.getByRole("region", { name: /^iSCSI sessions/ })).toContainText("I/O is held back for up to 120 s"),
    expect(client.getByRole("region", { name: /^iSCSI sessions/ })).toContainText("sdb blocked"),
    wall.says("san-a", /hv01: session1 \(sdb\): FAILED, I\/O waits/),
  ]);
  await expect((await main(page, "/c/san-a")).getByRole("region", { name: "iSCSI targets" })).toContainText("nobody logged in");
  await demo().sim.repair("lose-session", "hv01", "session1");
  await expect(await main(page, "/c/san-a/n/hv01")).toContainText("logged in to ruby");
  await expect.poll(() => entity("session:hv01/session1")).toMatchObject({ said: { level: "ok", word: "logged in to ruby" } });
  await wall.saysNoMore(/session1/);
});

test("the target's node dies: the session fails, and is logged in to the other node after the failover", async ({ console: page }) => {
  const stack = await main(page, "/c/san-a");
  await expect(stack).toContainText("logged in to ruby");
  const told = await listenTo("san-a");
  await demo().sim.fault("kill-node", "ruby");
  // For some seconds only: a page that is busy may show what came after it.
  await told(/^hv01: session1 .*(connection failed|FAILED)/);
  await expect(stack.getByRole("region", { name: `iSCSI session to ${O1}` })).toContainText("logged in to crystal", { timeout: 60_000 });
  await expect(stack).toContainText(`${O1} on crystal: served`);
  // How long the client's disk did not answer stands on the card, by the client's own word.
  const card = (await main(page, "/c/san-a/availability")).getByRole("article").filter({ hasText: "crystal fenced ruby" }).first();
  await expect(card).toContainText(read(/Client stall\d.* s.*iSCSI iqn\S+ of hv01 was/), { timeout: 60_000 });
  await demo().sim.repair("kill-node", "ruby");
});
