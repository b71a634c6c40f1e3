// SPDX-License-Identifier: Apache-2.0
import { expect, it, onTestFinished } from "vitest";
import type { Alert } from "@/agent/protocol/console/alerts";
import { alerts } from "./alerts";
import { type Asked, consoleThat } from "./test-answers";

const T0 = Date.parse("2026-11-26T09:00:00Z");
const GONE: Alert = {
  id: "51d0aa00",
  cluster: "san-a",
  finding: "node-gone:crystal",
  severity: "critical",
  title: "crystal is gone",
  why: "",
  todo: null,
  labels: { cluster: ["san-a"], environment: [], severity: [], rule: [], finding: [], node: [], resource: [] },
  consequences: [],
  sinceMs: T0,
  openedAtMs: T0,
  endedAtMs: null,
  endedBy: null,
  returns: 0,
  acknowledged: null,
  held: null,
  told: [
    { receiver: "noc", atMs: T0 },
    { receiver: "mail", atMs: T0, reach: "waits" },
  ],
};
const QUIET: Alert = {
  ...GONE,
  id: "51d0bb00",
  cluster: "north",
  acknowledged: { by: "otto", atMs: T0, note: "on my way" },
  held: { by: "silence", says: "otto: new switch", untilMs: T0 },
  told: [],
};
const OVER: Alert = { ...GONE, id: "9", endedAtMs: T0 };
const tell = () => undefined;
const answering = (...all: Alert[]) =>
  consoleThat(onTestFinished, ({ method, url }: Asked) =>
    method === "GET" ? { atMs: T0, alerts: all } : url === "/api/v1/alerts/silences" ? { id: "s1" } : null,
  );

it("those that last are listed, with who was told and why it is quiet; what is over is not", async () => {
  const { address } = await answering(GONE, QUIET, OVER);
  expect((await alerts.run(address, [], {}, tell)).text).toBe(
    [
      "critical  san-a: crystal is gone  since 2026-11-26T09:00:00.000Z",
      "  node-gone:crystal  51d0aa00",
      "  told to noc, mail (not taken yet)",
      "critical  north: crystal is gone  since 2026-11-26T09:00:00.000Z",
      "  node-gone:crystal  51d0bb00",
      "  nobody was told",
      "  acknowledged by otto: on my way",
      "  quiet, silence: otto: new switch, until 2026-11-26T09:00:00.000Z",
      "",
    ].join("\n"),
  );
  const { text } = await alerts.run(address, [], { cluster: "north", json: true }, tell);
  expect(JSON.parse(text).alerts).toEqual([QUIET]);
  expect((await alerts.run((await answering(OVER)).address, ["list"], {}, tell)).text).toBe("No alert.\n");
});

it("one is acknowledged by its finding or how its id begins, and taken back", async () => {
  const { asked, address } = await answering(GONE, QUIET);
  expect((await alerts.run(address, ["acknowledge", "51d0a"], { note: "mine" }, tell)).text).toBe("Acknowledged: crystal is gone\n");
  expect(asked.at(-1)).toEqual({ method: "PUT", url: "/api/v1/alerts/51d0aa00/acknowledgement", body: '{"note":"mine"}' });
  await alerts.run(address, ["unacknowledge", "node-gone:crystal"], { cluster: "north" }, tell);
  expect(asked.at(-1)).toMatchObject({ method: "DELETE", url: "/api/v1/alerts/51d0bb00/acknowledgement" });
});

it("one is silenced for some hours with a reason: that finding of that cluster alone", async () => {
  const { asked, address } = await answering(GONE);
  const { text } = await alerts.run(address, ["silence", "node-gone:crystal"], { hours: "2", reason: "new switch" }, tell);
  expect(text).toMatch(/^Silenced until .*: crystal is gone\n {2}s1\n$/);
  expect(JSON.parse(asked.at(-1)?.body ?? "")).toMatchObject({
    reason: "new switch",
    matchers: [
      { label: "cluster", values: ["san-a"] },
      { label: "finding", values: ["node-gone:crystal"] },
    ],
  });
});

it("what is missing, not there or not clear is said before anything is changed", async () => {
  const { asked, address } = await answering(GONE, QUIET);
  const run = (words: string[], chosen = {}) => alerts.run(address, words, chosen, tell);
  await expect(run(["silence", "51d0a"], { reason: "why" })).rejects.toThrow("Say for how long with --hours N.");
  await expect(run(["silence", "51d0a"], { hours: "2" })).rejects.toThrow("Say why with --reason TEXT.");
  await expect(run(["silence", "51d0a"], { hours: "soon", reason: "why" })).rejects.toThrow("--hours takes a number above 0, not soon.");
  await expect(run(["acknowledge", "node-gone:ruby"])).rejects.toThrow("No alert that lasts is node-gone:ruby.");
  await expect(run(["acknowledge", "node-gone:crystal"])).rejects.toThrow("2 alerts are node-gone:crystal, in san-a, north: say --cluster");
  await expect(run(["acknowledge"])).rejects.toThrow("Say which alert");
  await expect(run(["delete"])).rejects.toThrow("not delete");
  expect(asked.every(({ method }) => method === "GET")).toBe(true);
});
