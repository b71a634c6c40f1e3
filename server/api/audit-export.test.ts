// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from "vitest";
import { AuditExportEnd, AuditRow } from "@/agent/protocol/console/commands";
import { openAuditJournal } from "@/server/audit/journal";
import { type TestApi, testApi } from "./test-api";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.remove());

const ASKED = {
  ask: { verb: "node.standby", args: { node: "ruby" } },
  title: "Standby ruby",
  about: ["node:ruby"],
  token: null,
  from: null,
  reason: null,
  effects: [],
  findings: [],
  accepted: [],
  commands: [],
};

/** Writes so many commands of one person. */
async function write(by: string, count: number) {
  const journal = await openAuditJournal(api.db.audit, () => 1_000);
  let head = { seq: 0, hash: "" };
  for (let index = 0; index < count; index += 1)
    head = await journal.append("opened", { runId: `${by}-${index}`, cluster: "san-a" }, { ...ASKED, by });
  return head;
}
const lines = async (query: string) =>
  (await (await api.ask("GET", `/api/v1/audit/export?${query}`, { role: "viewer" })).text()).split("\n").filter(Boolean);

it("an export ends with how many rows it has and the head of the chain it reaches to", async () => {
  await write("anna", 3);
  const head = await write("otto", 2);
  const all = await lines("format=jsonl");
  expect(all.slice(0, -1).map((line) => AuditRow.parse(JSON.parse(line)).by)).toEqual(["otto", "otto", "anna", "anna", "anna"]);
  expect(AuditExportEnd.parse(JSON.parse(all.at(-1) ?? ""))).toEqual({ end: { rows: 5, head } });
  const some = await lines("format=jsonl&by=anna");
  expect(JSON.parse(some.at(-1) ?? ""), "what was filtered out is not counted; the head is the chain's").toEqual({
    end: { rows: 3, head },
  });
});

it("so does a CSV, in its own columns", async () => {
  const head = await write("anna", 2);
  const all = await lines("format=csv");
  expect(all).toHaveLength(4);
  expect(all.at(-1)).toBe(`"end","","","","2 rows","","","","","","","","${head.seq}","${head.hash}"`);
});

it("an empty chain has an end as well", async () => {
  expect(await lines("format=jsonl")).toEqual(['{"end":{"rows":0,"head":null}}']);
});
