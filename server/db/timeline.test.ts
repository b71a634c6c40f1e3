// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { Place } from "@/server/timeline/lanes";
import { temporaryDatabase } from "./temporary-database";
import type { TimelineFilter } from "./timeline";

const T0 = 1_795_182_515_980;
const ALL: TimelineFilter = { cluster: "san-a", fromMs: null, toMs: null, what: null, level: null, node: null, resource: null, text: null };

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
let events: StoredEvent[];
beforeAll(async () => {
  open = await temporaryDatabase();
  for (const slug of ["san-a", "san-b"]) await open.db.clusters.addCluster({ slug, title: slug, environment: null });
  const made = fc.sample(
    fc.record({
      atMs: fc.integer({ min: T0, max: T0 + 60 }),
      node: fc.constantFrom("ruby", "crystal", null),
      source: fc.constant(null),
      subject: fc.constantFrom("store", "store/1", "store/2", "store0", "stores", "ruby", "g_mail"),
      text: fc.constantFrom("store in sync", "50% done_", "C:\\disk"),
      level: fc.constantFrom("ok" as const, "bad" as const),
      by: fc.constantFrom("anna", "kernel, ruby"),
      what: fc.constantFrom("state" as const, "command" as const, "gap" as const),
    }),
    { numRuns: 300, seed: 6 },
  );
  events = await open.db.events.addEvents("san-a", made satisfies NewEvent[]);
  await open.db.events.addEvents("san-b", made);
});
afterAll(() => open.remove());

async function pages(filter: TimelineFilter, limit: number): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  let before: Place | null = null;
  do {
    const page: { rows: StoredEvent[]; next: Place | null } = await open.db.timeline.page(filter, before, limit);
    found.push(...page.rows);
    before = page.next;
  } while (before !== null);
  return found;
}

/** What fits, told by hand. */
function fits(filter: TimelineFilter, { atMs, what = "state", level, node, subject, text, by }: StoredEvent): boolean {
  const { resource } = filter;
  return (
    (filter.fromMs === null || atMs >= filter.fromMs) &&
    (filter.toMs === null || atMs < filter.toMs) &&
    (filter.what === null || filter.what.includes(what)) &&
    (filter.level === null || filter.level.includes(level)) &&
    (filter.node === null || node === filter.node || subject === filter.node) &&
    (resource === null || subject === resource || subject.startsWith(`${resource}/`)) &&
    (filter.text === null || [text, by].some((words) => words.toLowerCase().includes(filter.text?.toLowerCase() ?? "")))
  );
}

describe("pages of a timeline", () => {
  it("have all that fits, newest first, each once, whatever is asked for", async () => {
    const filters = fc.record({
      cluster: fc.constant("san-a"),
      fromMs: fc.option(fc.integer({ min: T0, max: T0 + 60 })),
      toMs: fc.option(fc.integer({ min: T0, max: T0 + 60 })),
      what: fc.option(fc.subarray(["state" as const, "command" as const, "gap" as const], { minLength: 1 })),
      level: fc.option(fc.subarray(["ok" as const, "bad" as const], { minLength: 1 })),
      node: fc.option(fc.constantFrom("ruby", "nobody")),
      resource: fc.option(fc.constantFrom("store", "g_mail")),
      text: fc.option(fc.constantFrom("sync", "50%", "e_", "\\d", "ANNA", "nowhere")),
    });
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 3, max: 40 }), async (filter, limit) => {
        const expected = events.filter((event) => fits(filter, event)).sort((a, b) => b.atMs - a.atMs || b.id - a.id);
        expect(await pages(filter, limit)).toEqual(expected);
        if (filter.fromMs === null || filter.toMs === null || filter.fromMs >= filter.toMs) return;
        const counts = await open.db.timeline.counts({ ...filter, fromMs: filter.fromMs, toMs: filter.toMs }, 7);
        const counted = events.filter((event) => fits({ ...filter, text: null }, event));
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(counted.length);
        for (const { part, what, level, count } of counts) {
          const from = filter.fromMs + part * 7;
          const own = counted.filter(
            (one) => one.atMs >= from && one.atMs < from + 7 && (one.what ?? "state") === what && one.level === level,
          );
          expect(own).toHaveLength(count);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("count all of a storm that one statement does not look at, also where it is of one moment", async () => {
    await open.db.clusters.addCluster({ slug: "storm", title: "storm", environment: null });
    const [event] = events;
    if (!event) throw new Error("there are no events");
    const { id: _, ...told } = event;
    const storm = Array.from({ length: 9_000 }, (_, index): NewEvent => ({ ...told, atMs: T0 + Math.max(0, index - 4_500) }));
    await open.db.events.addEvents("storm", storm);
    const counts = await open.db.timeline.counts({ ...ALL, cluster: "storm", fromMs: T0, toMs: T0 + 9_000 }, 100);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(9_000);
    expect(counts.find(({ part }) => part === 0)?.count).toBe(4_600);
    expect(new Set(counts.map(({ part, what, level }) => `${part} ${what} ${level}`)).size).toBe(counts.length);
  });

  it("say since when single entries are kept", async () => {
    const oldestMs = Math.min(...events.map(({ atMs }) => atMs));
    expect(await open.db.timeline.bounds("san-a")).toEqual({ oldestMs, goneUntilMs: null });
    expect(await open.db.timeline.bounds("nowhere")).toEqual({ oldestMs: null, goneUntilMs: null });
    expect((await open.db.timeline.page(ALL, null, 5)).rows).toHaveLength(5);
  });
});
