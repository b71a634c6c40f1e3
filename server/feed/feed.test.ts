// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAges } from "@/agent/protocol/console/ages";
import { FLEET_KINDS, type Scope } from "@/agent/protocol/console/feed";
import type { Entity } from "@/agent/protocol/console/view";
import { FIRST_SOURCES } from "@/agent/protocol/sources";
import { bond, device, drbd, ok, port } from "@/server/cluster/factories";
import { isKind, type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, type Peer } from "@/sim/peer";
import { openBrowser, refusedWith, stored, type TestBrowser } from "./test-browser";

let clockAheadMs: number;
let qd: TestConsole;
let ruby: Peer;
let cookie: string;
const browsers: TestBrowser[] = [];
const SAN_A: Scope = { of: "cluster", slug: "san-a" };

beforeEach(async () => {
  clockAheadMs = 0;
  qd = await testConsole({ now: () => Date.now() + clockAheadMs });
  cookie = await qd.signIn("viewer");
  ruby = await connect(await enrol("ruby"));
  seq = 0;
});
const enrol = async (node: string) => enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
const connect = (peer: EnrolledPeer, more: { isSilent?: boolean; agentVersion?: string } = {}) =>
  connectPeer({ url: agentUrl(qd.origin()), ...peer, ...more });

afterEach(async () => {
  for (const { socket } of browsers.splice(0)) socket.terminate();
  ruby.terminate();
  await qd.remove();
});

const url = () => `${qd.origin().replace("http", "ws")}/ws/console`;
const own = (more: Record<string, string> = {}) => ({ origin: qd.origin(), cookie, ...more });

async function browser(more: Record<string, string> = {}): Promise<TestBrowser> {
  const opened = await openBrowser(url(), own(more));
  browsers.push(opened);
  return opened;
}

let seq = 0;
/** A fact of ruby's, committed. */
async function bondFact(link: "up" | "down"): Promise<void> {
  seq += 1;
  const mine = seq;
  const bonding = ok({ bonds: [bond("bond0", [port("eth0"), port("eth1", { link })])], unread: [] }, Date.now());
  ruby.send({ type: "fact", journalId: "j1", seq, atMs: Date.now(), source: "bonding", readings: { bonding } });
  await ruby.waitFor("ack", (ack) => ack.seq >= mine);
}

/** Everything but ages, which travel with the pulses. */
function withoutAges(entities: Map<string, unknown> | undefined): Record<string, unknown> {
  const text = JSON.stringify(
    [...(entities ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)),
    (key, value: unknown) => (["lastWordAtMs", "takenAtMs", "okAtMs"].includes(key) ? undefined : value),
  );
  return Object.fromEntries(JSON.parse(text));
}

describe("a browser's socket is refused", () => {
  it.each<[string, number, () => Record<string, string>]>([
    ["without a cookie", 401, () => ({ origin: qd.origin() })],
    ["with a cookie that is nobody's", 401, () => own({ cookie: "qd_session=nonsense" })],
    ["from a page of another site", 403, () => own({ origin: "https://evil.example" })],
    ["from a page of the same host on another port", 403, () => own({ origin: "http://127.0.0.1:1" })],
    ["from a page without an origin", 403, () => own({ origin: "null" })],
    ["from what says no origin", 403, () => ({ cookie })],
  ])("%s", async (_, status, headers) => {
    expect(await refusedWith(url(), headers())).toBe(status);
  });

  it("once its session is over", async () => {
    expect(await refusedWith(url(), own())).toBeNull();
    clockAheadMs = 13 * 3_600_000;
    expect(await refusedWith(url(), own())).toBe(401);
  });

  it("with the cookie of somebody who signed out", async () => {
    await fetch(`${qd.origin()}/api/v1/session`, { method: "DELETE", headers: own() });
    expect(await refusedWith(url(), own())).toBe(401);
  });
});

describe("a browser's socket is closed, with the reason", () => {
  const end = async (opened: TestBrowser) => ({ reason: (await opened.waitFor("bye")).reason, code: (await opened.closed).code });

  it("when its session's time is up", async () => {
    const opened = await browser();
    await opened.show(SAN_A);
    clockAheadMs = 12 * 3_600_000;
    expect(await end(opened)).toEqual({ reason: "sessionEnded", code: 4401 });
  });

  it("when its user signs out, also before it said what it shows, and nobody else's is", async () => {
    const other = await browser({ cookie: await qd.signIn("operator") });
    await other.show(SAN_A);
    const [shown, fresh] = [await browser(), await browser()];
    await shown.show(SAN_A);
    await fetch(`${qd.origin()}/api/v1/session`, { method: "DELETE", headers: own() });
    expect(await end(shown)).toEqual({ reason: "sessionEnded", code: 4401 });
    expect(await end(fresh)).toEqual({ reason: "sessionEnded", code: 4401 });
    await bondFact("down");
    await other.waitFor("patch");
    expect(other.frames.some(({ type }) => type === "bye")).toBe(false);
  });

  it("when its user gets another role", async () => {
    const opened = await browser();
    await opened.show(SAN_A);
    const user = (await qd.running().auth.users.list()).find(({ name }) => name === "viewer");
    await qd.running().auth.users.change(user?.id ?? "", { role: "operator" });
    expect(await end(opened)).toEqual({ reason: "roleChanged", code: 4401 });
  });

  it("when the console stops, though the browser does not answer", async () => {
    const opened = await browser();
    await opened.show(SAN_A);
    const deaf = await browser();
    deaf.socket.pause();
    await qd.restart();
    expect(await end(opened)).toEqual({ reason: "consoleStops", code: 1001 });
  });
});

describe("a browser", () => {
  it("is told first who it is taken for, also after a change that no line of its was open for", async () => {
    const opened = await browser();
    expect(await opened.waitFor("hello")).toEqual({ type: "hello", user: "viewer", role: "viewer", build: "test" });
    opened.socket.terminate();
    const user = (await qd.running().auth.users.list()).find(({ name }) => name === "viewer");
    await qd.running().auth.users.change(user?.id ?? "", { role: "operator" });
    const again = await browser();
    await again.show(SAN_A);
    expect(again.frames[0]).toEqual({ type: "hello", user: "viewer", role: "operator", build: "test" });
  });

  it("gets a snapshot, then patches without a gap, that make the same view", async () => {
    const opened = await browser();
    const first = await opened.show(SAN_A);
    expect(Object.keys(first.clusters)).toEqual(["san-a"]);
    for (const link of ["up", "down", "up", "down"] as const) {
      await bondFact(link);
      const isShown = (entity: Entity | undefined) => isKind(entity, "bond") && entity.portsUp === (link === "up" ? 2 : 1);
      await until(`the port ${link}`, () => isShown(stored(opened.frames).clusters.get("san-a")?.get("bond:ruby/bond0")));
    }
    const late = await browser();
    const { number } = await late.show(SAN_A);
    await until("every patch", () => stored(opened.frames).number >= number);
    expect(opened.frames.filter(({ type }) => type === "patch").length).toBeGreaterThan(1);
    expect(withoutAges(stored(opened.frames).clusters.get("san-a"))).toEqual(withoutAges(stored(late.frames).clusters.get("san-a")));
  });

  it("gets a snapshot when it asks for one because of a gap", async () => {
    const opened = await browser();
    await opened.show(SAN_A);
    await bondFact("up");
    await opened.waitFor("patch");
    const from = opened.frames.length;
    opened.say({ type: "resync" });
    const again = await opened.waitFor("snapshot", () => true, from);
    expect(again.clusters["san-a"]?.["bond:ruby/bond0"]).toBeDefined();
    await bondFact("down");
    await opened.waitFor("patch", ({ number }) => number > again.number);
    expect(() => stored(opened.frames)).not.toThrow();
  });

  it("gets of the fleet every cluster in outline, and never more", async () => {
    await qd.ask("POST", "/api/v1/clusters", { slug: "san-b", title: "SAN B", environment: null });
    const opened = await browser();
    const first = await opened.show({ of: "fleet" });
    expect(Object.keys(first.clusters)).toEqual(["san-a", "san-b"]);
    await bondFact("up");
    await bondFact("down");
    ruby.send({
      type: "fact",
      journalId: "j1",
      seq: 3,
      atMs: Date.now(),
      source: "drbd",
      readings: { drbd: ok(drbd([device()]), Date.now()) },
    });
    await opened.waitFor("patch", ({ changes }) => changes["san-a"]?.set["mirror:store/0"] !== undefined);
    ruby.send({ type: "fact", journalId: "j1", seq: 4, atMs: Date.now(), source: "drbd", readings: { drbd: ok(drbd([]), Date.now()) } });
    await opened.waitFor("patch", ({ changes }) => changes["san-a"]?.remove.includes("mirror:store/0") === true);
    const { clusters } = stored(opened.frames);
    const kinds = opened.frames.flatMap((frame) => {
      if (frame.type === "snapshot") return Object.values(frame.clusters).flatMap((entities) => Object.values(entities));
      return frame.type === "patch" ? Object.values(frame.changes).flatMap(({ set }) => Object.values(set)) : [];
    });
    expect(kinds.filter(({ kind }) => !FLEET_KINDS.has(kind))).toEqual([]);
    expect([...(clusters.get("san-a")?.keys() ?? [])]).toContain("finding:bond-ports:ruby/bond0");
    const removed = opened.frames.flatMap((frame) =>
      frame.type === "patch" ? Object.values(frame.changes).flatMap(({ remove }) => remove) : [],
    );
    expect(removed.filter((key) => key.startsWith("drbd:"))).toEqual([]);
  });

  it("gets only what it shows now, when it goes from page to page", async () => {
    await qd.ask("POST", "/api/v1/clusters", { slug: "san-b", title: "SAN B", environment: null });
    const opened = await browser();
    await opened.show(SAN_A);
    await opened.show({ of: "cluster", slug: "san-b" });
    const from = opened.frames.length;
    await bondFact("down");
    const back = await opened.show(SAN_A);
    expect(back.clusters["san-a"]?.["bond:ruby/bond0"]).toBeDefined();
    expect(opened.frames.slice(from, opened.frames.indexOf(back)).filter(({ type }) => type === "patch")).toEqual([]);
  });

  it("gets an empty snapshot of a cluster that is not there", async () => {
    const opened = await browser();
    expect((await opened.show({ of: "cluster", slug: "nowhere" })).clusters).toEqual({});
  });

  it("hears of ages in the order of the contract", async () => {
    const opened = await browser();
    await opened.show(SAN_A);
    await bondFact("up");
    const from = opened.frames.length;
    const pulse = await opened.waitFor("pulse", () => true, from);
    const [node, ...sources] = parseAges(pulse.ages["san-a"] ?? "");
    // One node, then its sources by name: only the bonds were read since the snapshot.
    expect(node).toEqual(expect.any(Number));
    const read = [...FIRST_SOURCES].sort().map((source) => source === "bonding");
    expect(sources.map((age) => typeof age === "number")).toEqual(read);
  });

  it("is not harmed by its own nonsense, and what is too long ends it alone", async () => {
    const opened = await browser();
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      '{"type":"scope"}',
      '{"type":"scope","scope":{"of":"cluster","slug":"../x"}}',
      '{"type":"act"}',
    ]) {
      opened.socket.send(text);
    }
    opened.socket.send(Buffer.from(JSON.stringify({ type: "scope", scope: SAN_A })));
    // Nothing to send again yet: it has not said what it shows.
    opened.say({ type: "resync" });
    expect((await opened.show(SAN_A)).scope).toEqual(SAN_A);
    expect(opened.frames.filter(({ type }) => type === "snapshot")).toHaveLength(1);
    const other = await browser();
    other.socket.send("x".repeat(5_000));
    expect((await other.closed).code).toBe(1009);
    await bondFact("up");
    await opened.waitFor("patch");
  });
});
