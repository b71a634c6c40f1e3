// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { AgentList, Enrollment } from "@/agent/protocol/console/api";
import { until } from "@/server/test-console";
import { newKeys } from "@/sim/peer";
import { makeTestHost, type TestHost } from "@/sim/test-host";
import type { CertificateFiles } from "./certificate";
import { selfMadeCertificate } from "./self-made";
import { startRelay } from "./test-relay";

// The built programs as processes: a console on a host of its own, in a network namespace, and agents that reach it from here.

const DIST = path.resolve(import.meta.dirname, "../../dist");

let host: TestHost;
beforeAll(() => {
  host = makeTestHost();
});
afterAll(() => host.close());

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-tls-"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});
const pair = (name: string): Promise<CertificateFiles> =>
  selfMadeCertificate(path.join(folder, name), Date.now(), () => undefined, [host.address]);

/** A program that runs until the test ends, and everything it says. */
function program(
  args: string[],
  env: Record<string, string> = {},
  on: TestHost | null = null,
): { child: ChildProcess; said: () => string; ended: Promise<number | null> } {
  const [command, words] = on ? on.command(process.execPath, args) : [process.execPath, args];
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
  const ended = once(child, "close").then(([code]) => z.number().nullable().parse(code));
  ends.push(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, said: () => said, ended };
}

function ask(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<{ headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { "content-type": "application/json", ...headers }, rejectUnauthorized: false };
    const asked = (url.startsWith("https:") ? requestTls : requestPlain)(url, options, (answer) => {
      let text = "";
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve({ headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string() });

/** A console and its first admin, who looks at it by `at`. */
async function startConsole(env: Record<string, string>, at: (origin: string) => string, on: TestHost | null = null) {
  const own = { DATA_DIR: path.join(folder, "data"), PORT: "0", ...env };
  const { child, said } = program([path.join(DIST, "console.mjs"), "--no-pages"], own, on);
  const [message] = await Promise.race([once(child, "message"), once(child, "exit")]);
  const ready = Ready.safeParse(message);
  if (!ready.success) throw new Error(`The console did not start: ${said()}`);
  const origin = at(ready.data.origin);
  const setup = { code: ready.data.setupCode, user: "anna", password: "correct horse battery" };
  const made = await ask(`${origin}/api/v1/setup`, "POST", setup, { origin });
  const cookie = String(made.headers["set-cookie"]).split(";")[0] ?? "";
  const admin = (method: string, route: string, body?: unknown) => ask(`${origin}/api/v1/${route}`, method, body, { origin, cookie });
  await admin("POST", "clusters", { slug: "san-a", title: "SAN A", environment: null });
  return {
    origin,
    said,
    child,
    /** The line that "Add a node" shows for ruby. */
    async command(): Promise<string[]> {
      const { text } = await admin("POST", "enrollments", { cluster: "san-a", node: "ruby", role: "member" });
      const [name, ...args] = Enrollment.parse(JSON.parse(text)).command.split(" ");
      expect(name).toBe("quarterdeck-agent");
      return args;
    },
    async link(): Promise<string | null> {
      const { agents } = AgentList.parse(JSON.parse((await admin("GET", "agents")).text));
      return agents.find(({ trustEndedAtMs }) => trustEndedAtMs === null)?.link ?? null;
    },
  };
}
type Qd = Awaited<ReturnType<typeof startConsole>>;
const offLoopback = (env: Record<string, string> = {}) =>
  startConsole({ HOST: "0.0.0.0", ...env }, (origin) => origin.replace("127.0.0.1", host.address), host);

/** The node ruby: where its agent keeps its things. */
async function ruby() {
  const root = path.join(folder, "root");
  await mkdir(path.join(root, "etc"), { recursive: true });
  await writeFile(path.join(root, "etc/hostname"), "ruby\n");
  const config = path.join(folder, "agent.json");
  const agent = (...args: string[]) => program([path.join(DIST, "quarterdeck-agent.mjs"), ...args]);
  return {
    /** Runs the line of "Add a node" as it stands, but for where this node is. */
    async enrol(command: string[]): Promise<{ code: number | null; said: string }> {
      const { ended, said } = agent(...command, "--root", root, "--config", config, "--state-dir", path.join(folder, "state"));
      return { code: await ended, said: said() };
    },
    run: () => agent("run", "--config", config),
    async reconfigure(change: Record<string, unknown>): Promise<void> {
      const held = z.looseObject({}).parse(JSON.parse(await readFile(config, "utf8")));
      await writeFile(config, JSON.stringify({ ...held, ...change }));
    },
  };
}
const isLive = (qd: Qd) => until("ruby's agent is live", async () => (await qd.link()) === "live");
const to = (command: string[], origin: string) =>
  command.map((word) => (word.startsWith("https:") || word.startsWith("http:") ? origin : word));

describe("an agent off loopback", () => {
  it("enrols with the plain line that the console shows, and becomes live, under a self-made certificate", async () => {
    const qd = await offLoopback();
    expect(qd.said()).toMatch(/self-made.*SHA-256 [0-9A-F:]{95}/);
    const node = await ruby();
    const command = await qd.command();
    expect(command).toEqual(["enroll", "--console", qd.origin, "--token", expect.stringMatching(/^qd1\./)]);
    expect(qd.origin).toBe(`https://${host.address}:${new URL(qd.origin).port}`);
    expect(await node.enrol(command)).toMatchObject({ code: 0, said: expect.stringContaining("ruby is enrolled in san-a as member") });
    node.run();
    await isLive(qd);
  });

  it("keeps its link while the certificate's files are renewed", async () => {
    const own = await pair("own");
    const qd = await offLoopback({ TLS_CERT: own.certFile, TLS_KEY: own.keyFile });
    const node = await ruby();
    await node.enrol(await qd.command());
    const agent = node.run();
    await isLive(qd);
    const fresh = await pair("fresh");
    await copyFile(fresh.keyFile, own.keyFile);
    await copyFile(fresh.certFile, own.certFile);
    await until("the new certificate", () => qd.said().includes("is in use from now on"));
    expect(await qd.link()).toBe("live");
    expect(agent.said()).not.toContain("broke");
    // With the authority named, the certificate is checked on top: the old one is nobody's now.
    await node.reconfigure({ caFile: (await pair("other")).certFile });
    agent.child.kill("SIGTERM");
    await agent.ended;
    const picky = node.run();
    await until("the refusal", () => picky.said().includes("No link"));
    expect(picky.said()).toMatch(/self-signed certificate.*--ca FILE/);
    await node.reconfigure({ caFile: own.certFile });
    node.run();
    await isLive(qd);
  });

  it("refuses plain http, also where the console would serve it", async () => {
    const qd = await offLoopback({ TLS: "off" });
    const { code, said } = await (await ruby()).enrol(await qd.command());
    expect([code, said]).toEqual([2, expect.stringContaining("--allow-plaintext")]);
  });
});

describe("one in between who ends TLS", () => {
  it("does not get the token of a node that enrols through him", async () => {
    const qd = await offLoopback();
    const relay = await startRelay(qd.origin, await pair("relay"));
    ends.push(relay.close);
    const command = await qd.command();
    const node = await ruby();
    const { code, said } = await node.enrol(to(command, relay.origin));
    expect([code, said]).toEqual([1, expect.stringContaining("something on the way ends TLS. The token was not given to it")]);
    expect(relay.heard()).toContain("POST /api/v1/enroll/proof");
    expect(relay.heard()).not.toContain("qd1.");
    expect(await qd.link()).toBeNull();
    // The token is as good as before.
    expect(await node.enrol(command)).toMatchObject({ code: 0 });
  });

  it("cannot pass on the handshake of an agent that is enrolled", async () => {
    const qd = await offLoopback();
    const node = await ruby();
    await node.enrol(await qd.command());
    const relay = await startRelay(qd.origin, await pair("relay"));
    ends.push(relay.close);
    await node.reconfigure({ console: relay.origin });
    const agent = node.run();
    await until("the agent says so", () => agent.said().includes("did not prove, on this very connection"));
    expect(relay.count()).toBe(1);
    expect(await qd.link()).toBe("never");
  });
});

describe("another console", () => {
  it("than the one whose key an agent pinned is refused", async () => {
    const qd = await offLoopback();
    const node = await ruby();
    await node.enrol(await qd.command());
    await node.reconfigure({ consoleKey: newKeys().publicKey });
    const agent = node.run();
    await until("the agent says so", () => agent.said().includes("did not prove, on this very connection"));
    expect(await qd.link()).toBe("never");
  });

  it("than the one that gave a token does not get the token", async () => {
    const qd = await offLoopback();
    const command = (await qd.command()).map((word) => (word.startsWith("qd1.") ? `${word.slice(0, -22)}${"A".repeat(22)}` : word));
    const { code, said } = await (await ruby()).enrol(command);
    expect([code, said]).toEqual([1, expect.stringContaining("not the console that gave the token")]);
    expect(said).toContain("The token was not given to it");
  });
});

describe("behind a reverse proxy that ends TLS", () => {
  it("an agent must be told so, and then checks the proxy's certificate", async () => {
    const certificate = await pair("proxy");
    const qd = await startConsole({ PUBLIC_URL: "https://console.example" }, (origin) => origin);
    const proxy = await startRelay(qd.origin, certificate);
    ends.push(proxy.close);
    const node = await ruby();
    const command = to(await qd.command(), proxy.origin);
    // The console knows that it is behind one, because its public address is https and what reaches it is not.
    expect(command.at(-1)).toBe("--tls-proxy");
    const unaware = await node.enrol(command.slice(0, -1));
    expect([unaware.code, unaware.said]).toEqual([1, expect.stringContaining("enrol with --tls-proxy")]);
    const unknown = await node.enrol(command);
    expect([unknown.code, unknown.said]).toEqual([1, expect.stringContaining("self-signed certificate")]);
    expect(await node.enrol([...command, "--ca", certificate.certFile])).toMatchObject({ code: 0 });
    node.run();
    await isLive(qd);
  });
});
