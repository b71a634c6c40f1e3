// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, expect, it } from "vitest";
import { VerifyOverview } from "@/agent/protocol/console/verify";
import { keyOf } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import type { ConsoleFrame } from "@/agent/protocol/messages";
import type { Readings, SourceName } from "@/agent/protocol/sources";
import { type Step, StepOrder, type StepPreview } from "@/agent/protocol/steps";
import { device, drbd, peer as drbdPeer, host, ok, settings } from "@/server/cluster/factories";
import { calmPacemaker } from "@/server/cluster/pair.factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, type Peer } from "@/sim/peer";

// Two nodes whose agents are scripted: handshake, frames and answers are real, DRBD behind them is a few words.

const ADDRESS = { ruby: "10.0.0.1", crystal: "10.0.0.2" } as const;
type Name = keyof typeof ADDRESS;
const NAMES = ["ruby", "crystal"] as const;
/** The mirrors, the larger first: all on one link. */
const MIRRORS = [
  { resource: "store", minor: 0, sizeBytes: 2 ** 41 },
  { resource: "mail", minor: 1, sizeBytes: 2 ** 40 },
];
const GIVES = ["drbdVerify", "drbdVerifyStop"];
const PULSE_MS = 200;

interface ScriptedPair {
  /** Verifies that DRBD was told to begin, in their order: "store on crystal". */
  begun: readonly string[];
  /** The verify of a mirror comes to its end, and finds nothing. */
  finish(resource: string): void;
  /** Both agents link again, as after a restart of the console. */
  link(): Promise<void>;
  unlink(): Promise<void>;
}

/** ruby (Primary) and crystal with `store` and `mail`, linked to a console. */
async function scriptedPair(qd: TestConsole): Promise<ScriptedPair> {
  const begun: string[] = [];
  /** Who started the verify of a mirror; missing: none runs. */
  const starters = new Map<string, Name>();
  const enrolled = new Map<Name, EnrolledPeer>();
  for (const node of NAMES) enrolled.set(node, await enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node }));
  const linked = new Map<Name, { peer: Peer; timer: NodeJS.Timeout }>();
  const seqs = new Map<Name, number>();
  let kmsgSeq = 100;
  let nonces = 0;

  function readings(node: Name, nowMs: number): Readings {
    const other = node === "ruby" ? "crystal" : "ruby";
    const isPrimary = node === "ruby";
    const devices = MIRRORS.map(({ resource, minor, sizeBytes }) => {
      const starter = starters.get(resource);
      const replication = starter === undefined ? "Established" : starter === node ? "VerifyS" : "VerifyT";
      const line = drbdPeer({ role: isPrimary ? "Secondary" : "Primary", replication });
      const cs = starter === undefined ? "Connected" : replication;
      return device({ minor, resource, sizeBytes, cs, role: isPrimary ? "Primary" : "Secondary", peers: [line] });
    });
    const set = MIRRORS.map(({ resource, minor }) => settings(resource, minor, ADDRESS[node], ADDRESS[other], 7_788 + minor));
    return {
      host: ok(host(), nowMs),
      pacemaker: ok(calmPacemaker(), nowMs),
      drbd: ok(drbd(devices, { settings: set }), nowMs),
      kernelLog: ok({ lines: [] }, nowMs),
    };
  }

  function next(node: Name): { journalId: string; seq: number; atMs: number } {
    const seq = (seqs.get(node) ?? 0) + 1;
    seqs.set(node, seq);
    return { journalId: `journal-${node}`, seq, atMs: Date.now() };
  }
  function tell(node: Name, ...sources: SourceName[]): void {
    const all = readings(node, Date.now());
    for (const source of sources) linked.get(node)?.peer.send({ type: "fact", ...next(node), source, readings: { [source]: all[source] } });
  }
  function print(node: Name, text: string): void {
    kmsgSeq += 1;
    const line = { kmsgSeq, atMs: Date.now(), priority: 6, topic: "drbd" as const, text };
    linked.get(node)?.peer.send({ type: "line", ...next(node), line });
  }

  function take(node: Name, step: Step): void {
    if (step.kind !== "drbdVerify") return;
    begun.push(`${step.resource} on ${node}`);
    starters.set(step.resource, node);
    const minor = MIRRORS.find(({ resource }) => resource === step.resource)?.minor ?? 0;
    print(node, `block drbd${minor}: conn( Connected -> VerifyS )`);
    print(node, `block drbd${minor}: Starting Online Verify from sector 0`);
    for (const name of NAMES) tell(name, "drbd");
  }

  function answer(node: Name, peer: Peer, frame: ConsoleFrame): void {
    const previews = (steps: readonly Step[]) => steps.map(previewOf);
    if (frame.type === "preview") peer.send({ type: "previewed", id: frame.id, result: { ok: true, steps: previews(frame.steps) } });
    if (frame.type === "prepare") {
      tell(node, "drbd", "pacemaker");
      nonces += 1;
      const ready = frame.steps && { nonce: Buffer.from(`nonce ${nonces}`).toString("base64"), steps: previews(frame.steps) };
      peer.send({ type: "prepared", id: frame.id, result: { ok: true, ready } });
    }
    if (frame.type === "step") {
      const order = decodeJson(StepOrder, frame.body);
      if (order.ok) take(node, order.value.step);
      peer.send({ type: "stepDone", id: frame.id, result: { ok: true, commands: ["drbdadm verify"], output: "" } });
    }
    if (frame.type === "heads") peer.send({ type: "heads", id: frame.id, heads: [] });
  }

  async function link(): Promise<void> {
    for (const [node, proof] of enrolled) {
      const peer = await connectPeer({ url: agentUrl(qd.origin()), ...proof, steps: GIVES });
      let heard = 0;
      peer.socket.on("message", () => {
        for (const frame of peer.frames.slice(heard)) answer(node, peer, frame);
        heard = peer.frames.length;
      });
      const timer = setInterval(() => {
        const read = { takenAtMs: Date.now(), everyMs: 2_000 };
        peer.send({ type: "pulse", sentAtMs: Date.now(), read: { host: read, pacemaker: read, drbd: read, kernelLog: read } });
      }, PULSE_MS);
      linked.set(node, { peer, timer });
      tell(node, "host", "kernelLog", "pacemaker", "drbd");
    }
  }

  await link();
  return {
    begun,
    finish(resource) {
      const starter = starters.get(resource);
      starters.delete(resource);
      const { minor = 0, sizeBytes = 0 } = MIRRORS.find((one) => one.resource === resource) ?? {};
      // By time and rate the kernel compared all of it: only then it is clean.
      const rate = Math.ceil(sizeBytes / 1_024 / 60);
      for (const node of NAMES) {
        print(node, `block drbd${minor}: Online verify  done (total 60 sec; paused 0 sec; ${rate} K/sec)`);
        print(node, `block drbd${minor}: conn( ${starter === node ? "VerifyS" : "VerifyT"} -> Connected )`);
        tell(node, "drbd");
      }
    },
    link,
    async unlink() {
      for (const { peer, timer } of linked.values()) {
        clearInterval(timer);
        await peer.close();
      }
      linked.clear();
    },
  };
}

function previewOf({ kind }: Step): StepPreview {
  return { commands: [`drbdadm ${kind}`], change: null, isSame: false, actions: [], operations: [], placements: [], fenceDevices: null };
}

// The whole console with its own database and sockets, and two scripted agents: commands go their whole way.

let qd: TestConsole;
let pair: ScriptedPair;
beforeEach(async () => {
  qd = await testConsole({ timingFactor: 0.5 });
  pair = await scriptedPair(qd);
  await until("both mirrors", async () => (await stateOf("store")) && (await stateOf("mail")));
});
afterEach(async () => {
  await pair.unlink();
  await qd.remove();
});

const stateOf = (resource: string) => qd.entity("verify", keyOf.verify(resource, 0));
const queueUp = async (resource: string) => {
  const response = await qd.ask("POST", "/api/v1/verify/queue", { cluster: "san-a", resource, volume: 0, accept: [] });
  expect([response.status, await response.clone().text()]).toEqual([201, expect.any(String)]);
};
const overview = async () => VerifyOverview.parse(await (await qd.ask("GET", "/api/v1/verify")).json());
const isRunning = async (resource: string) => (await stateOf(resource))?.running ?? null;
const isOver = async (resource: string) => {
  const state = await stateOf(resource);
  return state && state.running === null && state.last;
};

it("two mirrors on one link run one after the other, and a console that is restarted in between loses none and doubles none", async () => {
  await queueUp("store");
  await until("store to run", () => isRunning("store"));
  await queueUp("mail");
  await until("mail to wait in words", async () =>
    (await stateOf("mail"))?.queued?.says.startsWith("Waits: store is being verified on the same link"),
  );
  expect((await overview()).queue).toMatchObject([{ resource: "mail", by: "tester", schedule: null }]);

  await pair.unlink();
  await qd.restart();
  await pair.link();
  await until("store to be found again", () => isRunning("store"));
  expect((await overview()).queue).toMatchObject([{ resource: "mail" }]);
  expect(pair.begun).toEqual(["store on crystal"]);

  pair.finish("store");
  expect(await until("store's record", () => isOver("store"))).toMatchObject({ result: "clean", by: "tester" });
  await until("mail to run", () => isRunning("mail"));
  expect((await overview()).queue).toEqual([]);
  pair.finish("mail");
  expect(await until("mail's record", () => isOver("mail"))).toMatchObject({ result: "clean", by: "tester", cause: "person" });
  expect(pair.begun).toEqual(["store on crystal", "mail on crystal"]);
});
