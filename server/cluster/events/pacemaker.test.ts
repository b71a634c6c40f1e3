// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { cluster, enrolled, fact, member, nodeFacts, ok, pacemaker, resource, T0 } from "../factories";
import { calmPacemaker, pair } from "../pair.factories";
import { reduce } from "../reduce";
import { tell } from "../tell.factories";

describe("Pacemaker in events", () => {
  const said = (value: Pacemaker, atMs = T0 + 1_000) => fact("pacemaker", { pacemaker: ok(value, atMs) }, atMs);
  const nodes = [member("ruby", { isDc: true }), member("crystal")];

  it("every node tells the same; the timeline hears it once", () => {
    const after = pacemaker([member("ruby", { isDc: true }), member("crystal", { standby: true })], [resource("g_mail", "ruby")]);
    const { texts } = tell(pair(), ["crystal", said(after)], ["ruby", said(after)], ["crystal", said(after)]);
    expect(texts).toEqual(["crystal in standby"]);
  });

  it("a fencing from before the first reading is told at its own time, once, as read from the cluster's history", () => {
    const order = { action: "reboot", client: "pacemaker-controld.7", origin: "ruby", exitReason: null };
    const done = { ...order, target: "crystal", status: "success", delegate: "ruby", completed: "2023-11-14 21:00:05Z" };
    const first = said(pacemaker(nodes, [], { fencing: [done] }));
    const { facts, events } = reduce(cluster(enrolled("ruby")), { type: "frame", node: "ruby", frame: first }, T0 + 2_000);
    expect(events).toMatchObject([
      {
        ...{ what: "fencing", text: "crystal fenced by ruby (reboot)", subject: "crystal" },
        atMs: Date.parse("2023-11-14T21:00:05Z"),
        why: "It was over before this console watched: read from the cluster's own fence history.",
      },
    ]);
    expect(tell(facts, ["ruby", said(pacemaker(nodes, [], { fencing: [done], dc: "crystal" }))]).texts).toEqual([
      "DC is crystal, was ruby",
    ]);
  });

  it("a dead DC's last word does not hold the timeline", () => {
    const survivors = pacemaker(
      [member("ruby", { online: false, unclean: true }), member("crystal")],
      [resource("g_mail", "ruby", { onOfflineNode: true })],
      { dc: null },
    );
    const moved = pacemaker([member("ruby", { online: false }), member("crystal", { isDc: true })], [resource("g_mail", "crystal")], {
      dc: "crystal",
    });
    const { texts } = tell(pair(), ["crystal", said(survivors, T0 + 4_000)], ["crystal", said(moved, T0 + 13_000)]);
    expect(texts).toEqual([
      "ruby unclean: gone, and not known to be down",
      "DC is crystal",
      "ruby offline",
      "g_mail moved to crystal from ruby, away for 9 s",
    ]);
  });

  it("a group moves through halves and is told when it has arrived", () => {
    const group = (ip: string | null, fs: string | null) =>
      pacemaker(nodes, [resource("ip", ip, { parents: ["g_mail"] }), resource("fs", fs, { parents: ["g_mail"] })], {
        collections: [{ id: "g_mail", kind: "group", parents: [], managed: true }],
      });
    const facts = cluster(nodeFacts("ruby", { pacemaker: group("ruby", "ruby") }));
    const { texts } = tell(
      facts,
      ["ruby", said(group("ruby", null), T0 + 1_000)],
      ["ruby", said(group(null, null), T0 + 3_000)],
      ["ruby", said(group("crystal", null), T0 + 6_000)],
      ["ruby", said(group("crystal", "crystal"), T0 + 10_000)],
    );
    expect(texts).toEqual(["g_mail stopped on ruby", "g_mail moved to crystal from ruby, away for 9 s"]);
  });

  it.each<[string, Partial<Pacemaker>, string[]]>([
    ["quorum lost", { quorate: false }, ["quorum lost"]],
    ["maintenance", { maintenance: true }, ["maintenance on: the cluster starts and stops nothing"]],
    ["fencing off", { stonithEnabled: false }, ["fencing off"]],
    ["a ban left by a move", { constraints: [constraint("cli-ban-g_mail-on-crystal")] }, ["g_mail banned from crystal"]],
    ["DRBD's own lock", { constraints: [constraint("drbd-fence-by-handler-store-ms_store")] }, ["DRBD locked promotion of g_mail"]],
    ["a constraint of the configuration", { constraints: [{ ...constraint("loc-1"), score: "100" }] }, []],
    ["a failed service", { resources: [resource("g_mail", "ruby", { failed: true })] }, ["g_mail failed on ruby"]],
    ["running fencing", { fencing: [fencing("pending", null)] }, ["crystal is being fenced (reboot)"]],
    ["done fencing", { fencing: [fencing("success", "ruby")] }, ["crystal fenced by ruby (reboot)"]],
  ])("%s", (_, more, expected) => {
    const value = { ...calmPacemaker(), ...more };
    expect(tell(pair(), ["ruby", said(value)], ["crystal", said(value)]).texts).toEqual(expected);
  });

  function constraint(id: string) {
    return { id, kind: "location" as const, resource: "g_mail", with: null, node: "crystal", score: "-INFINITY", role: null, rule: null };
  }
  function fencing(status: string, delegate: string | null) {
    return { target: "crystal", action: "reboot", status, delegate, client: "controld", origin: "ruby", completed: null, exitReason: null };
  }

  it("a promoted instance that moves", () => {
    const at = (promoted: string, other: string) =>
      pacemaker(
        nodes,
        [
          resource("drbd", promoted, { parents: ["ms"], role: "Promoted" }),
          resource("drbd", other, { parents: ["ms"], role: "Unpromoted" }),
        ],
        {
          collections: [{ id: "ms", kind: "promotable", parents: [], managed: true }],
        },
      );
    const facts = cluster(nodeFacts("ruby", { pacemaker: at("ruby", "crystal") }));
    expect(tell(facts, ["ruby", said(at("crystal", "ruby"))]).texts.sort()).toEqual(["drbd demoted on ruby", "drbd promoted on crystal"]);
  });

  it("two sides that call each other gone are said once, not told as news of both", () => {
    const mine = pacemaker([member("ruby"), member("crystal", { online: false })], [], { dc: "ruby" });
    const theirs = pacemaker([member("crystal"), member("ruby", { online: false })], [], { dc: "crystal" });
    const facts = cluster(nodeFacts("ruby", { pacemaker: mine }), nodeFacts("crystal", { pacemaker: calmPacemaker() }));
    const { texts } = tell(facts, ["crystal", said(theirs, T0 + 5_000)]);
    expect(texts).toEqual(["ruby and crystal each call the other gone: from here on as crystal sees it"]);
  });

  it("what a node said before it was gone is not believed when the others have it back, until it is read anew", () => {
    const asDc = (dc: string, crystal: Partial<Pacemaker["nodes"][number]> = {}) =>
      pacemaker([member("ruby"), member("crystal", crystal)], [], { dc });
    const facts = cluster(nodeFacts("ruby", { pacemaker: asDc("crystal") }), nodeFacts("crystal", { pacemaker: asDc("crystal") }));
    const { texts } = tell(
      facts,
      ["ruby", said(asDc("ruby", { online: false, unclean: true }), T0 + 5_000)],
      ["ruby", said(asDc("ruby", { online: false }), T0 + 7_000)],
      // crystal has not been read since: its own last word, that it is the DC, is older than its loss.
      ["ruby", said(asDc("ruby"), T0 + 30_000)],
      ["ruby", said({ ...asDc("ruby"), maintenance: true }, T0 + 31_000)],
      ["crystal", said({ ...asDc("ruby"), maintenance: true }, T0 + 32_000)],
    );
    expect(texts).toEqual([
      "DC is ruby, was crystal",
      "crystal unclean: gone, and not known to be down",
      "crystal offline",
      "crystal online",
      "maintenance on: the cluster starts and stops nothing",
    ]);
  });
});
