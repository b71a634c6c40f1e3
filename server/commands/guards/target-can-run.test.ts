// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import {
  nodeIsKnown,
  resourceIsKnown,
  targetDoesNotFail,
  targetIsAlike,
  targetIsNotBanned,
  targetIsProven,
  targetIsUp,
} from "./target-can-run";
import { constraint, context, mailMoves, NOTHING, node, resource, rubyGoes, said, says, standing, viewOf } from "./test-view";

const failure = {
  resource: "g_mail",
  node: "crystal",
  task: "start",
  intervalMs: null,
  exitCode: 7,
  exitStatus: "not running",
  exitReason: null,
  failCount: "2",
  lastChange: null,
};

describe("the target is up", () => {
  it("online: nothing to say; none is named: nothing either", () => {
    expect(says(targetIsUp, mailMoves(viewOf()))).toEqual([]);
    expect(says(targetIsUp, rubyGoes(viewOf()))).toEqual([]);
  });

  it.each([
    ["offline", { state: said("bad", "offline") }, "crystal is offline: nothing can start there. Bring it back first."],
    ["unclean", { state: said("bad", "unclean") }, "crystal is unclean: nothing can start there. Bring it back first."],
    ["leaving", { state: said("busy", "shutting down") }, "crystal is shutting down: nothing can start there. Bring it back first."],
    ["joining", { state: said("busy", "pending") }, "crystal is only joining the cluster. Wait until it is online."],
    ["in standby", { state: said("held", "standby") }, "crystal is in standby: nothing would start there. Take it back first."],
    ["in maintenance", { isInMaintenance: true }, "crystal is in maintenance: the cluster would start nothing there. End that first."],
    ["a client", { role: "client" as const }, "crystal is a client: it runs no services. Choose one of the storage nodes."],
  ])("%s: refused", (_, part, words) => {
    expect(says(targetIsUp, mailMoves(viewOf(node("crystal", part))))).toEqual([`block ${words}`]);
  });

  it("a name that nobody knows: refused, as target and as the node that goes", () => {
    expect(says(targetIsUp, mailMoves(viewOf(), {}, { to: "opal" }))).toEqual([
      "block There is no node opal in this cluster. Choose one of its nodes.",
    ]);
    expect(says(nodeIsKnown, context(viewOf(), { ...NOTHING, from: "opal" }))[0]).toMatch(/^block There is no node opal/);
    expect(says(nodeIsKnown, rubyGoes(viewOf()))).toEqual([]);
    expect(says(nodeIsKnown, context(viewOf(), NOTHING))).toEqual([]);
    const none = { ...NOTHING, resources: ["g_none"] };
    expect(says(resourceIsKnown, context(viewOf(), none))[0]).toMatch(/^block There is no resource g_none/);
    expect(says(resourceIsKnown, mailMoves(viewOf()))).toEqual([]);
  });
});

describe("bans", () => {
  it("left over from a move: refused, and to be cleared", () => {
    expect(says(targetIsNotBanned, mailMoves(viewOf(constraint("cli-ban-g_mail-on-crystal"))))).toEqual([
      "block g_mail is banned from crystal by cli-ban-g_mail-on-crystal. It is left over from a move or ban: clear it first.",
    ]);
  });

  it("of the configuration: refused, and another node is to be chosen", () => {
    expect(says(targetIsNotBanned, mailMoves(viewOf(constraint("loc-3"))))[0]).toContain("So the configuration says: choose another node.");
  });

  it("by a rule, of a member of the group, or of what it stands in: refused as well", () => {
    const rule = constraint("cli-ban-1", { node: null, rule: "#uname eq crystal" });
    expect(says(targetIsNotBanned, mailMoves(viewOf(rule)))).toHaveLength(1);
    const members = [resource("g_mail", "ruby", { type: "group", children: ["ip"] }), resource("ip", "ruby", { parents: ["g_mail"] })];
    expect(says(targetIsNotBanned, mailMoves(viewOf(...members, constraint("loc-3", { resource: "ip" }))))).toHaveLength(1);
  });

  it("of a group is told once, not of each member", () => {
    const group = [resource("g_mail", "ruby", { type: "group", children: ["ip"] }), resource("ip", "ruby", { parents: ["g_mail"] })];
    expect(says(targetIsNotBanned, rubyGoes(viewOf(...group, constraint("cli-ban-g_mail-on-crystal"))))).toHaveLength(1);
    expect(says(targetIsNotBanned, mailMoves(viewOf(...group, constraint("cli-ban-g_mail-on-crystal"))))).toHaveLength(1);
  });

  it.each([
    ["elsewhere", { node: "jade" }],
    ["of another resource", { resource: "g_web" }],
    ["of the promoted role alone", { role: "Promoted" }],
    ["a preference", { score: "100" }],
    ["a colocation", { kind: "colocation" as const }],
  ])("%s: nothing to say", (_, more) => {
    expect(says(targetIsNotBanned, mailMoves(viewOf(constraint("loc-3", more))))).toEqual([]);
  });

  it("DRBD's own lock is another guard's", () => {
    expect(says(targetIsNotBanned, mailMoves(viewOf(constraint("drbd-fence-by-handler-store-ms"))))).toEqual([]);
  });

  it("a node goes, and a service on it has no other place: warned of", () => {
    expect(says(targetIsNotBanned, rubyGoes(viewOf(constraint("cli-ban-g_mail-on-crystal"))))).toEqual([
      "warn g_mail has no other place to run: cli-ban-g_mail-on-crystal keeps it off crystal. It is left over from a move or ban: clear it first.",
    ]);
  });

  it("a node goes, and a third may take it, or nobody at all, or it is a clone: nothing to say", () => {
    const ban = constraint("cli-ban-g_mail-on-crystal");
    expect(says(targetIsNotBanned, rubyGoes(viewOf(ban, node("jade"))))).toEqual([]);
    expect(says(targetIsNotBanned, rubyGoes(viewOf(ban, node("crystal", { state: said("bad", "offline") }))))).toEqual([]);
    expect(says(targetIsNotBanned, rubyGoes(viewOf(ban, resource("g_mail", "ruby", { type: "clone" }))))).toEqual([]);
    const inside = [resource("c", "ruby", { type: "clone" }), resource("g_mail", "ruby", { parents: ["c"] })];
    expect(says(targetIsNotBanned, rubyGoes(viewOf(ban, ...inside)))).toEqual([]);
  });
});

describe("failures there", () => {
  it("remembered on the target: warned of, with count and reason", () => {
    expect(says(targetDoesNotFail, mailMoves(viewOf(resource("g_mail", "ruby", { failures: [failure] }))))).toEqual([
      "warn g_mail failed on crystal (start, fail count 2: not running): it may fail there again, or not be started at all. See why, then clean up.",
    ]);
  });

  it("without a count they are counted", () => {
    const bare = { ...failure, failCount: null, exitStatus: null };
    expect(says(targetDoesNotFail, mailMoves(viewOf(resource("g_mail", "ruby", { failures: [bare] }))))[0]).toContain("(start, 1 failure)");
  });

  it("elsewhere, or where a third may take it: nothing to say", () => {
    const here = resource("g_mail", "ruby", { failures: [{ ...failure, node: "ruby" }] });
    expect(says(targetDoesNotFail, mailMoves(viewOf(here)))).toEqual([]);
    expect(says(targetDoesNotFail, rubyGoes(viewOf(resource("g_mail", "ruby", { failures: [failure] }), node("jade"))))).toEqual([]);
    expect(says(targetDoesNotFail, rubyGoes(viewOf(resource("g_mail", "ruby", { failures: [failure] }))))).toHaveLength(1);
  });
});

describe("never run there", () => {
  const timing = (on: string, task: string) => ({ node: on, task, tookMs: 900, timeoutMs: null });

  it("is told", () => {
    expect(says(targetIsProven, mailMoves(viewOf(resource("g_mail", "ruby", { timings: [timing("ruby", "start")] }))))).toEqual([
      "inform The cluster remembers no start or stop of g_mail on crystal: whether it runs there is not proven.",
    ]);
  });

  it("was there before, or operations are not read: nothing to say", () => {
    expect(says(targetIsProven, mailMoves(viewOf(resource("g_mail", "ruby", { timings: [timing("crystal", "stop")] }))))).toEqual([]);
    expect(says(targetIsProven, mailMoves(viewOf()))).toEqual([]);
    expect(says(targetIsProven, rubyGoes(viewOf(resource("f", "ruby", { timings: [], agent: "stonith:fence_ipmilan" }))))).toEqual([]);
  });

  it("many are counted", () => {
    const many = ["a", "b", "c", "d", "e", "f"].map((id) => resource(id, "ruby", { timings: [] }));
    expect(says(targetIsProven, rubyGoes(viewOf(...many)))[0]).toContain("a, b, c, d and 2 others on crystal");
  });
});

describe("other software there", () => {
  const versions = (what: string, version: string) => ({ versions: [{ what, version, differs: null }] });

  it("what decides how a service starts: warned of in a command, told in a verdict", () => {
    const view = viewOf(node("ruby", versions("DRBD module", "8.4.11")), node("crystal", versions("DRBD module", "8.4.10")));
    expect(says(targetIsAlike, rubyGoes(view))).toEqual(["warn crystal differs from ruby: DRBD module 8.4.10 there, 8.4.11 here."]);
    expect(says(targetIsAlike, standing(view))[0]).toMatch(/^inform /);
  });

  it("a kernel alone: told", () => {
    const view = viewOf(node("ruby", versions("Kernel", "6.1")), node("crystal", versions("Kernel", "6.2")));
    expect(says(targetIsAlike, mailMoves(view))[0]).toMatch(/^inform /);
  });

  it("alike, or not read: nothing to say", () => {
    const alike = viewOf(node("ruby", versions("Kernel", "6.1")), node("crystal", versions("Kernel", "6.1")));
    expect(says(targetIsAlike, mailMoves(alike))).toEqual([]);
    expect(says(targetIsAlike, mailMoves(viewOf(node("ruby", versions("Kernel", "6.1")))))).toEqual([]);
    expect(says(targetIsAlike, mailMoves(viewOf()))).toEqual([]);
  });
});
