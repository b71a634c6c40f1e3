// SPDX-License-Identifier: Apache-2.0
import { demo, expect, listenTo, read } from "./console";
import { test } from "./hung-wall";
import { PATIENT, says, saysNoMore } from "./said";

const SAN_A = ["/", "/c/san-a", "/c/san-a/n/ruby"] as const;

test("a port is not in its bond since the boot: named, though the kernel counts nothing as missing", async ({ console: page, wall }) => {
  await demo().sim.fault("lose-port", "ruby", "e3p2");
  await wall.says("san-a", /e3p2 missing from idmz1/);
  await says(page, /e3p2 missing from idmz1/, SAN_A);
  const told = await listenTo("san-a");
  await demo().sim.repair("lose-port", "ruby", "e3p2");
  // What a bond had before belongs to its baseline again; what changed is told below.
  await saysNoMore(page, /e3p2 missing from idmz1/, SAN_A);
  await wall.saysNoMore(/missing from idmz1/);
  await told(/^ruby: e3p2 joined idmz1$/);
});

test("a split brain is called one, with the steps and no button; over when one side's changes are discarded", async ({
  console: page,
  wall,
}) => {
  const told = await listenTo("san-a");
  await demo().sim.fault("split-brain", "ruby", "mail");
  await wall.says("san-a", /Split brain: \w+ and \w+ hold different data of mail/);
  await says(page, /split brain/i, [...SAN_A, "/c/san-a/drbd/mail"]);
  await expect(page.getByRole("main")).toContainText("--discard-my-data");
  await told(/split brain detected, connection dropped/);
  await demo().sim.repair("split-brain", "ruby", "mail");
  await expect.poll(async () => levelOf("san-a"), PATIENT).toBe("ok");
  for (const path of ["/c/san-a", "/c/san-a/drbd/mail"] as const) {
    await page.goto(`${demo().origin}${path}`);
    await expect(page.getByText("split brain", { exact: true })).toHaveCount(0);
  }
  await wall.saysNoMore(/split brain/i);
});

test("a block rots under a mirror: nobody knows, until a verify finds it; a resync ends it", async ({ console: page, wall }) => {
  const told = await listenTo("san-a");
  await demo().sim.fault("rot-bits", "ruby", "mail");
  expect(await levelOf("san-a")).toBe("ok");
  await demo().sim.fault("time-lapse", "600");
  await demo().sim.fault("run-verify", "ruby", "mail");
  await says(page, /mail differs in 4/, ["/", "/c/san-a"]);
  await wall.says("san-a", /mail differs in 4/);
  await says(page, /differs in 4/, ["/c/san-a/n/ruby", "/c/san-a/drbd/mail"]);
  await told(/verify found 4 KiB out of sync/);
  await demo().sim.repair("time-lapse", "600");
  await demo().sim.fault("disconnect", "ruby", "mail");
  await demo().sim.repair("disconnect", "ruby", "mail");
  await expect.poll(async () => levelOf("san-a"), PATIENT).toBe("ok");
  await wall.saysNoMore(/mail differs/);
});

test("a node's disks are slow: it waits, and what that can cost is said", async ({ console: page, wall }) => {
  const told = await listenTo("san-a");
  await demo().sim.fault("slow-disk", "ruby");
  await wall.says("san-a", /ruby waits for its disks/);
  await says(page, /ruby waits for its disks/, SAN_A);
  await told(/jbd2\/dm-0-8 hangs for more than 120 seconds/);
  await says(page, /blocked for more than 120 seconds/, ["/c/san-a/n/ruby"]);
  await demo().sim.repair("slow-disk", "ruby");
  await saysNoMore(page, /ruby waits for its disks/, SAN_A);
  await wall.saysNoMore(/waits for its disks/);
});

test("a journal that was full leaves a gap that is told, not hidden", async ({ console: page, wall }) => {
  await demo().sim.fault("full-journal", "tromso");
  await wall.says("north", /no word from tromso/i);
  await says(page, /no word from tromso/i, ["/"]);
  // The agent has read what the kernel printed once its own file says so: the cut line cannot tell us.
  await expect.poll(async () => (await demo().sim.state()).nodes.find(({ node }) => node === "tromso")?.isLineCut).toBe(true);
  const told = await listenTo("north");
  await page.goto(`${demo().origin}/c/north/n/tromso`);
  await demo().sim.repair("full-journal", "tromso");
  await expect(page.getByRole("main")).toContainText(read(/tromso: \d+ changes or kernel lines of .* were lost on the node/), PATIENT);
  await told(/^tromso: \d+ changes or kernel lines of .* were lost on the node/);
  await expect.poll(async () => levelOf("north"), PATIENT).toBe("ok");
  await wall.saysNoMore(/no word from tromso/i);
});

test("a node's clock is set: said with how far, and what is shown stays in order", async ({ console: page, wall }) => {
  await demo().sim.fault("step-clock", "narvik", "3600");
  await wall.says("north", /narvik's clock is 1 h ahead of the console's/);
  await says(page, /narvik's clock is 1 h ahead of the console's/, ["/", "/c/north", "/c/north/n/narvik"]);
  await says(page, /1 h ahead of the console's/, ["/c/north/n/narvik"]);
  await expect.poll(() => freshnessOf("north", "narvik")).toEqual(["live"]);
  await demo().sim.repair("step-clock", "narvik", "3600");
  await saysNoMore(page, /narvik's clock/, ["/", "/c/north", "/c/north/n/narvik"]);
  await wall.saysNoMore(/narvik's clock/);
});

test("a tool may not be run: its source says so, and what to do", async ({ console: page, wall }) => {
  await demo().sim.fault("forbid-tool", "tromso", "crm_mon");
  await says(page, /Pacemaker on tromso/, ["/", "/c/north"]);
  await wall.says("north", /Pacemaker on tromso/);
  await says(page, /may not start it|not permitted/, ["/c/north/n/tromso"]);
  await demo().sim.repair("forbid-tool", "tromso", "crm_mon");
  await saysNoMore(page, /Pacemaker on tromso/, ["/", "/c/north"]);
  await wall.saysNoMore(/Pacemaker on tromso/);
});

async function levelOf(slug: string): Promise<string | undefined> {
  return (await demo().clusters()).find((cluster) => cluster.slug === slug)?.level;
}

/** The freshness of everything that is read on a node; each word once. */
async function freshnessOf(cluster: string, node: string): Promise<string[]> {
  const found = (await demo().entities(cluster)).flatMap(({ entity }) =>
    entity.kind === "source" && entity.node === node && entity.source !== "kernelLog" ? [entity.freshness] : [],
  );
  return [...new Set(found)];
}
