// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { CopyThen } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import { cluster, device, drbd, fact, iscsiSession, nodeFacts, ok, pacemaker, peer, resource, T0 } from "@/server/cluster/factories";
import { cardOf } from "./failover";
import { BOTH, CRYSTAL_MISSED, CRYSTAL_OFF, orderedRun } from "./pair.factories";
import { syncedThen } from "./synced";
import { at, captured, createStory } from "./test-story";

const NODES = ["node1", "node2", "node3"];

/** The captured cluster up to the moment when nothing was noticed yet; node3's agent falls silent as it is killed. */
function killedStory() {
  const story = createStory(cluster(...NODES.map((node) => nodeFacts(node, {}, { lastWordAtMs: at("11:28:39.5") }))));
  story.says("node1", captured("killed-1-not-noticed"), at("11:28:42.41"));
  story.happen({ type: "unlinked", node: "node3" }, at("11:28:42.5"));
  return story;
}

describe("a node that is killed, as a real cluster told it", () => {
  it("is followed from its last word to its return: who fenced it, why, and each phase in order", () => {
    const story = killedStory();
    story.says("node1", captured("killed-2-missed"), at("11:28:43.43"));
    story.says("node1", captured("killed-3-fencing"), at("11:28:44.63"));
    expect(story.open()).toHaveLength(1);
    story.says("node1", captured("killed-4-back"), at("11:28:52.31"));
    const [incident] = story.ended();
    expect(story.open()).toEqual([]);
    if (!incident) throw new Error("It did not end");
    expect(incident).toMatchObject({ node: "node3", devices: [{ id: "fence", agent: "fence_lab" }], services: [] });
    expect(incident.attempts).toEqual([
      {
        action: "reboot",
        status: "success",
        delegate: "node2",
        client: "pacemaker-controld.48",
        origin: "node1",
        completed: "2026-11-20 11:28:45Z",
        exitReason: null,
      },
    ]);
    expect(incident.reason).toEqual({ kind: "lost", says: "The cluster did not hear it any more: node3 was unclean." });
    const { lastWord, detected, asked, done, back } = incident;
    expect([lastWord, detected, asked, done, back].map((moment) => moment?.atMs)).toEqual([
      at("11:28:39.5"),
      at("11:28:43.43"),
      at("11:28:44.63"),
      // Printed as 11:28:45: within that second.
      at("11:28:46"),
      at("11:28:52.31"),
    ]);
    expect(done).toMatchObject({ withinMs: 1_000, by: "the cluster's fence history" });
    const card = cardOf(incident);
    expect(card.says).toBe("node2 fenced node3 (reboot). The cluster did not hear it any more: node3 was unclean.");
    expect(card.failover.map(({ phase, tookMs }) => [phase, tookMs])).toEqual([
      ["detect", 3_930],
      ["fence", 1_370],
      ["promote", null],
      ["start", null],
      ["clientStall", null],
    ]);
    expect(card.failover.at(-1)?.says).toBe("Not measured: no client's paths to its disks are read.");
  });

  it("was fenced before anybody looked again: what was not seen is said to be so", () => {
    const story = killedStory();
    story.says("node1", captured("killed-4-back"), at("11:28:52.31"));
    const [incident] = story.open();
    if (!incident) throw new Error("It was not followed");
    expect(incident).toMatchObject({ detected: null, asked: null, reason: null });
    expect(incident.done?.atMs).toBe(at("11:28:46"));
    const card = cardOf(incident);
    expect(card.says).toBe("node2 fenced node3 (reboot). Why, was not seen.");
    expect(card.failover[1]?.says).toBe("Not measured: its order was not seen, only its end.");
  });

  it("the first reading of all opens nothing: its fence history is old", () => {
    const story = createStory(cluster(nodeFacts("node1")));
    story.says("node1", captured("killed-4-back"), at("11:28:52.31"));
    expect(story.open()).toEqual([]);
  });

  it("a side without quorum knows nothing of the others: no incident", () => {
    const story = createStory(cluster(nodeFacts("node1")));
    story.says("node1", captured("killed-1-not-noticed"), at("11:28:42"));
    story.says("node1", captured("quorum-lost"), at("11:38:38"));
    expect(story.open()).toEqual([]);
  });
});

const clone = { id: "ms_store", kind: "promotable" as const, parents: [], managed: true };
const store = (promoted: string | null, ...others: string[]) => [
  ...(promoted === null ? [] : [resource("store", promoted, { parents: ["ms_store"], role: "Promoted" })]),
  ...others.map((node) => resource("store", node, { parents: ["ms_store"], role: "Unpromoted" })),
];
const order = {
  target: "crystal",
  action: "reboot",
  delegate: null,
  client: "pacemaker-controld.7",
  origin: "ruby",
  completed: null,
  exitReason: null,
};
const pending = { ...order, status: "pending" };
const success = { ...order, status: "success", delegate: "ruby" };
const calm = pacemaker(BOTH, [...store("crystal", "ruby"), resource("g_mail", "crystal")], { collections: [clone] });
const lost = { ...calm, nodes: CRYSTAL_MISSED };

function story(values: Parameters<typeof nodeFacts>[1] = {}, client: Parameters<typeof nodeFacts>[1] = {}) {
  const made = createStory(cluster(nodeFacts("ruby"), nodeFacts("crystal", values), nodeFacts("hv01", client, { role: "client" })));
  made.says("ruby", calm, T0 + 1_000);
  return made;
}

const run = (more: Partial<Run>) =>
  orderedRun({ ask: { verb: "node.fence", args: { node: "crystal" } }, title: "Fence crystal", about: ["node:crystal"], ...more });

describe("a failover", () => {
  it("measures promote and start from the fencing's end, and ends when the node is back", () => {
    const told = story();
    told.happen({ type: "unlinked", node: "crystal" }, T0 + 1_500);
    told.says("ruby", lost, T0 + 5_000);
    told.says("ruby", { ...lost, fencing: [pending] }, T0 + 5_200);
    told.says(
      "ruby",
      { ...calm, nodes: CRYSTAL_OFF, resources: [...store(null, "ruby"), resource("g_mail", null)], fencing: [success] },
      T0 + 7_200,
    );
    told.says(
      "ruby",
      { ...calm, nodes: CRYSTAL_OFF, resources: [...store("ruby"), resource("g_mail", null)], fencing: [success] },
      T0 + 8_000,
    );
    told.says(
      "ruby",
      { ...calm, nodes: CRYSTAL_OFF, resources: [...store("ruby"), resource("g_mail", "ruby")], fencing: [success] },
      T0 + 9_500,
    );
    const [open] = told.open();
    expect(open?.services.map(({ id, to, at: seen }) => [id, to, seen?.atMs])).toEqual([
      ["g_mail", "ruby", T0 + 9_500],
      ["ms_store", "ruby", T0 + 8_000],
    ]);
    if (!open) throw new Error("It is not followed");
    expect(cardOf(open).failover.map(({ phase, tookMs }) => [phase, tookMs])).toEqual([
      ["detect", 5_000],
      ["fence", 2_000],
      ["promote", 800],
      ["start", 2_300],
      ["clientStall", null],
    ]);
    told.says("ruby", { ...calm, resources: [...store("ruby", "crystal"), resource("g_mail", "ruby")], fencing: [success] }, T0 + 60_000);
    expect(told.ended().map(({ back }) => back?.atMs)).toEqual([T0 + 60_000]);
  });

  it("keeps the node's last kernel lines, and none of its next boot", () => {
    const told = story();
    const line = (seq: number, atMs: number, text: string) => ({
      type: "line" as const,
      journalId: "j",
      seq,
      atMs,
      line: { kmsgSeq: seq, atMs, priority: 3, topic: "drbd" as const, text },
    });
    told.frame("crystal", line(1, T0 + 1_200, "drbd store: PingAck did not arrive in time."), T0 + 1_200);
    told.says("ruby", lost, T0 + 5_000);
    told.says("ruby", { ...lost, fencing: [success] }, T0 + 7_000);
    told.frame("crystal", line(2, T0 + 20_000, "Linux version 6.1.0-56-amd64"), T0 + 40_000);
    expect(told.open()[0]?.lastLines).toEqual([{ atMs: T0 + 1_200, text: "drbd store: PingAck did not arrive in time." }]);
  });

  it("says what was not yet synced, by each node's last word", () => {
    const behind = peer({ disk: "Inconsistent", replication: "SyncSource", outOfSyncBytes: 4_096 });
    const told = story({ drbd: drbd([device({ role: "Primary", peers: [behind] })]) });
    told.says("ruby", lost, T0 + 5_000);
    expect(told.open()[0]?.copies).toEqual([
      expect.objectContaining({
        node: "crystal",
        mirror: "store",
        disk: "UpToDate",
        peerDisk: "Inconsistent",
        outOfSyncBytes: 4_096,
        readAtMs: T0,
      }),
    ]);
  });

  it("without a DRBD reading nothing is said of copies", () => {
    const told = story();
    told.says("ruby", lost, T0 + 5_000);
    expect(told.open()[0]?.copies).toBeNull();
  });

  it("a client whose session stopped meanwhile: the stall is measured by its own facts", () => {
    const iscsi = (state: string) => ({
      targets: null,
      sessions: [iscsiSession({ target: "iqn.lab:o1", state, connectionState: null })],
      unread: [],
    });
    const told = story({}, { iscsi: iscsi("LOGGED_IN") });
    const says = (state: string, atMs: number) => told.frame("hv01", fact("iscsi", { iscsi: ok(iscsi(state), atMs) }, atMs), atMs);
    told.says("ruby", lost, T0 + 5_000);
    says("FAILED", T0 + 6_000);
    says("LOGGED_IN", T0 + 17_000);
    const [open] = told.open();
    if (!open) throw new Error("It is not followed");
    expect(cardOf(open).failover.at(-1)).toEqual({
      phase: "clientStall",
      tookMs: 11_000,
      withinMs: 4_000,
      says: "iSCSI iqn.lab:o1 of hv01 was FAILED (iSCSI as hv01 sees it).",
    });
  });
});

it("a client that notices before the cluster does: its stall counts, one that began long before does not", () => {
  const session = (name: string, state: string) => iscsiSession({ name, target: `iqn.lab:${name}`, state, connectionState: null });
  const iscsi = (o1: string, o2: string) => ({ targets: null, sessions: [session("o1", o1), session("o2", o2)], unread: [] });
  const told = story({}, { iscsi: iscsi("LOGGED_IN", "LOGGED_IN") });
  const says = (o1: string, o2: string, atMs: number) => told.frame("hv01", fact("iscsi", { iscsi: ok(iscsi(o1, o2), atMs) }, atMs), atMs);
  says("LOGGED_IN", "FAILED", T0 + 2_000);
  told.pulse("crystal", T0 + 20_000);
  says("FAILED", "FAILED", T0 + 22_000);
  told.says("ruby", lost, T0 + 25_000);
  says("LOGGED_IN", "FAILED", T0 + 34_000);
  const [open] = told.open();
  if (!open) throw new Error("It is not followed");
  expect(cardOf(open).failover.at(-1)).toMatchObject({
    tookMs: 12_000,
    says: "iSCSI iqn.lab:o1 of hv01 was FAILED (iSCSI as hv01 sees it).",
  });
});

describe("why a node was fenced", () => {
  it("a person from this console", () => {
    const told = story();
    told.run(run({}));
    told.says("ruby", { ...calm, fencing: [{ ...pending, client: "stonith_admin.4711" }] }, T0 + 3_000);
    expect(told.open()[0]?.reason).toEqual({ kind: "console", says: "anna had it fenced from this console." });
  });

  it("a program that is not the cluster's controller", () => {
    const told = story();
    told.says("ruby", { ...calm, fencing: [{ ...success, client: "stonith_admin.4711" }] }, T0 + 3_000);
    expect(told.open()[0]?.reason?.says).toBe("stonith_admin.4711 on ruby asked for it, not the cluster by itself.");
  });

  it("a stop that failed there, told before the fencing cleared it away", () => {
    const told = story();
    const failure = {
      resource: "g_mail",
      node: "crystal",
      task: "stop",
      intervalMs: null,
      exitCode: 1,
      exitStatus: "error",
      exitReason: null,
      failCount: null,
      lastChange: null,
    };
    told.says("ruby", { ...calm, failures: [failure], fencing: [pending] }, T0 + 3_000);
    told.says("ruby", { ...lost, fencing: [success] }, T0 + 4_000);
    expect(told.open()[0]?.reason).toEqual({ kind: "stopFailed", says: "stop of g_mail on crystal failed: error (exit code 1)." });
  });

  it("a fencing that failed and was tried again: both are told, and the card says so", () => {
    const told = story();
    told.says("ruby", { ...lost, fencing: [pending] }, T0 + 3_000);
    const failed = { ...order, status: "failed", exitReason: "No route to host", completed: "2023-11-14 22:13:25Z" };
    told.says("ruby", { ...lost, fencing: [failed] }, T0 + 5_500);
    told.says("ruby", { ...lost, fencing: [pending, failed] }, T0 + 6_000);
    told.says("ruby", { ...lost, nodes: CRYSTAL_OFF, fencing: [success, failed] }, T0 + 8_000);
    const [open] = told.open();
    if (!open) throw new Error("It is not followed");
    expect(open.attempts.map(({ status }) => status)).toEqual(["failed", "success"]);
    expect(cardOf(open).says).toBe(
      "ruby fenced crystal (reboot), after 1 attempt that failed. The cluster did not hear it any more: crystal was unclean.",
    );
  });

  it("lost with fencing off, and back by itself: not fenced", () => {
    const told = story();
    told.says("ruby", { ...calm, stonithEnabled: false }, T0 + 2_000);
    told.says(
      "ruby",
      { ...calm, stonithEnabled: false, nodes: CRYSTAL_OFF, resources: [...store("ruby"), resource("g_mail", "ruby")] },
      T0 + 5_000,
    );
    told.says("ruby", { ...calm, stonithEnabled: false, resources: [...store("ruby"), resource("g_mail", "ruby")] }, T0 + 65_000);
    const [incident] = told.ended();
    if (!incident) throw new Error("It did not end");
    expect(cardOf(incident).says).toBe(
      "crystal was lost and not fenced; it came back by itself. The cluster did not hear it any more: crystal was offline.",
    );
  });
});

describe("what was not yet synced", () => {
  const copy = (node: string, more: Partial<CopyThen> = {}): CopyThen => ({
    mirror: "store",
    node,
    role: "Secondary",
    disk: "UpToDate",
    peer: null,
    peerDisk: "UpToDate",
    connection: "Connected",
    outOfSyncBytes: 0,
    readAtMs: T0,
    ...more,
  });
  const broken = { connection: "WFConnection", peerDisk: "DUnknown", outOfSyncBytes: 8_192 };

  it("is what the lost node itself said last, not what its peer counts since the line broke", () => {
    const copies = [copy("crystal"), copy("ruby", broken)];
    expect(syncedThen({ node: "crystal", copies })).toEqual({
      unsynced: [],
      syncSays: "By crystal's own last word every copy was UpToDate and nothing out of sync.",
    });
    expect(
      syncedThen({ node: "crystal", copies: [copy("crystal", { outOfSyncBytes: 4_096 }), copy("ruby", broken)] }).unsynced,
    ).toHaveLength(1);
  });

  it("is its peer's count where the lost node was not heard, or was alone itself", () => {
    expect(syncedThen({ node: "crystal", copies: [copy("ruby", broken)] }).unsynced).toHaveLength(1);
    expect(syncedThen({ node: "crystal", copies: [copy("crystal", broken), copy("ruby", broken)] }).unsynced).toHaveLength(2);
  });

  it("nothing read, and no mirror at all, are two things", () => {
    expect(syncedThen({ node: "crystal", copies: null }).syncSays).toBe("Not seen: no node's DRBD was read.");
    expect(syncedThen({ node: "crystal", copies: [] }).syncSays).toBe("There was no mirror on any node.");
  });
});
