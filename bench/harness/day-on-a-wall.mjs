// SPDX-License-Identifier: Apache-2.0
// Runs in a wall's page before its own scripts: the page's clock and its console's words are in the bench's hands.
// React's own work is not: it goes by message channels, at the speed of the machine.
let nowMs = 0;
let nextId = 1;
const timers = new Map();
const startedAtMs = Date.now();

const add =
  (isRepeated) =>
  (run, ms = 0, ...args) => {
    const id = nextId++;
    timers.set(id, { dueMs: nowMs + ms, everyMs: isRepeated ? Math.max(1, ms) : null, run: () => run(...args) });
    return id;
  };
const drop = (id) => timers.delete(id);
const { setTimeout: laterForReal } = globalThis;
Object.assign(globalThis, { setTimeout: add(false), setInterval: add(true), clearTimeout: drop, clearInterval: drop });
performance.now = () => nowMs;
Date.now = () => startedAtMs + nowMs;

/** Lets this much of the page's time pass: what is due runs in its order. */
function pass(ms) {
  const untilMs = nowMs + ms;
  for (;;) {
    let first = null;
    for (const [id, timer] of timers) if (timer.dueMs <= untilMs && (first === null || timer.dueMs < first[1].dueMs)) first = [id, timer];
    if (first === null) break;
    const [id, timer] = first;
    nowMs = Math.max(nowMs, timer.dueMs);
    if (timer.everyMs === null) timers.delete(id);
    else timer.dueMs += timer.everyMs;
    timer.run();
  }
  nowMs = untilMs;
}

/** Until its page starts, time goes on as it does: what loads it waits for it. */
let isHeld = false;
(function beat() {
  if (isHeld) return;
  pass(20);
  laterForReal(beat, 20);
})();

let snapshot = null;
let line = null;
const RealSocket = globalThis.WebSocket;
/** The console's own hello and snapshot come through; from then on the bench speaks. */
globalThis.WebSocket = class extends RealSocket {
  set onmessage(hear) {
    line = hear;
    super.onmessage = (event) => {
      if (isHeld) return;
      const frame = typeof event.data === "string" ? JSON.parse(event.data) : null;
      if (frame?.type === "snapshot") snapshot = frame;
      hear(event);
    };
  }
};

const levelAt = (step) => ["ok", "risk", "bad", "ok"][Math.floor(step / 40) % 4];
const wordAt = (step) => (levelAt(step) === "ok" ? "Nothing known is wrong" : `Trouble ${Math.floor(step / 40)}`);

/** What a day brings: verdicts that come and go, findings under new names, copying that gets on. */
function changesAt(step, entities) {
  const { cluster } = entities;
  const level = levelAt(step);
  const word = wordAt(step);
  const set = { cluster: { ...cluster, headline: { level, word, why: `Said at step ${step}.` }, sinceMs: snapshot.atMs + step * 1_000 } };
  const remove = [];
  set[`finding:bench-${step}`] = {
    kind: "finding",
    rule: "bondPorts",
    level: "risk",
    title: `Finding ${step}`,
    why: "The bench says so.",
    todo: null,
    about: ["node:ruby"],
    sinceMs: snapshot.atMs + step * 1_000,
  };
  if (step > 8) remove.push(`finding:bench-${step - 8}`);
  for (const [key, entity] of Object.entries(entities)) {
    if (entity.kind === "node")
      set[key] = { ...entity, lastWordAtMs: snapshot.atMs + step * 1_000, carries: { ...entity.carries, why: `Step ${step}.` } };
    if (entity.kind !== "mirror") continue;
    const progress = {
      kind: step % 200 < 100 ? "resync" : "verify",
      percent: step % 100,
      leftBytes: 1e9 * (100 - (step % 100)),
      totalBytes: 1e11,
      rateBytesPerSec: 1e8,
      etaSeconds: 10 * (100 - (step % 100)),
      stalled: false,
    };
    set[key] = {
      ...entity,
      pairs: entity.pairs.map((pair) => ({ ...pair, progress: step % 100 === 0 ? null : progress, towards: pair.b })),
    };
  }
  return { set, parts: {}, remove };
}

const taken = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });

/** Says patches one after the other, a second of the page's clock apart, as fast as the page takes them. */
globalThis.benchDay = async (from, to) => {
  isHeld = true;
  const [slug, entities] = Object.entries(snapshot.clusters)[0];
  for (let step = from; step < to; step += 1) {
    pass(1_000);
    const atMs = snapshot.atMs + step * 1_000;
    const frame = { type: "patch", number: snapshot.number + step, atMs, changes: { [slug]: changesAt(step, entities) } };
    line({ data: JSON.stringify(frame) });
    if (step % 4 === 0) await taken();
  }
  await taken();
  const title = (document.querySelector("h1")?.textContent ?? "").replaceAll("\u00a0", " ");
  return { title, expected: wordAt(to - 1), isOld: document.querySelector(".wall.is-old") !== null };
};
globalThis.benchIsReady = () => snapshot !== null;
