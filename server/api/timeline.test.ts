// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoteMade, TimelineCounts, TimelineEntry, TimelinePage } from "@/agent/protocol/console/timeline";
import type { NewEvent } from "@/server/cluster/facts";
import { NOW_MS, type TestApi, testApi } from "./test-api";
import { clusterEntity, nodeEntity, viewOf } from "./test-view";

const BASE = "/api/v1/clusters/san-a";
let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  await api.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
  api.views.set("san-a", viewOf(clusterEntity, nodeEntity("ruby", {})));
});
afterEach(() => api.remove());

function event(text: string, part: Partial<NewEvent> = {}): NewEvent {
  return { atMs: NOW_MS - 1_000, node: "ruby", source: null, subject: "store", text, level: "ok", by: "kernel, ruby", ...part };
}
const add = (...events: NewEvent[]) => api.db.events.addEvents("san-a", events);
const page = async (query = "") => TimelinePage.parse(await (await api.ask("GET", `${BASE}/timeline?${query}`, { role: "viewer" })).json());
const texts = async (query = "") => (await page(query)).entries.map(({ text }) => text);
const counts = async (query: string) =>
  TimelineCounts.parse(await (await api.ask("GET", `${BASE}/timeline/counts?${query}`, { role: "viewer" })).json());

describe("a timeline", () => {
  it("comes newest first, page after page, each entry once", async () => {
    await add(...Array.from({ length: 250 }, (_, index) => event(`e${index}`, { atMs: NOW_MS - index })));
    const found: string[] = [];
    let next: string | null = null;
    do {
      const one: TimelinePage = await page(next === null ? "" : `before=${next}`);
      found.push(...one.entries.map(({ text }) => text));
      next = one.next;
    } while (next !== null);
    expect(found).toEqual(Array.from({ length: 250 }, (_, index) => `e${index}`));
  });

  it("is narrowed by span, kind, level, node, resource and words", async () => {
    await add(
      event("store in sync"),
      event("ruby fenced", { what: "fencing", level: "risk", subject: "ruby", why: "It was unclean." }),
      event("store/1 cut", { subject: "store/1", node: "crystal", level: "bad" }),
      event("long ago", { atMs: 5 }),
    );
    expect(await texts("what=fencing,note")).toEqual(["ruby fenced"]);
    expect(await texts("level=bad,risk")).toEqual(["store/1 cut", "ruby fenced"]);
    expect(await texts("node=crystal")).toEqual(["store/1 cut"]);
    expect(await texts("resource=store")).toEqual(["store/1 cut", "store in sync", "long ago"]);
    expect(await texts("text=UNCLEAN")).toEqual(["ruby fenced"]);
    expect(await texts("from=4&to=6")).toEqual(["long ago"]);
    expect((await api.ask("GET", `${BASE}/timeline?what=nonsense`, { role: "viewer" })).status).toBe(400);
    expect((await api.ask("GET", `${BASE}/timeline?before=x`, { role: "viewer" })).status).toBe(400);
    expect((await api.ask("GET", "/api/v1/clusters/nowhere/timeline", { role: "viewer" })).status).toBe(404);
  });

  it("is counted part by part, and says what of it is only counts", async () => {
    await add(event("a", { atMs: 1_000 }), event("b", { atMs: 1_400 }), event("c", { atMs: 3_999, level: "bad" }));
    expect(await counts("from=1000&to=5000&parts=4")).toEqual({
      ...{ atMs: NOW_MS, fromMs: 1_000, toMs: 5_000, partMs: 1_000, oldestMs: 1_000, goneUntilMs: null, goneLeftOut: null, gone: [] },
      parts: [
        { startMs: 1_000, counts: [{ what: "state", level: "ok", count: 2 }] },
        { startMs: 3_000, counts: [{ what: "state", level: "bad", count: 1 }] },
      ],
    });
    expect((await counts("from=1000&to=5000&node=ruby")).goneLeftOut).toMatch(/whole cluster/);
  });

  it("is exported whole, with a mark at its end", async () => {
    await add(...Array.from({ length: 1_200 }, (_, index) => event(`=e${index}`, { atMs: NOW_MS - index })));
    const of = async (format: string) =>
      (await (await api.ask("GET", `${BASE}/timeline/export?format=${format}`, { role: "viewer" })).text()).trimEnd().split("\n");
    const json = await of("jsonl");
    expect(json.slice(0, -1).map((line) => TimelineEntry.parse(JSON.parse(line)).text)[1_199]).toBe("=e1199");
    expect(json.at(-1)).toBe('{"end":{"entries":1200}}');
    const csv = await of("csv");
    expect(csv).toHaveLength(1_202);
    expect(csv[1], "no spreadsheet takes it for a formula").toContain(`"'=e0"`);
    expect(csv.at(-1)).toContain("1200 entries");
  });
});

describe("notes", () => {
  const note = { text: "Swapped the cable of idmz.", atMs: NOW_MS - 5_000, node: "ruby", resource: null };
  const make = (body: unknown = note, role: "operator" | "viewer" | "admin" = "operator") =>
    api.ask("POST", `${BASE}/notes`, { role, body });
  const made = async () => NoteMade.parse(await (await make()).json());

  it("are an operator's to make: on the timeline at their moment, in the audit, and told to whoever looks", async () => {
    expect((await make(note, "viewer")).status).toBe(403);
    const { id } = await made();
    const entry = {
      what: "note",
      by: "otto",
      node: "ruby",
      subject: "ruby",
      atMs: note.atMs,
      text: note.text,
      ref: `note:${id}`,
      withdrawn: null,
    };
    expect((await page("node=ruby")).entries).toMatchObject([entry]);
    expect(api.remembered).toMatchObject([{ text: note.text }]);
    const kinds = (await api.db.audit.after(0, 9)).map(({ kind, body }) => [kind, body.includes(note.text)]);
    expect(kinds).toEqual([
      ["opened", true],
      ["closed", false],
    ]);
  });

  it("are about what there is, now or before", async () => {
    expect((await make({ ...note, node: "nobody" })).status).toBe(404);
    expect((await make({ ...note, node: null, resource: "nothing" })).status).toBe(404);
    expect((await make({ ...note, atMs: NOW_MS + 3_600_000 })).status).toBe(400);
    expect((await make({ ...note, text: "  " })).status).toBe(400);
    expect((await page()).entries).toEqual([]);
  });

  it("are taken back by their author or an admin, never changed: what was said stays", async () => {
    const { id } = await made();
    const withdraw = (role: "operator" | "admin" | "viewer", of = id) => api.ask("POST", `${BASE}/notes/${of}/withdrawal`, { role });
    expect((await withdraw("viewer")).status).toBe(403);
    expect((await withdraw("operator", "nothing")).status).toBe(404);
    expect((await withdraw("operator")).status).toBe(204);
    expect((await page()).entries).toMatchObject([{ text: note.text, withdrawn: { by: "otto", atMs: NOW_MS } }]);
    const other = NoteMade.parse(await (await make(note, "admin")).json());
    expect((await withdraw("operator", other.id)).status, "another's").toBe(403);
    expect((await withdraw("admin", id)).status, "once more changes nothing").toBe(204);
    expect((await page()).entries.map(({ withdrawn }) => withdrawn?.by ?? null)).toEqual([null, "otto"]);
  });

  it("go with their cluster", async () => {
    await made();
    expect((await api.ask("DELETE", BASE, { role: "admin" })).status).toBe(204);
    expect(await api.db.events.recentEvents("san-a", 9)).toEqual([]);
  });
});
