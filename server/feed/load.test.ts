// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Scope } from "@/agent/protocol/console/feed";
import type { Entity } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import { timing } from "@/agent/protocol/timing";
import { bond, cluster, drbd, fact, host, nodeFacts, ok, port, T0 } from "@/server/cluster/factories";
import { crystalSettings, crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { createFleet, type Fleet } from "@/server/fleet/fleet";
import { createFeed, type Feed } from "./feed";
import { agesHeard, openBrowser, stored, type TestBrowser } from "./test-browser";

// The feed over real sockets, with its clock and its beat in the test's hand.

const SAN_A: Scope = { of: "cluster", slug: "san-a" };
/** A WebSocket header of the server's, for frames below 64 KiB. Source: RFC 6455, section 5.2 */
const HEADER_BYTES = 4;

/** Paces of a node's sources, as their collectors have them. */
const PACES_MS = [2_000, 2_000, 2_000, 30_000, 5_000, 2_000, 3_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 60_000];

let nowMs: number;
let fleet: Fleet;
let feed: Feed;
let server: WebSocketServer;
let served: WebSocket[];
let browsers: TestBrowser[];

beforeEach(async () => {
  nowMs = T0;
  served = [];
  browsers = [];
  fleet = createFleet({
    timing: timing(),
    now: () => nowMs,
    onFindings: () => undefined,
    onFault: (_, cause) => {
      throw cause;
    },
  });
  feed = createFeed(
    fleet,
    () => nowMs,
    "test",
    () => nowMs,
  );
  server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    served.push(socket);
    feed.add(socket, { id: "session", user: "viewer", role: "viewer" });
  });
  await once(server, "listening");
});
afterEach(async () => {
  for (const { socket } of browsers) socket.terminate();
  for (const socket of served) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

function addressOf(listening: WebSocketServer): AddressInfo {
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address;
}

async function browser(): Promise<TestBrowser> {
  const opened = await openBrowser(`ws://127.0.0.1:${addressOf(server).port}`);
  browsers.push(opened);
  return opened;
}

function bondFact(node: string, link: string, ports = 1, named = "eth"): void {
  const all = Array.from({ length: ports }, (_, index) => port(`${named}${index}`, { link }));
  const frame = fact("bonding", { bonding: ok({ bonds: [bond("bond0", all)], unread: [] }, nowMs) }, nowMs);
  fleet.happen("san-a", { type: "frame", node, frame });
  fleet.settle();
}

/** One beat of the feed, heard and answered by this browser. */
async function beatOnce(by: TestBrowser, index = 0): Promise<void> {
  const from = by.frames.length;
  const answered = once(served[index] ?? server, "pong");
  feed.pulse();
  await Promise.all([by.waitFor("pulse", () => true, from), answered]);
}

/** The same reading once more: only its age moves. */
function readAgain(node: string, source: "bonding" | "host"): void {
  const telemetry = source === "bonding" ? { bonding: ok({ bonds: [], unread: [] }, nowMs) } : { host: ok(host(), nowMs) };
  fleet.happen("san-a", { type: "frame", node, frame: { type: "telemetry", source, readings: telemetry } });
  fleet.settle();
}

/** What a browser counts from the frames it got is what the view says, to a tenth of a second. */
function expectAges(opened: TestBrowser, view: ReadonlyMap<string, Entity>): void {
  const heard = agesHeard(opened.frames).get("san-a");
  for (const [key, entity] of view) {
    if (entity.kind !== "node" && entity.kind !== "source") continue;
    const atMs = entity.kind === "node" ? entity.lastWordAtMs : entity.takenAtMs;
    const counted = heard?.get(key) ?? null;
    if (atMs === null || counted === null) expect(counted, key).toBe(atMs);
    else expect(Math.abs(counted - atMs), key).toBeLessThanOrEqual(100);
  }
}

/** One turn of the event loop, in which sockets are written and read. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a browser that does not read", () => {
  /** What the console keeps for a browser at the most: what is too much, one frame beyond it, and a snapshot. */
  const BOUND_BYTES = 3 * 1024 * 1024;
  const PORTS = 1_500;

  it("costs a bounded amount of memory, holds up nobody, and gets a snapshot when it reads again", async () => {
    fleet.hold(cluster(nodeFacts("ruby")), [], new Map());
    const [slow, quick, slowToo] = [await browser(), await browser(), await browser()];
    for (const one of [slow, quick, slowToo]) await one.show(SAN_A);
    for (const one of [slow, slowToo]) one.socket.pause();
    let most = 0;
    let written = 0;
    for (let round = 0; written < 48 * 1024 * 1024; round += 1) {
      const from = quick.frames.length;
      // Other ports every time: of the same ones only what changed would be written.
      bondFact("ruby", round % 2 === 0 ? "down" : "up", PORTS, `eth${round}x`);
      await quick.waitFor("patch", () => true, from);
      written += quick.sizes.at(-1) ?? 0;
      most = Math.max(most, served[0]?.bufferedAmount ?? 0);
      feed.pulse();
    }
    // However often it asks meanwhile.
    for (let index = 0; index < 50; index += 1) slow.say({ type: "resync" });
    for (let index = 0; index < 50; index += 1) await turn();
    most = Math.max(most, served[0]?.bufferedAmount ?? 0);
    expect(most).toBeGreaterThan(1024 * 1024);
    expect(most).toBeLessThan(BOUND_BYTES);

    bondFact("ruby", "testing", PORTS);
    const from = [slow, slowToo].map(({ frames }) => frames.length);
    for (const one of [slow, slowToo]) one.socket.resume();
    const beat = setInterval(feed.pulse, 20);
    try {
      for (const [index, one] of [slow, slowToo].entries())
        await one.waitFor("snapshot", ({ number }) => number >= stored(quick.frames).number, from[index]);
    } finally {
      clearInterval(beat);
    }
    expect(slow.sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(written);
    expect(stored(slow.frames).clusters.get("san-a")?.get("bond:ruby/bond0")).toMatchObject({
      said: { level: expect.not.stringMatching("^ok$") },
    });
    for (const one of [slow, slowToo]) expect(stored(one.frames).clusters).toEqual(stored(quick.frames).clusters);
    // And from there on it is like any other.
    bondFact("ruby", "up", 2);
    await slow.waitFor("patch", ({ number }) => number === stored(quick.frames).number || number > 0, slow.frames.length);
    expect(() => stored(slow.frames)).not.toThrow();
  });

  it("is cut off when it has not even answered a ping for a minute, and one that does is not", async () => {
    fleet.hold(cluster(nodeFacts("ruby")), [], new Map());
    const [gone, quiet] = [await browser(), await browser()];
    await gone.show(SAN_A);
    await quiet.show(SAN_A);
    gone.socket.pause();
    for (let second = 0; second < 62; second += 2) {
      nowMs += 2_000;
      await beatOnce(quiet, 1);
    }
    gone.socket.resume();
    expect((await gone.closed).code).toBe(1006);
    expect(feed.count()).toBe(1);
  });
});

describe("what a browser is sent", () => {
  it("is at most 100 bytes a second of an idle cluster of three nodes with fourteen sources each", async () => {
    // As many sources as such a cluster has, on as many nodes as that takes.
    const nodes = Array.from({ length: Math.ceil((3 * 14) / SourceName.options.length) }, (_, index) => `ruby${index}`);
    fleet.hold(cluster(...nodes.map((node) => nodeFacts(node))), [], new Map());
    const opened = await browser();
    await opened.show(SAN_A);
    const from = opened.frames.length;
    const seconds = 120;
    for (let half = 1; half <= 2 * seconds; half += 1) {
      nowMs += 500;
      const read = Object.fromEntries(
        SourceName.options.map((source, index) => {
          const everyMs = PACES_MS[index % PACES_MS.length] ?? 2_000;
          return [source, { takenAtMs: nowMs - ((nowMs + index * 700) % everyMs), everyMs }];
        }),
      );
      if (half % 2 === 0)
        for (const node of nodes) fleet.happen("san-a", { type: "frame", node, frame: { type: "pulse", sentAtMs: nowMs, read } });
      fleet.settle();
      if (half % 3 === 0) await beatOnce(opened);
    }
    const idle = opened.frames.slice(from);
    // The first pulses bring the sources' real pace; then there is nothing but the beat.
    expect(idle.filter(({ type }) => type === "patch").length).toBeLessThanOrEqual(1);
    const beats = opened.sizes.slice(from).filter((_, index) => idle[index]?.type === "pulse");
    expect(beats).toHaveLength(seconds / 1.5);
    const PING_BYTES = 2;
    const bytes = beats.reduce((sum, size) => sum + size + HEADER_BYTES + PING_BYTES, 0);
    expect(bytes / seconds).toBeLessThanOrEqual(100);
  });

  it("is the right age of everything, to one who came late, one who skipped beats and one who heard them all", async () => {
    const nodes = ["ruby", "crystal"];
    fleet.hold(cluster(...nodes.map((node) => nodeFacts(node))), [], new Map());
    for (const node of nodes) for (const name of ["bonding", "host"] as const) readAgain(node, name);
    const all = await browser();
    await all.show(SAN_A);
    const late: TestBrowser[] = [];
    for (let beat = 1; beat <= 12; beat += 1) {
      nowMs += 1_500;
      if (beat % 2 === 0) readAgain("ruby", "bonding");
      if (beat % 5 === 0) readAgain("crystal", "host");
      if (beat % 4 === 0) {
        const opened = await browser();
        await opened.show(SAN_A);
        late.push(opened);
      }
      nowMs += 70;
      if (beat % 3 === 0) readAgain("crystal", "bonding");
      // One that goes elsewhere and comes back skips beats.
      const skips = late[0];
      if (skips && beat === 6) await skips.show({ of: "fleet" });
      if (skips && beat === 9) await skips.show(SAN_A);
      await beatOnce(all);
      const view = fleet.viewOf("san-a") ?? new Map<string, Entity>();
      for (const opened of [all, ...late]) {
        await opened.waitFor("pulse", ({ atMs }) => atMs === nowMs);
        if (beat < 6 || beat >= 9 || opened !== skips) expectAges(opened, view);
      }
    }
  });

  it("is one patch, on the fleet's page, of what moved in many clusters at once", async () => {
    const slugs = Array.from({ length: 20 }, (_, index) => `san-${index}`);
    for (const slug of slugs) fleet.hold({ ...cluster(nodeFacts("ruby")), slug }, [], new Map());
    const opened = await browser();
    await opened.show({ of: "fleet" });
    const from = opened.frames.length;
    for (const slug of slugs) {
      const frame = fact("host", { host: ok(host({ kernel: "6.1.0-9" }), nowMs) }, nowMs);
      fleet.happen(slug, { type: "frame", node: "ruby", frame });
    }
    fleet.settle();
    feed.pulse();
    await opened.waitFor("pulse", () => true, from);
    expect(opened.frames.slice(from).filter(({ type }) => type === "patch")).toHaveLength(1);
    // A snapshot asked for in between has them already, and what follows fits it.
    for (const slug of slugs) fleet.happen(slug, { type: "frame", node: "ruby", frame: fact("host", { host: ok(host(), nowMs) }, nowMs) });
    const late = await browser();
    await late.show({ of: "fleet" });
    nowMs += 1;
    feed.pulse();
    await opened.waitFor("pulse", ({ atMs }) => atMs === nowMs);
    expect(stored(opened.frames)).toEqual(stored(late.frames));
  });

  it("is at most 2 KiB for a change of one DRBD device", async () => {
    fleet.hold(pair({ host: host() }, { host: host() }), [], new Map());
    const opened = await browser();
    await opened.show(SAN_A);
    const said = [
      ["ruby", drbd([rubySide({}, { replication: "VerifyS" })], { settings: [rubySettings] })],
      ["ruby", drbd([rubySide({}, { replication: "Established" })], { settings: [rubySettings] })],
      ["crystal", drbd([crystalSide({ role: "Secondary", disk: "Inconsistent" })], { settings: [crystalSettings] })],
      ["crystal", drbd([crystalSide()], { settings: [crystalSettings] })],
      [
        "ruby",
        drbd([rubySide({ cs: "WFConnection" }, { connection: "WFConnection", replication: "Off", disk: "DUnknown" })], {
          settings: [rubySettings],
        }),
      ],
    ] as const;
    const sizes: number[] = [];
    for (const [node, value] of said) {
      nowMs += 1_000;
      const from = opened.frames.length;
      const frame = fact("drbd", { drbd: ok(value, nowMs) }, nowMs);
      const events = fleet.happen("san-a", { type: "frame", node, frame });
      fleet.settle();
      fleet.remember(
        "san-a",
        events.map((event, index) => ({ ...event, id: nowMs + index })),
      );
      fleet.settle();
      feed.pulse();
      await opened.waitFor("pulse", () => true, from);
      const patches = opened.frames.map((each, index) => ({ each, size: opened.sizes[index] ?? 0 })).slice(from);
      sizes.push(...patches.flatMap(({ each, size }) => (each.type === "patch" ? [size] : [])));
    }
    expect(sizes.length).toBeGreaterThanOrEqual(said.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 1024);
    // The parts make the same entities as a snapshot holds, but for the ages, which a pulse brings.
    const late = await browser();
    await late.show(SAN_A);
    const ageless = (frames: typeof opened.frames) =>
      [...(stored(frames).clusters.get("san-a") ?? [])].map(([key, entity]) =>
        entity.kind === "node"
          ? [key, { ...entity, lastWordAtMs: 0, host: null }]
          : entity.kind === "source"
            ? [key, { ...entity, takenAtMs: 0, okAtMs: 0 }]
            : [key, entity],
      );
    expect(new Map(ageless(opened.frames).map(([key, entity]) => [key, entity]))).toEqual(
      new Map(ageless(late.frames).map(([key, entity]) => [key, entity])),
    );
    expect(opened.frames.some((frame) => frame.type === "patch" && Object.keys(frame.changes["san-a"]?.parts ?? {}).length > 0)).toBe(true);
  });
});
