// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entity, type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { run, source, T0 } from "@/server/commands/guards/test-view";
import { admit, type InQueue } from "./admit";
import { linked, moving, verified } from "./test-mirrors";

const GIB = 2 ** 30;
const RUBY = ["ruby", "10.0.0.1"] as const;
const CRYSTAL = ["crystal", "10.0.0.2"] as const;
const JADE = ["jade", "10.0.1.3"] as const;
const RUBY_2 = ["ruby", "10.0.1.1"] as const;
const OPAL = ["opal", "10.0.9.4"] as const;
const AGATE = ["agate", "10.0.9.5"] as const;

const ask = (resource: string, more: Partial<InQueue> = {}): InQueue => ({
  id: resource,
  resource,
  volume: 0,
  askedAtMs: T0 - 1_000,
  hasBegun: false,
  ...more,
});
const viewOf = (...entities: readonly (readonly [string, Entity][])[]) => new Map(entities.flat());
const sized = (sizeBytes: number) => ({ sizeBytes });
const turns = (items: readonly InQueue[], view: ReadonlyMap<string, Entity>) =>
  Object.fromEntries(admit(items, view, T0).map(({ id, ...turn }) => [id, turn]));
const held = (node: string | null, declared: EntityOf<"maintenance">["declared"]): [string, Entity][] => [
  [keyOf.maintenance(node), { kind: "maintenance", node, declared, said: { level: "held", word: "maintenance", why: null } }],
];

describe("the queue of a cluster", () => {
  const store = linked("store", RUBY, CRYSTAL, sized(2_000 * GIB));
  const mail = linked("mail", RUBY, CRYSTAL, sized(100 * GIB));
  const home = linked("home", RUBY_2, JADE, sized(500 * GIB));
  const far = linked("far", OPAL, AGATE, sized(10 * GIB));

  it("lets one start whose nodes and link are free", () => {
    expect(turns([ask("store")], viewOf(store))).toEqual({
      store: { mayStart: true, place: 1, says: "It starts now.", startsAtMs: T0 },
    });
  });

  it("has the larger of two on one link go first, and the other wait for it", () => {
    const { store: first, mail: second } = turns([ask("mail", { askedAtMs: T0 - 9_000 }), ask("store")], viewOf(store, mail));
    expect(first).toMatchObject({ mayStart: true, place: 1 });
    expect(second).toMatchObject({ mayStart: false, place: 2, says: "Waits: store, the larger one, goes first on the same link." });
  });

  it("has two on different links of one node wait for each other as well", () => {
    const { store: first, home: second } = turns([ask("home"), ask("store")], viewOf(store, home));
    expect(first?.mayStart).toBe(true);
    expect(second).toMatchObject({ mayStart: false, says: "Waits: store, the larger one, goes first on ruby." });
  });

  it("lets two start that share neither node nor link", () => {
    const both = turns([ask("far"), ask("store")], viewOf(store, far));
    expect([both.store?.mayStart, both.far?.mayStart]).toEqual([true, true]);
  });

  it("of two that are as large lets the one start that was asked for first", () => {
    const same = linked("same", RUBY, CRYSTAL, sized(100 * GIB));
    expect(turns([ask("mail"), ask("same", { askedAtMs: T0 - 2_000 })], viewOf(mail, same)).same?.mayStart).toBe(true);
  });

  it("waits for a verify that somebody began, and says how long it has to go", () => {
    const running = linked("store", RUBY, CRYSTAL, { ...sized(2_000 * GIB), ...moving("ruby", "crystal", "verify", 840) });
    const { mail: turn } = turns([ask("mail")], viewOf(running, mail));
    expect(turn).toEqual({
      mayStart: false,
      place: 1,
      says: "Waits: store is being verified on the same link, 14 min left.",
      startsAtMs: T0 + 840_000,
    });
  });

  it("waits for a resync on the same link, and on the same node", () => {
    const syncing = linked("store", RUBY, CRYSTAL, moving("ruby", "crystal", "resync", 840));
    const both = turns([ask("mail"), ask("home")], viewOf(syncing, mail, home));
    expect(both.mail?.says).toContain("Waits: store is resyncing on the same link, 14 min left.");
    expect(both.home?.says).toContain("Waits: store is resyncing on ruby, 14 min left.");
  });

  it("waits for the resync of the mirror itself, and for how long is not known where the kernel does not say", () => {
    const syncing = linked("store", RUBY, CRYSTAL, moving("ruby", "crystal", "resync", null));
    expect(turns([ask("store")], viewOf(syncing)).store).toEqual({
      mayStart: false,
      place: 1,
      says: "Waits: it is resyncing.",
      startsAtMs: null,
    });
  });

  it("takes one whose command was given for running before anybody shows it", () => {
    const { mail: turn } = turns([ask("mail"), ask("store", { hasBegun: true })], viewOf(store, mail));
    expect(turn).toMatchObject({ mayStart: false, place: 1, says: "Waits: the verify of store begins on the same link." });
  });

  it("tells when each would start, from the rate of the last verify of each", () => {
    const running = linked("far", RUBY, CRYSTAL, { ...sized(GIB), ...moving("ruby", "crystal", "verify", 600) });
    const view = viewOf(running, store, mail, [verified("store", (2_000 * GIB) / 7_200), verified("mail", GIB)]);
    const both = turns([ask("store"), ask("mail")], view);
    expect(both.store).toMatchObject({ startsAtMs: T0 + 600_000, place: 1 });
    expect(both.store?.says).toBe("Waits: far is being verified on the same link, 10 min left.");
    expect(both.mail).toMatchObject({ startsAtMs: T0 + 7_800_000, place: 2 });
    expect(both.mail?.says).toBe("Waits: far is being verified on the same link, 10 min left. Starts in about 2 h 10 min.");
  });

  it("waits while the cluster or one of its nodes is in maintenance, and says whose and until when", () => {
    const declared = { owner: "anna", note: "new disk", startedAtMs: T0 - 60_000, endsAtMs: T0 + 3_600_000 };
    expect(turns([ask("store")], viewOf(store, held("crystal", declared))).store).toMatchObject({
      mayStart: false,
      says: "Waits: crystal is in maintenance (anna: new disk), 1 h left.",
    });
    expect(turns([ask("store")], viewOf(store, held(null, null))).store?.says).toBe(
      "Waits: the cluster is in maintenance, switched on elsewhere.",
    );
    expect(turns([ask("store")], viewOf(store, held("opal", declared))).store?.mayStart).toBe(true);
  });

  it("does not let one that is held up from outside keep the next from starting", () => {
    const other = linked("other", JADE, CRYSTAL, sized(GIB));
    const declared = { owner: "anna", note: "new disk", startedAtMs: T0, endsAtMs: T0 + 3_600_000 };
    const both = turns([ask("store"), ask("other")], viewOf(store, other, held("ruby", declared)));
    expect([both.store?.mayStart, both.other?.mayStart]).toEqual([false, true]);
  });

  it("waits while a node's DRBD or every Pacemaker is not heard, and while no node tells of the mirror", () => {
    const silent = viewOf(store, [[keyOf.source("crystal", "drbd"), source("crystal", "drbd", { freshness: "stale" })]]);
    expect(turns([ask("store")], silent).store?.says).toBe("Waits: DRBD on crystal is not heard now.");
    const deaf = viewOf(store, [[keyOf.source("ruby", "pacemaker"), source("ruby", "pacemaker", { freshness: "lost" })]]);
    expect(turns([ask("store")], deaf).store?.says).toBe("Waits: no node's Pacemaker is heard now.");
    expect(turns([ask("gone")], viewOf(store)).gone).toMatchObject({ mayStart: false, says: "Waits: no node tells of this mirror now." });
  });

  it("waits for a command that somebody gave", () => {
    const busy = viewOf(store, [[keyOf.run("1"), run("1")]]);
    expect(turns([ask("store")], busy).store?.says).toBe("Waits: anna is at work here: Standby ruby.");
    const over = viewOf(store, [[keyOf.run("1"), run("1", { outcome: "done", endedAtMs: T0 })]]);
    expect(turns([ask("store")], over).store?.mayStart).toBe(true);
  });
});

describe("whatever is in the queue", () => {
  const nodes = ["a", "b", "c", "d"];
  const anyMirror = fc.record({
    ends: fc.subarray(nodes, { minLength: 2, maxLength: 2 }),
    size: fc.integer({ min: 1, max: 1_000 }),
    state: fc.constantFrom("idle", "idle", "idle", "verify", "resync"),
    isQueued: fc.boolean(),
    hasBegun: fc.boolean(),
  });

  it("no node is given two at a time, and something starts where nothing is in the way", () => {
    fc.assert(
      fc.property(fc.array(anyMirror, { maxLength: 12 }), (mirrors) => {
        const made = mirrors.map((one, index) => {
          const [a = "a", b = "b"] = one.ends;
          const part = one.state === "idle" ? {} : moving(a, b, one.state === "verify" ? "verify" : "resync", 60);
          const entities = linked(`m${index}`, [a, `10.0.0.${a}`], [b, `10.0.0.${b}`], { sizeBytes: one.size, ...part });
          return { ...one, a, b, name: `m${index}`, entities };
        });
        const view = viewOf(...made.map(({ entities }) => entities), [[keyOf.source("ruby", "pacemaker"), source("ruby", "pacemaker")]]);
        const queue = made.filter(({ isQueued }) => isQueued).map(({ name, hasBegun }) => ask(name, { hasBegun }));
        const told = admit(queue, view, T0);
        expect(told.map(({ id }) => id).sort()).toEqual(queue.map(({ id }) => id).sort());
        expect(told.flatMap(({ place }) => (place === null ? [] : [place]))).toEqual(
          queue.filter(({ hasBegun }) => !hasBegun).map((_, index) => index + 1),
        );
        const starts = new Set(told.flatMap(({ id, mayStart }) => (mayStart ? [id] : [])));
        const busy = made.filter(({ name, state, isQueued, hasBegun }) => state !== "idle" || (isQueued && hasBegun) || starts.has(name));
        for (const node of nodes) {
          const here = busy.filter(({ a, b }) => a === node || b === node);
          const begun = here.filter(({ name }) => starts.has(name));
          expect(begun.length === 0 || here.length === 1).toBe(true);
        }
        const waiting = made.filter(({ name, isQueued, hasBegun }) => isQueued && !hasBegun && !starts.has(name));
        for (const one of waiting) {
          expect(busy.some(({ a, b, name }) => name === one.name || [a, b].some((end) => end === one.a || end === one.b))).toBe(true);
        }
      }),
      { numRuns: 500, seed: 11 },
    );
  });
});
