// SPDX-License-Identifier: Apache-2.0
import { connect, createServer, type Server, type Socket } from "node:net";
import { demo, expect, signIn, test } from "./console";

/** A line to the console that can be cut without a word: both ends stay open, nothing passes. */
async function cuttableLine(target: URL): Promise<{ origin: string; cut(): void; mend(): void; close(): void }> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((from) => {
    const to = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on("data", (bytes) => {
        if (!isCut) other.write(bytes);
      });
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on("error", () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("the console's line is cut without a word: unmistakable within 5 s, and gone when it is back", async ({ page }) => {
  const line = await cuttableLine(new URL(demo().origin));
  await signIn(page, line.origin);
  await page.goto(`${line.origin}/c/san-a`);
  await expect(page.getByText(/live, 3 of 3 agents/)).toBeVisible();
  const alert = page.getByRole("alert").filter({ hasText: "No word from the console" });
  await expect(alert).toHaveCount(0);
  const cutAt = Date.now();
  line.cut();
  await expect(alert).toBeVisible();
  expect(Date.now() - cutAt).toBeLessThanOrEqual(5_000);
  await expect(page.getByText(/live, 3 of 3 agents/)).toHaveCount(0);
  line.mend();
  await expect(alert).toHaveCount(0);
  await expect(page.getByText(/live, 3 of 3 agents/)).toBeVisible();
  line.close();
});

test("a killed agent: stale within 4 s, lost within 11 s, on every page", async ({ console: page }) => {
  const pages = [page, await page.context().newPage(), await page.context().newPage()] as const;
  const [fleet, stack, node] = pages;
  await fleet.goto(demo().origin);
  await stack.goto(`${demo().origin}/c/attic`);
  await node.goto(`${demo().origin}/c/attic/n/hv05`);
  for (const shown of pages) await expect(shown.getByText(/live, \d+ of \d+ agents/)).toBeVisible();
  const killedAt = Date.now();
  await demo().sim.fault("cut-agent", "hv05");
  await Promise.all([
    expect(fleet.getByRole("main")).toContainText(/no word from hv05/i),
    expect(stack.getByRole("main")).toContainText(/no word since/i),
    expect(node.getByRole("main")).toContainText(/no word since/i),
  ]);
  expect(Date.now() - killedAt).toBeLessThanOrEqual(4_000);
  const linkOf = async () =>
    (await demo().clusters()).find(({ slug }) => slug === "attic")?.nodes.find(({ name }) => name === "hv05")?.link;
  expect(await linkOf()).toBe("stale");
  await expect.poll(linkOf, { intervals: [100] }).toBe("lost");
  expect(Date.now() - killedAt).toBeLessThanOrEqual(11_000);
});
