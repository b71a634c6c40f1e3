// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuditJournal } from "@/server/audit/journal";
import type { NewEvent } from "@/server/cluster/facts";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { createFollowAudit } from "./follow-audit";

const ASKED = {
  ask: { verb: "node.standby", args: { node: "ruby" } },
  title: "Standby ruby",
  about: ["node:ruby"],
  by: "anna",
  token: null,
  from: null,
  reason: "new disks",
  effects: [],
  findings: [],
  accepted: [],
  commands: [],
};
const of = { runId: "run-1", cluster: "san-a" };
const DONE = { outcome: "done" as const, says: "ruby is in standby.", phases: [] };

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
let faults: unknown[];
beforeEach(async () => {
  open = await temporaryDatabase();
  faults = [];
  await open.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
});
afterEach(() => open.remove());

function follower(followed = open.db.followed) {
  const has = (slug: string) => slug === "san-a";
  const clusters = () => [
    { slug: "san-a", environment: "PROD" },
    { slug: "north", environment: null },
  ];
  const onFault = (cause: unknown) => void faults.push(cause);
  return createFollowAudit({ audit: open.db.audit, followed, has, clusters, remember: () => undefined, onFault });
}
async function told(): Promise<Partial<NewEvent>[]> {
  return (await open.db.events.recentEvents("san-a", 99)).reverse().map(({ id: _, source: _source, ...event }) => event);
}

describe("commands on the timeline", () => {
  it("stand there when they are begun and when they end, with who and why", async () => {
    const following = follower();
    const journal = await openAuditJournal(open.db.audit, () => 1_000, following.follow);
    await journal.append("opened", of, ASKED);
    await journal.append("closed", of, DONE);
    await following.drained();
    const about = { atMs: 1_000, node: "ruby", subject: "ruby", by: "anna", what: "command", ref: "run:run-1" };
    expect(await told()).toEqual([
      { ...about, text: "Standby ruby", level: "busy", why: "new disks" },
      { ...about, text: "Standby ruby: done", level: "ok", why: "ruby is in standby." },
    ]);
  });

  it("are told of the chain as it was before, once, whatever restarts come between", async () => {
    const journal = await openAuditJournal(open.db.audit, () => 1_000);
    for (let index = 0; index < 450; index += 1) await journal.append("opened", { ...of, runId: `run-${index}` }, ASKED);
    await journal.append("opened", { runId: "gone", cluster: "removed" }, ASKED);
    for (let start = 0; start < 2; start += 1) {
      const following = follower();
      following.follow();
      await following.drained();
    }
    const refs = (await open.db.events.recentEvents("san-a", 999)).map(({ ref }) => ref);
    expect(refs).toHaveLength(450);
    expect(new Set(refs).size).toBe(450);
  });

  it("are not lost when they could not be written: the next entry brings them", async () => {
    let isBroken = true;
    const following = follower({
      ...open.db.followed,
      tell: async (events, seq) => {
        if (isBroken) throw new Error("the disk is full");
        return open.db.followed.tell(events, seq);
      },
    });
    const journal = await openAuditJournal(open.db.audit, () => 1_000, following.follow);
    await journal.append("opened", of, ASKED);
    await following.drained();
    expect(faults).toHaveLength(1);
    isBroken = false;
    await journal.append("refused", { ...of, runId: "run-2" }, { ...ASKED, token: "backup", says: "The other copy is not complete." });
    await following.drained();
    expect(await told()).toMatchObject([
      { text: "Standby ruby" },
      { text: "Standby ruby: refused", level: "risk", by: "anna, by token backup", why: "The other copy is not complete." },
    ]);
  });
});

describe("what people do about alerts", () => {
  const silence = (matchers: unknown[]) => ({
    ...ASKED,
    ask: { verb: "alert.silence", args: { matchers, reason: "new switch" } },
    title: "Silence alerts of rule node-gone until noon",
    about: [],
    by: "otto",
    reason: "new switch",
  });
  const made = { outcome: "done" as const, says: "Silence alerts of rule node-gone until noon: done.", phases: [] };
  const ofRule = { label: "rule", isNot: false, values: ["node-gone"] };

  async function follow(cluster: string, asked: typeof ASKED | ReturnType<typeof silence>): Promise<void> {
    const following = follower();
    const journal = await openAuditJournal(open.db.audit, () => 1_000, following.follow);
    await journal.append("opened", { runId: "run-1", cluster }, asked);
    await journal.append("closed", { runId: "run-1", cluster }, made);
    await following.drained();
    expect(faults).toEqual([]);
  }

  it("an acknowledgement is one entry, about what the alert is about, with who and why", async () => {
    const ask = { verb: "alert.acknowledge", args: { node: "ruby" } };
    await follow("san-a", { ...ASKED, ask, title: 'Acknowledge "ruby is gone"', by: "otto", reason: "on my way" });
    expect(await told()).toMatchObject([
      { text: 'Acknowledge "ruby is gone"', subject: "ruby", by: "otto", why: "on my way", level: "held" },
    ]);
  });

  it.each([
    ["of no cluster in particular stands on every timeline", [ofRule], 1],
    ["of some environment stands where it is", [ofRule, { label: "environment", isNot: false, values: ["PROD"] }], 1],
    ["of another cluster stands not here", [ofRule, { label: "cluster", isNot: true, values: ["san-a"] }], 0],
  ])("a silence %s", async (_, matchers, count) => {
    await open.db.clusters.addCluster({ slug: "north", title: "North", environment: null });
    await follow("", silence(matchers));
    expect(await told()).toHaveLength(count);
  });
});
