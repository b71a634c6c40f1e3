// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { connect as connectPlain } from "node:net";
import os from "node:os";
import path from "node:path";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { EnrollProof } from "@/agent/protocol/messages";
import { enrollProofBytes, handshakeBytes } from "@/agent/protocol/signing";
import { MIGRATIONS } from "@/server/db/temporary-database";
import type { Env } from "@/server/env";
import { createLog } from "@/server/log";
import { type Running, startConsole } from "@/server/start";
import { until } from "@/server/test-console";
import { agentUrl, connectPeer, isSignedBy, newKeys, newNonce, openPeer, signBytes } from "@/sim/peer";
import type { CertificateFiles } from "./certificate";
import { channelOf } from "./channel";
import { selfMadeCertificate } from "./self-made";
import { startRelay } from "./test-relay";

// A whole console under TLS, without pages; its peers are scripted.

let folder: string;
let own: CertificateFiles;
const logged: string[] = [];
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-tls-"));
  own = await pair("own");
  logged.length = 0;
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

const pair = (name: string) => selfMadeCertificate(path.join(folder, name), Date.now(), () => undefined);

async function start(change: Partial<Env> = {}): Promise<Running> {
  const log = createLog(
    () => new Date(),
    (line) => logged.push(line),
  );
  const tls = { from: "files" as const, ...own, hstsDays: 30 };
  const env = {
    host: "127.0.0.1",
    port: 0,
    dataDir: path.join(folder, "data"),
    isDevelopment: false,
    timingFactor: 1,
    tls,
    publicUrl: null,
  };
  const running = await startConsole({
    env: { ...env, ...change },
    log,
    migrationsDir: MIGRATIONS,
    now: Date.now,
    pages: null,
    build: "test",
  });
  ends.push(running.stop);
  return running;
}

interface Asked {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}
function ask(
  url: string,
  { body, headers = {}, max }: { body?: unknown; headers?: Record<string, string>; max?: SecureVersion } = {},
): Promise<Asked> {
  const text = body === undefined ? "" : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = {
      method: text ? "POST" : "GET",
      headers,
      rejectUnauthorized: false,
      agent: false as const,
      ...(max ? { maxVersion: max } : {}),
    };
    const asked = request(url, options, (answer) => {
      let said = "";
      answer.on("data", (part) => {
        said += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: said }));
    });
    asked.on("error", reject);
    asked.end(text);
  });
}

interface Versions {
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  ciphers?: string;
}
const TOO_OLD: Versions = { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" };

/** A TLS connection to the console. */
async function line(origin: string, options: Versions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options });
  ends.push(() => socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}
const certificateAt = async (origin: string) => (await line(origin)).getPeerCertificate().fingerprint256;

async function enrolledPeer({ auth }: Running) {
  const keys = newKeys();
  const made = await auth.agents.newEnrollment({ cluster: "san-a", node: "ruby", role: "member" }, "anna");
  if (!made.ok) throw new Error(made.message);
  const { token } = made;
  const result = await auth.agents.enroll({ token, node: "ruby", publicKey: keys.publicKey, agentVersion: "peer" }, "127.0.0.1");
  if (!result.ok) throw new Error(result.message);
  return { ...result.answer, node: "ruby", keys };
}
async function addCluster(origin: string, { auth }: Running): Promise<void> {
  const password = "correct horse battery";
  await auth.users.add({ user: "anna", password, role: "admin" });
  const anna = await auth.signIn({ user: "anna", password }, { address: "127.0.0.1", userAgent: null });
  if (!anna.ok) throw new Error(anna.message);
  const body = { slug: "san-a", title: "SAN A", environment: null };
  const made = await ask(`${origin}/api/v1/clusters`, { body, headers: { origin, cookie: `qd_session=${anna.token}` } });
  if (made.status !== 201) throw new Error(made.text);
}
async function withRuby(change: Partial<Env> = {}) {
  const running = await start(change);
  await addCluster(running.origin, running);
  return { running, ruby: await enrolledPeer(running) };
}

describe("renewed certificate files", () => {
  it("are given to new connections, and a socket that stands lives on", async () => {
    const { running, ruby } = await withRuby();
    const before = await certificateAt(running.origin);
    const peer = await connectPeer({ url: agentUrl(running.origin), ...ruby });
    const fresh = await pair("fresh");
    await copyFile(fresh.certFile, own.certFile);
    await copyFile(fresh.keyFile, own.keyFile);
    await until("the new certificate", async () => (await certificateAt(running.origin)) !== before);
    // The context is new as a whole: it allows no more than the one before.
    await expect(line(running.origin, TOO_OLD)).rejects.toThrow("protocol version");
    const pings = peer.pings();
    await until("two more pings on the old socket", () => peer.pings() >= pings + 2);
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
    // An agent that comes back does not notice: it trusts the key, not the certificate.
    const again = await connectPeer({ url: agentUrl(running.origin), ...ruby });
    expect(again.welcome.type).toBe("welcome");
    again.terminate();
    peer.terminate();
  });

  it("that are no good are refused in the log, and the certificate of before stays", async () => {
    const { origin } = await start();
    const before = await certificateAt(origin);
    await writeFile(own.certFile, "nonsense");
    const said = await until("the refusal", () => logged.find((one) => one.includes("stays in use")));
    expect(said).toMatch(/warn .*cert\.pem does not begin with a certificate/);
    expect(await certificateAt(origin)).toBe(before);
  });

  it("that TLS cannot use at the start end it with a sentence", async () => {
    await writeFile(own.keyFile, "nonsense");
    await expect(start()).rejects.toThrow(/key\.pem is not a private key/);
  });
});

it("stops though a TLS handshake hangs, and a socket that stands says nothing more", async () => {
  const { origin, stop } = await start();
  ends.pop();
  const { hostname, port } = new URL(origin);
  const silent = connectPlain(Number(port), hostname);
  await once(silent, "connect");
  const half = await line(origin);
  half.write("GET /healthz HTTP/1.1\r\n");
  const peer = await openPeer({ url: agentUrl(origin), isSilent: true });
  peer.socket.pause();
  await stop();
  for (const socket of [silent, half]) socket.destroy();
  peer.terminate();
});

describe("a browser under TLS", () => {
  it.each([
    [30, "max-age=2592000"],
    [0, "max-age=0"],
  ])("hears for %i days to come back by https only, under the operator's own certificate", async (hstsDays, header) => {
    const { origin } = await start({ tls: { from: "files", ...own, hstsDays } });
    for (const page of ["/healthz", "/c/san-a"]) expect((await ask(`${origin}${page}`)).headers["strict-transport-security"]).toBe(header);
  });

  it("does not hear it under a self-made one", async () => {
    const { origin, tls } = await start({ tls: { from: "selfMade" } });
    expect(tls).toMatchObject({ isSelfMade: true, certFile: path.join(folder, "data/tls/cert.pem") });
    expect((await ask(`${origin}/healthz`)).headers["strict-transport-security"]).toBeUndefined();
  });

  it("gets a cookie that only https carries, and opens its socket from our page alone", async () => {
    const { origin, setupCode } = await start();
    const body = { code: setupCode, user: "anna", password: "correct horse battery" };
    const plain = origin.replace("https:", "http:");
    // A page of the same name that came without TLS may be anybody's on the way.
    expect((await ask(`${origin}/api/v1/setup`, { body, headers: { origin: plain } })).status).toBe(403);
    const made = await ask(`${origin}/api/v1/setup`, { body, headers: { origin } });
    const cookie = String(made.headers["set-cookie"]);
    expect(cookie).toMatch(/^qd_session=.*; HttpOnly; SameSite=Lax; .*; Secure$/);

    const open = (from: string) =>
      new Promise<number>((resolve) => {
        const headers = { origin: from, cookie: cookie.split(";")[0] };
        const socket = new WebSocket(`${origin.replace("https", "wss")}/ws/console`, { rejectUnauthorized: false, headers });
        socket.on("unexpected-response", (_, answer) => resolve(answer.statusCode ?? 0));
        socket.on("error", () => undefined); // only after the answer that counts
        socket.on("open", () => {
          socket.terminate();
          resolve(101);
        });
      });
    expect(await open(plain)).toBe(403);
    expect(await open(origin)).toBe(101);
  });

  it("may speak TLS 1.2, and nothing older or weaker", async () => {
    const { origin } = await start();
    expect((await ask(`${origin}/healthz`, { max: "TLSv1.2" })).status).toBe(200);
    await expect(line(origin, TOO_OLD)).rejects.toThrow("protocol version");
    await expect(line(origin, { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" })).rejects.toThrow("handshake failure");
  });
});

describe("an agent's handshake", () => {
  it("is bound to the connection: with it linked, over one that is relayed refused on both sides", async () => {
    const { running, ruby } = await withRuby();
    const direct = await connectPeer({ url: agentUrl(running.origin), ...ruby });
    direct.terminate();
    const relay = await startRelay(running.origin, await pair("relay"));
    ends.push(relay.close);
    // The agent's side: what the console signed is another connection.
    await expect(connectPeer({ url: agentUrl(relay.origin), ...ruby })).rejects.toMatchObject({ code: "PEER_BAD_CONSOLE" });
    // The console's side, should an agent not look: what the agent signed is another connection.
    const careless = await openPeer({ url: agentUrl(relay.origin) });
    const nonce = newNonce();
    const { agentId, node, keys, consoleKey } = ruby;
    careless.send({ type: "hello", protocol: 1, agentId, node, agentVersion: "1", bootId: null, nonce, channel: "tls" });
    const challenge = await careless.waitFor("challenge");
    const facts = { agentId, node, agentNonce: nonce, consoleNonce: challenge.nonce, agentKey: keys.publicKey, consoleKey };
    const proof = signBytes(keys, handshakeBytes({ ...facts, signer: "agent", channel: careless.channel }));
    careless.send({ type: "proof", signature: proof });
    expect((await careless.waitFor("refused")).code).toBe("LINK_BAD_SIGNATURE");
  });

  it.each([
    ["that names no channel", undefined, "LINK_PROTOCOL"],
    ["that expects a proxy", "proxy" as const, "LINK_CHANNEL"],
  ])("%s is refused where TLS ends here", async (_, channel, code) => {
    const { running, ruby } = await withRuby();
    const peer = await openPeer({ url: agentUrl(running.origin) });
    const { agentId, node } = ruby;
    const hello = { type: "hello" as const, protocol: 1, agentId, node, agentVersion: "1", bootId: null, nonce: newNonce() };
    peer.send({ ...hello, ...(channel === undefined ? {} : { channel }) });
    expect((await peer.waitFor("refused")).code).toBe(code);
  });

  it("over TLS 1.2, whose exporter may name two connections, does not begin", async () => {
    const { origin } = await start();
    const socket = new WebSocket(agentUrl(origin), { rejectUnauthorized: false, maxVersion: "TLSv1.2" });
    const [error] = await once(socket, "error");
    expect(String(error)).toContain("426");
  });

  it("that speaks TLS with a console that does not is refused", async () => {
    const running = await start({ tls: null });
    const relay = await startRelay(running.origin, await pair("relay"));
    ends.push(relay.close);
    const peer = await openPeer({ url: agentUrl(relay.origin) });
    const hello = { type: "hello" as const, protocol: 1, agentId: "a", node: "ruby", agentVersion: "1", bootId: null, nonce: newNonce() };
    peer.send({ ...hello, channel: "tls" });
    expect(await peer.waitFor("refused")).toMatchObject({ code: "LINK_CHANNEL", message: expect.stringContaining("--tls-proxy") });
  });
});

describe("the proof before an enrolment", () => {
  /** Asks for it on a connection of its own, and gives that connection's name beside. */
  async function proofAt(origin: string, options: { maxVersion?: SecureVersion } = {}) {
    const socket = await line(origin, options);
    const nonce = newNonce();
    const body = JSON.stringify({ nonce });
    socket.write(
      `POST /api/v1/enroll/proof HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    const channel = channelOf(socket);
    let text = "";
    for await (const part of socket) text += String(part);
    return { nonce, channel: channel.is === "bound" ? channel.id : "", status: Number(text.split(" ")[1]), text };
  }
  const proofIn = (text: string) => EnrollProof.parse(JSON.parse(/\{.*\}/.exec(text)?.[0] ?? ""));

  it("is the console's signature of the very connection and the node's own nonce", async () => {
    const { origin, auth } = await start();
    const { nonce, channel, text } = await proofAt(origin);
    const { consoleKey, signature } = proofIn(text);
    expect(consoleKey).toBe(auth.consoleKey.publicKey);
    const facts = { agentNonce: nonce, consoleKey, channel };
    expect(isSignedBy(consoleKey, enrollProofBytes(facts), signature)).toBe(true);
    expect(isSignedBy(consoleKey, enrollProofBytes({ ...facts, agentNonce: newNonce() }), signature)).toBe(false);
  });

  it("does not hold for the connection of one in between", async () => {
    const { origin } = await start();
    const relay = await startRelay(origin, await pair("relay"));
    ends.push(relay.close);
    const { nonce, channel, text } = await proofAt(relay.origin);
    const { consoleKey, signature } = proofIn(text);
    expect(isSignedBy(consoleKey, enrollProofBytes({ agentNonce: nonce, consoleKey, channel }), signature)).toBe(false);
  });

  it("is not given over TLS 1.2, nor where no TLS ends here", async () => {
    expect(await proofAt((await start()).origin, { maxVersion: "TLSv1.2" })).toMatchObject({ status: 409 });
    for (const end of ends.splice(0).reverse()) await end();
    const relay = await startRelay((await start({ tls: null })).origin, await pair("relay"));
    ends.push(relay.close);
    const { status, text } = await proofAt(relay.origin);
    expect([status, text]).toEqual([409, expect.stringContaining("ENROLL_CHANNEL")]);
  });
});
