// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Enrollment } from "@/agent/protocol/console/api";
import { bond, ok, port } from "@/server/cluster/factories";
import { until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, type Peer } from "@/sim/peer";
import { freePort, type Posted, startHook } from "./test-receivers";

// The built console as a process, killed (SIGKILL) between the finding and its message: at least once, under one id.

const CONSOLE = path.resolve(import.meta.dirname, "../../dist/console.mjs");
const FACTOR = 0.2;
const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable() });
const Made = z.object({ id: z.string() });

let folder: string;
const started = new Set<ChildProcess>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-told-"));
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** A console on a data folder, at a port that stays; it can be killed and started again. */
async function consoleIn(dataDir: string) {
  const listens = await freePort();
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" as const, DATA_DIR: dataDir, PORT: String(listens) };
  let child: ChildProcess | null = null;
  let said = "";
  return {
    said: () => said,
    async start(): Promise<z.infer<typeof Ready>> {
      const made = spawn(process.execPath, [CONSOLE, "--no-pages"], {
        env: { ...env, QUARTERDECK_TIMING_FACTOR: String(FACTOR) },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      for (const stream of [made.stdout, made.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
      started.add(made);
      child = made;
      const [message] = await Promise.race([once(made, "message"), once(made, "exit")]);
      const ready = Ready.safeParse(message);
      if (!ready.success) throw new Error(`The console did not start: ${said}`);
      return ready.data;
    },
    async kill(): Promise<void> {
      if (!child) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      started.delete(child);
    },
  };
}

/** A node with a bond that has lost a port, until it is mended; it comes back to a console that was started again. */
function brokenNode(origin: string, enrolled: EnrolledPeer) {
  let peer: Peer | null = null;
  let seq = 0;
  let link = "down";
  let isOver = false;
  const tell = () => {
    seq += 1;
    const bonds = [bond("bond0", [port("eth0"), port("eth1", { link })])];
    const readings = { bonding: ok({ bonds, unread: [] }, Date.now()) };
    peer?.send({ type: "fact", journalId: "j1", seq, atMs: Date.now(), source: "bonding", readings });
  };
  const pulse = () => peer?.send({ type: "pulse", sentAtMs: Date.now(), read: { bonding: { takenAtMs: Date.now(), everyMs: 2_000 } } });
  const pulses = setInterval(pulse, 1_000 * FACTOR);
  const live = async () => {
    while (!isOver) {
      // A console that is not there yet refuses; it is asked again.
      peer = await connectPeer({ url: agentUrl(origin), ...enrolled }).catch(() => null);
      if (peer === null) await new Promise((resolve) => setTimeout(resolve, 100));
      else tell();
      await peer?.closed;
    }
  };
  const living = live();
  return {
    mend(): void {
      link = "up";
      tell();
    },
    async stop(): Promise<void> {
      isOver = true;
      clearInterval(pulses);
      peer?.terminate();
      await living;
    },
  };
}

/** A console with a node in trouble and a webhook that is told at once; the node begins to speak when it is asked to. */
async function setUp(name: string, hookUrl: string) {
  const qd = await consoleIn(path.join(folder, name));
  const { origin, setupCode } = await qd.start();
  const json = { "content-type": "application/json", origin };
  const setup = { code: setupCode, user: "anna", password: "correct horse battery" };
  const signedIn = await fetch(`${origin}/api/v1/setup`, { method: "POST", headers: json, body: JSON.stringify(setup) });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const post = async (route: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${origin}/api/v1/${route}`, { method: "POST", headers: { ...json, cookie }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${route}: ${await answer.text()}`);
    return answer.json();
  };
  await post("clusters", { slug: "san-a", title: "SAN A", environment: null });
  const receiver = Made.parse(await post("alerts/receivers", { name: "hook", settings: { kind: "webhook", url: hookUrl } })).id;
  const matchers = [{ label: "rule", isNot: false, values: ["bond-ports"] }];
  await post("alerts/routes", { receiver, matchers, waitSeconds: 0, repeatHours: null, sendsResolved: true, isOn: true });
  const { token } = Enrollment.parse(await post("enrollments", { cluster: "san-a", node: "ruby", role: "member" }));
  return { qd, node: brokenNode(origin, await enrolPeer({ origin, token, node: "ruby" })) };
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
  node.mend();
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
  node.mend();
  await until("the end", () => hook.posts.find((posted) => tellingOf(posted).startsWith("resolved")));
  expect(hook.posts.map((posted) => tellingOf(posted).split(" ")[0])).toEqual(["new", "resolved"]);
  await node.stop();
  await qd.kill();
  await hook.close();
});
