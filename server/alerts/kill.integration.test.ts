// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Enrollment } from "@/agent/protocol/console/api";
import { until } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer } from "@/sim/peer";
import { bondNode } from "./test-bond-node";
import { type ConsoleProcess, consoleIn, firstAdmin } from "./test-process";
import { freePort, type Posted, startHook } from "./test-receivers";

// The built console as a process, killed (SIGKILL) between the finding and its message: at least once, under one id.

const FACTOR = 0.2;
const Made = z.object({ id: z.string() });

let folder: string;
const started: ConsoleProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-told-"));
});
afterAll(async () => {
  await Promise.all(started.map((qd) => qd.kill()));
  await rm(folder, { recursive: true, force: true });
});

/** A console with a node in trouble, and a webhook that is told at once. */
async function setUp(name: string, hookUrl: string) {
  const qd = await consoleIn(path.join(folder, name), FACTOR);
  started.push(qd);
  const ready = await qd.start();
  const ask = await firstAdmin(ready);
  await ask("POST", "clusters", { slug: "san-a", title: "SAN A", environment: null });
  const receiver = Made.parse(await ask("POST", "alerts/receivers", { name: "hook", settings: { kind: "webhook", url: hookUrl } })).id;
  const matchers = [{ label: "rule", isNot: false, values: ["bond-ports"] }];
  await ask("POST", "alerts/routes", { receiver, matchers, waitSeconds: 0, repeatHours: null, sendsResolved: true, isOn: true });
  const { token } = Enrollment.parse(await ask("POST", "enrollments", { cluster: "san-a", node: "ruby", role: "member" }));
  const enrolled = await enrolPeer({ origin: ready.origin, token, node: "ruby" });
  return { qd, node: bondNode(() => connectPeer({ url: agentUrl(ready.origin), ...enrolled }), "down", FACTOR) };
}

/** "new d1": why it is told, and the id it is told under. */
const tellingOf = ({ headers, text }: Posted) => `${JSON.parse(text).alerts[0].reason} ${headers["x-quarterdeck-delivery"]}`;

/** Two starts of a console, its minute of patience and the minute until a finding is over, each five times as quick. */
const LONG = { timeout: 300_000 };

it("killed while its message is on the way: the next one sends it again under the same id, and then no more", LONG, async () => {
  let isDeaf = true;
  const hook = await startHook(() => (isDeaf ? null : 200));
  const { qd, node } = await setUp("on-the-way", hook.url);
  await until("the first post", () => hook.posts[0]);
  // The receiver has it, and the console will never know.
  await qd.kill();
  isDeaf = false;
  await qd.start();
  await until("the second post", () => hook.posts[1]);
  expect(hook.posts[1]?.text).toBe(hook.posts[0]?.text);
  // Messages keep their order: whatever it would have sent once more stands before the end.
  node.link("up");
  await until("the end", () => hook.posts.find((posted) => tellingOf(posted).startsWith("resolved")));
  const [first, again, ...others] = hook.posts.map(tellingOf);
  expect(again).toBe(first);
  expect(others).toHaveLength(1);
  await node.stop();
  await qd.kill();
  await hook.close();
});

it("killed while the receiver is away: it is told once when both are back", LONG, async () => {
  const where = await freePort();
  const { qd, node } = await setUp("away", `http://127.0.0.1:${where}/hook`);
  await until("the first vain attempt", () => qd.said().includes("hook did not take a message"));
  await qd.kill();
  const hook = await startHook(() => 200, where);
  await qd.start();
  await until("the post", () => hook.posts[0]);
  node.link("up");
  await until("the end", () => hook.posts.find((posted) => tellingOf(posted).startsWith("resolved")));
  expect(hook.posts.map((posted) => tellingOf(posted).split(" ")[0])).toEqual(["new", "resolved"]);
  await node.stop();
  await qd.kill();
  await hook.close();
});
