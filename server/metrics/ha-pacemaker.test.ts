// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { cluster, failed, member, nodeFacts, pacemaker, resource, silent, T0 } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { linesOf } from "./test-samples";

const only = (value: Pacemaker) => cluster(nodeFacts("ruby", { pacemaker: value }));
const gap = (what: string) => ({ what, code: "COLLECT_READ" as const, message: "not printed" });
const constraint = { kind: "location", resource: "g_mail", with: null, node: "ruby", role: "Started", rule: null } as const;

describe("Pacemaker's metrics", () => {
  it("are every node's own word, with its name as the instance", async () => {
    const lines = await linesOf(pair(), "ha_cluster_pacemaker_stonith_enabled");
    expect(lines).toEqual([
      'ha_cluster_pacemaker_stonith_enabled{cluster="san-a",instance="crystal"} 1',
      'ha_cluster_pacemaker_stonith_enabled{cluster="san-a",instance="ruby"} 1',
    ]);
  });

  it("say every status of a node, those that are not as 0", async () => {
    const lines = await linesOf(only(pacemaker([member("ruby", { standby: true, isDc: true })])), "ha_cluster_pacemaker_nodes");
    const told = lines.map((line) => /status="(\w+)"} ([01])$/.exec(line)?.slice(1).join(" "));
    expect(told).toEqual(["dc 1", "maintenance 0", "online 1", "pending 0", "shutdown 0", "standby 1", "unclean 0"]);
  });

  it("say of a resource where it runs, in lower case what it is, and what it belongs to", async () => {
    const value = pacemaker(
      [member("ruby")],
      [
        resource("p_drbd", "ruby", { role: "Promoted", parents: ["ms_drbd"], failed: true }),
        resource("p_ip", null, { parents: ["g_mail"] }),
      ],
      {
        collections: [
          { id: "ms_drbd", kind: "promotable", parents: [], managed: true },
          { id: "g_mail", kind: "group", parents: [], managed: true },
        ],
      },
    );
    const lines = await linesOf(only(value), "ha_cluster_pacemaker_resources");
    const head = 'ha_cluster_pacemaker_resources{cluster="san-a",instance="ruby"';
    const tail = 'agent="ocf:heartbeat:Dummy"';
    expect(lines).toContain(
      `${head},node="ruby",resource="p_drbd",role="promoted",managed="true",status="failed",${tail},group="",clone="ms_drbd"} 1`,
    );
    expect(lines).toContain(
      `${head},node="",resource="p_ip",role="stopped",managed="true",status="active",${tail},group="g_mail",clone=""} 0`,
    );
  });

  it("do not say that a resource runs on a node that is gone: it is only remembered", async () => {
    const value = pacemaker([member("ruby")], [resource("g_mail", "crystal", { onOfflineNode: true })]);
    const lines = await linesOf(only(value), "ha_cluster_pacemaker_resources");
    expect(lines.map((line) => /status="(\w+)"/.exec(line)?.[1])).toEqual(["blocked", "failed", "orphaned"]);
  });

  it("give a constraint's score as it is written, and nothing for one that has none of its own", async () => {
    const constraints = [
      { ...constraint, id: "cli-ban-g_mail-on-ruby", score: "-INFINITY" },
      { ...constraint, id: "cli-prefer-g_mail", score: "INFINITY", role: null },
      { ...constraint, id: "likes", score: "100" },
      { ...constraint, id: "by-rule", score: null, node: null },
      { ...constraint, id: "beside", kind: "colocation" as const, score: "INFINITY" },
    ];
    const lines = await linesOf(only(pacemaker([member("ruby")], [], { constraints })), "ha_cluster_pacemaker_location_constraints");
    expect(lines.map((line) => line.slice(line.indexOf("constraint=")))).toEqual([
      'constraint="cli-ban-g_mail-on-ruby",node="ruby",resource="g_mail",role="started"} -Inf',
      'constraint="cli-prefer-g_mail",node="ruby",resource="g_mail",role=""} +Inf',
      'constraint="likes",node="ruby",resource="g_mail",role="started"} 100',
    ]);
  });

  it("leave out what the tool that answered does not print", async () => {
    const value = pacemaker([member("ruby")], [resource("g_mail", "ruby")], {
      stonithEnabled: null,
      unread: [gap("shutdown of a node"), gap("blocked of a resource"), gap("maintenance-mode")],
    });
    const lines = (await linesOf(only(value))).filter((line) => line.startsWith("ha_cluster_pacemaker"));
    expect(lines.filter((line) => /shutdown|blocked|maintenance_mode|stonith/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('status="online"'))).toHaveLength(1);
  });

  it("say of a CIB from the disk what is configured, and of no node or resource how it is", async () => {
    const lines = await linesOf(only(pacemaker([member("ruby", { online: false })], [], { unread: [gap("status")] })));
    expect(lines.filter((line) => line.startsWith("ha_cluster_pacemaker_nodes"))).toEqual([]);
    expect(lines).toContain('ha_cluster_pacemaker_stonith_enabled{cluster="san-a",instance="ruby"} 1');
  });
});

describe("what was not read now", () => {
  const ofPacemaker = async (...args: Parameters<typeof linesOf>) =>
    (await linesOf(...args)).filter((line) => /^ha_cluster_(pacemaker|drbd)/.test(line) && line.includes('instance="ruby"'));

  it("is not told: neither the last value nor 0", async () => {
    const ruby = pair().nodes.get("ruby") ?? nodeFacts("ruby");
    const { pacemaker: known, drbd } = ruby.sources;
    if (!known || !drbd) throw new Error("the pair has both");
    expect(await ofPacemaker(cluster(ruby))).not.toEqual([]);
    expect(await ofPacemaker(cluster(silent(ruby)))).toEqual([]);
    expect(await ofPacemaker(cluster(ruby), "", T0 + 60_000)).toEqual([]);
    const sources = {
      ...ruby.sources,
      pacemaker: { ...known, reading: failed("crm_mon did not answer within 5 s") },
      drbd: { ...drbd, reading: { status: "absent" as const, takenAtMs: T0 } },
    };
    expect(await ofPacemaker(cluster({ ...ruby, sources }))).toEqual([]);
  });
});
