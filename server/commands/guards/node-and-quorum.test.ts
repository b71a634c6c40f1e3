// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { agentMayAct } from "./agent-may-act";
import { anotherNodeIsKnown, anotherNodeIsUsable } from "./another-node-is-usable";
import { clusterHasQuorum, othersKeepQuorum, quorumIsKnown } from "./cluster-has-quorum";
import { clusterIsSettled, nobodyIsJoining } from "./cluster-is-settled";
import { noOtherCommandRuns } from "./one-command-at-a-time";
import { cluster, context, fencing, mailMoves, NOTHING, node, resource, rubyGoes, run, said, says, standing, viewOf } from "./test-view";
import { corosyncEntity } from "./test-view-storage";

const fence = { verb: "node.fence", title: "Fence ruby" };

describe("the last usable node", () => {
  it("another one is usable: nothing to say", () => {
    expect(says(anotherNodeIsUsable, rubyGoes(viewOf()))).toEqual([]);
    expect(says(anotherNodeIsUsable, mailMoves(viewOf(node("crystal", { state: said("bad", "offline") }))))).toEqual([]);
  });

  it.each([
    ["offline", { state: said("bad", "offline") }, "offline"],
    ["joining", { state: said("busy", "pending") }, "pending"],
    ["in maintenance", { state: said("held", "maintenance"), isInMaintenance: true }, "maintenance"],
  ])("the other one is %s: refused", (_, part, word) => {
    expect(says(anotherNodeIsUsable, rubyGoes(viewOf(node("crystal", part))))).toEqual([
      `block No node would be left to run anything: crystal is ${word}. Bring another one back first.`,
    ]);
  });

  it("of the other one is not known whether it is: refused, and not as knowledge", () => {
    const view = viewOf(node("crystal", { state: said("old", "silent") }));
    expect(says(anotherNodeIsUsable, rubyGoes(view))).toEqual([]);
    expect(says(anotherNodeIsKnown, rubyGoes(view))).toEqual([
      "block I can't tell whether this is safe: whether a node would be left to run anything is not known: crystal is silent. Look at it first.",
    ]);
    expect(says(anotherNodeIsKnown, rubyGoes(viewOf()))).toEqual([]);
    expect(says(anotherNodeIsKnown, rubyGoes(viewOf(node("crystal", { state: said("bad", "offline") }))))).toEqual([]);
  });

  it("the whole cluster is managed by hand: that is another guard's", () => {
    expect(says(anotherNodeIsUsable, rubyGoes(viewOf(node("crystal", { state: said("held", "managed by hand") }))))).toEqual([]);
  });

  it("the other ones were put in standby: a full stop may be meant, and the name is typed", () => {
    expect(says(anotherNodeIsUsable, rubyGoes(viewOf(node("crystal", { state: said("held", "standby") }))))).toEqual([
      "type No node would be left to run anything: crystal is standby. Go on only if everything is to stop; else take one back first.",
    ]);
  });
});

describe("quorum", () => {
  it("there: nothing to say; old: another guard's", () => {
    expect(says(clusterHasQuorum, rubyGoes(viewOf()))).toEqual([]);
    expect(says(clusterHasQuorum, rubyGoes(viewOf(cluster({}, { quorum: said("old", "was quorate") }))))).toEqual([]);
    expect(says(clusterHasQuorum, rubyGoes(viewOf(cluster({ pacemaker: null }))))).toEqual([]);
  });

  it("lost, or not known: refused", () => {
    expect(says(clusterHasQuorum, rubyGoes(viewOf(cluster({}, { quorum: said("bad", "no quorum") }))))[0]).toMatch(
      /^block The side that is heard/,
    );
    const unsaid = viewOf(cluster({}, { quorum: said("unknown", "not said") }));
    expect(says(quorumIsKnown, rubyGoes(unsaid))[0]).toMatch(/^block I can't tell/);
    expect([...says(clusterHasQuorum, rubyGoes(unsaid)), ...says(quorumIsKnown, rubyGoes(viewOf()))]).toEqual([]);
  });

  it("standby keeps the vote", () => {
    expect(says(othersKeepQuorum, rubyGoes(viewOf()))).toEqual(["inform ruby keeps its vote in standby, and can still be fenced."]);
    expect(says(othersKeepQuorum, standing(viewOf()))).toEqual([]);
    expect(says(othersKeepQuorum, mailMoves(viewOf()))).toEqual([]);
  });

  it("the others would be too few once it is down: warned of; before a fencing the name is typed", () => {
    const view = viewOf(corosyncEntity("crystal", { totalVotes: 2, quorumVotes: 2, flags: ["Quorate"] }));
    const words = "Without ruby's vote the others have 1 of the 2 that a quorum needs";
    expect(says(othersKeepQuorum, standing(view))).toEqual([
      `warn ${words}: do not shut it down while it is so. Bring another node back first.`,
    ]);
    expect(says(othersKeepQuorum, rubyGoes(view))).toHaveLength(2);
    expect(says(othersKeepQuorum, rubyGoes(view, fence))).toEqual([
      `type ${words}: they would stop everything. Bring another node back first.`,
    ]);
  });

  it("two nodes by their flag, or votes enough: nothing to say", () => {
    const pair = corosyncEntity("crystal", { totalVotes: 2, quorumVotes: 1, flags: ["2Node", "Quorate"] });
    const many = corosyncEntity("crystal", { totalVotes: 3, quorumVotes: 2, flags: ["Quorate"] });
    const unsaid = corosyncEntity("crystal", { totalVotes: null, quorumVotes: null, flags: [] });
    for (const one of [pair, many, unsaid]) expect(says(othersKeepQuorum, standing(viewOf(one)))).toEqual([]);
  });
});

describe("what is under way", () => {
  it("nothing: nothing to say; a monitor changes nothing", () => {
    expect(says(clusterIsSettled, rubyGoes(viewOf(resource("g_mail", "ruby", { pending: "Monitoring" }))))).toEqual([]);
  });

  it("an operation: refused", () => {
    expect(says(clusterIsSettled, rubyGoes(viewOf(resource("g_mail", "ruby", { pending: "Stopping" }))))).toEqual([
      "block The cluster is at work: g_mail is stopping on ruby. Wait until that has ended.",
    ]);
    const starting = { places: [{ node: "crystal", role: "Starting", said: said("busy", "starting") }] };
    expect(says(clusterIsSettled, rubyGoes(viewOf(resource("g_mail", null, starting))))[0]).toContain("g_mail is starting on crystal");
  });

  it("many operations are counted", () => {
    const busy = ["a", "b", "c", "d", "e"].map((id) => resource(id, "ruby", { pending: "Starting" }));
    expect(says(clusterIsSettled, rubyGoes(viewOf(...busy)))[0]).toContain("and 2 more operations.");
  });

  it("a node that leaves, a node that is being fenced: refused", () => {
    expect(says(clusterIsSettled, rubyGoes(viewOf(node("crystal", { state: said("busy", "shutting down") }))))[0]).toContain("is leaving");
    expect(says(clusterIsSettled, rubyGoes(viewOf(fencing("crystal", "pending"))))[0]).toContain("crystal is being fenced");
  });

  it("a node that joins, or whose Pacemaker is stopped: warned of; refused where it is the one", () => {
    const joining = (name: string) => viewOf(node(name, { state: said("busy", "pending") }));
    expect(says(nobodyIsJoining, rubyGoes(joining("jade")))).toEqual([
      "warn jade is joining the cluster, or its Pacemaker is stopped: services may move once it has joined.",
    ]);
    expect(says(nobodyIsJoining, standing(joining("jade")))[0]).toMatch(/^inform /);
    expect(says(nobodyIsJoining, rubyGoes(joining("ruby")))[0]).toMatch(/^block ruby is joining/);
    expect(says(nobodyIsJoining, rubyGoes(joining("ruby"), fence))[0]).toMatch(/^warn /);
    expect(says(nobodyIsJoining, rubyGoes(viewOf()))).toEqual([]);
  });

  it("a fencing waits for a fencing of the same node alone", () => {
    const busy = resource("g_mail", "ruby", { pending: "Stopping" });
    expect(says(clusterIsSettled, rubyGoes(viewOf(busy, fencing("crystal", "pending")), fence))).toEqual([]);
    expect(says(clusterIsSettled, rubyGoes(viewOf(busy, fencing("ruby", "pending")), fence))).toHaveLength(1);
  });

  it("what holds the cluster still is only warned", () => {
    const busy = viewOf(resource("g_mail", "ruby", { pending: "Stopping" }));
    expect(says(clusterIsSettled, rubyGoes(busy, { verb: "cluster.maintenance-on" }))[0]).toMatch(/^warn /);
    expect(says(clusterIsSettled, rubyGoes(busy, { verb: "resource.unmanage" }))[0]).toMatch(/^warn /);
  });
});

describe("one command at a time", () => {
  it("somebody else's: refused, with whose and since when", () => {
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(run("1"))))).toEqual([
      "block anna is putting ruby in standby (started 20 s ago). One such command per cluster at a time: wait until it has ended.",
    ]);
    expect(says(noOtherCommandRuns, standing(viewOf(run("1"))))[0]).not.toContain("ago");
  });

  it("a verb without its own words is named by its title", () => {
    const other = run("1", { ask: { verb: "cluster.maintenance", args: {} }, title: "Maintenance of san-a" });
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(other)))[0]).toContain("anna is at work: Maintenance of san-a (started");
  });

  it("its own, one that has ended, one that moves nothing: nothing to say", () => {
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(run("1")), { runId: "1" }))).toEqual([]);
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(run("1", { endedAtMs: 1 }))))).toEqual([]);
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(run("1", { isDisruptive: false }))))).toEqual([]);
  });

  it("a fencing may cut in, by typing the name", () => {
    expect(says(noOtherCommandRuns, rubyGoes(viewOf(run("1")), fence))[0]).toMatch(/^type anna is putting/);
  });
});

describe("the agent's policy", () => {
  const reader = (name: string) => node(name, { steps: [] });

  it("one member's agent may: nothing to say", () => {
    expect(says(agentMayAct, rubyGoes(viewOf(reader("ruby"))))).toEqual([]);
    expect(says(agentMayAct, rubyGoes(viewOf(reader("ruby"), reader("crystal")), { kinds: [] }))).toEqual([]);
  });

  it("none may, or none is heard: refused", () => {
    expect(says(agentMayAct, rubyGoes(viewOf(reader("ruby"), node("crystal", { link: "lost" }))))).toEqual([
      "block No agent here may do it: the policy on ruby does not allow standby. Allow it there, and restart the agent.",
    ]);
    const silent = ["ruby", "crystal"].map((name) => node(name, { link: "lost" }));
    expect(says(agentMayAct, rubyGoes(viewOf(...silent)))[0]).toMatch(/^block No agent that could do it is heard/);
  });

  it("nobody fences itself", () => {
    expect(says(agentMayAct, rubyGoes(viewOf(reader("crystal")), { ...fence, kinds: ["fence"] }))[0]).toContain(
      "the policy on crystal does not allow fence",
    );
  });

  it("AoE may be asked for on a client", () => {
    const asked = context(viewOf(reader("ruby"), reader("crystal"), node("hv01", { role: "client" })), NOTHING, {
      verb: "aoe.discover",
      kinds: ["aoeDiscover"],
    });
    expect(says(agentMayAct, asked)).toEqual([]);
    expect(says(agentMayAct, { ...asked, verb: "node.standby", kinds: ["standby"] })).toHaveLength(1);
  });
});
