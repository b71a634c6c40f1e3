// SPDX-License-Identifier: Apache-2.0
// The victim of the durability test: commits frames one after another and says the number of each once it is acknowledged.
import { writeSync } from "node:fs";
import { openDatabase } from "./open";
import { MIGRATIONS } from "./temporary-database";

const [dataDir = "", agentId = ""] = process.argv.slice(2);
const db = await openDatabase(dataDir, MIGRATIONS);
const agent = await db.agents.agentById(agentId);
if (!agent) throw new Error(`No agent ${agentId}`);

for (let seq = agent.ackedSeq + 1; ; seq++) {
  const atMs = Date.now();
  const event = { atMs, node: agent.node, source: "drbd" as const, subject: "store", level: "ok" as const, by: "test" };
  const reading = { status: "absent" as const, takenAtMs: seq };
  const facts = [{ source: "drbd" as const, facts: { reading, lastOk: null, takenAtMs: seq, okAtMs: null, everyMs: 2_000 } }];
  const events = [
    { ...event, text: `${seq} first` },
    { ...event, text: `${seq} second` },
  ];
  await db.facts.commitFrames(agentId, [{ journalId: "journal", seq, facts, events, lines: [] }]);
  // Written before anything else can happen: what is said here was acknowledged.
  writeSync(1, `${seq}\n`);
}
