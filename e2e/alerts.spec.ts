// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer } from "node:http";
import { dialog, visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, test } from "./console";
import { press, tabTo, write } from "./keys";

/** A webhook on loopback: what it was posted, by reason and title. */
async function hook() {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.on("end", () => {
      const { alerts }: { alerts: { reason: string; title: string }[] } = JSON.parse(text);
      posted.push(...alerts.map(({ reason, title }) => `${reason}: ${title}`));
      response.writeHead(200).end("noted");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/hook`, posted, close: () => server.close() };
}

test("with the keyboard alone: a receiver named and tried, a route to it, a port pulled, told, acknowledged and silenced at the finding", async ({
  console: page,
}) => {
  const { url, posted, close } = await hook();
  await visit(page, "/settings/alerts");
  await press(page, "Add a receiver…");
  await write(page, "Name", "journey");
  await write(page, "Address", url);
  await write(page, /^Key of the signature/, "the key of a journey");
  expect(await complaints(page, "a receiver")).toEqual([]);
  await press(page, "Add it");
  await expect(dialog(page)).toHaveCount(0);
  await press(page, "Send a test to journey");
  await expect(page.getByRole("row", { name: /^journey/ })).toContainText("It answered 200: noted");
  expect(posted).toEqual(["test: A test of Quarterdeck's alerts"]);

  await press(page, "Add a route…");
  await press(page, "Add a word");
  await write(page, "Cluster, of several any", "san-a");
  await tabTo(page, "Told");
  await page.keyboard.press("Home");
  expect(await complaints(page, "a route")).toEqual([]);
  await press(page, "Add it");
  await expect(page.getByRole("row", { name: /cluster is san-a/ })).toContainText("at once");

  await demo().sim.fault("pull-cable", "ruby", "e2p3");
  await expect.poll(() => posted.find((one) => /^new: ruby: .*\bhas\b/.test(one)), { timeout: 150_000 }).toBeTruthy();
  await visit(page, "/c/san-a");
  await press(page, /^Acknowledge ruby: .*…$/);
  await expect(dialog(page)).toBeVisible();
  expect(await complaints(page, "an acknowledgement")).toEqual([]);
  await write(page, /^Note/, "changing the cable");
  await press(page, "Acknowledge it");
  await expect(page.getByRole("main")).toContainText(/is at it, acknowledged .*changing the cable/);
  await press(page, /^Silence ruby: .*…$/);
  await write(page, "Why", "a journey");
  expect(await complaints(page, "a silence")).toEqual([]);
  await press(page, "Silence it");
  await expect(page.getByRole("main")).toContainText(/Nobody is told: silenced by .*a journey/);

  await visit(page, "/settings/alerts");
  await expect(page.getByRole("row", { name: /ruby: .*journey/ }).first()).toContainText(/acknowledged by .*silenced/);
  expect(await complaints(page, "alerts with all in them")).toEqual([]);
  await press(page, "End it: the silence a journey");
  await expect(page.getByRole("row", { name: /^a journey/ })).toContainText("over");
  await press(page, "Remove journey…");
  await press(page, "Remove it");
  await expect(page.getByText("Nobody is told", { exact: true })).toBeVisible();
  close();
});
