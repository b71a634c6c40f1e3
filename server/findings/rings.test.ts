// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Corosync } from "@/agent/protocol/model/corosync";
import { corosync, link, stoppedCorosync, withoutQuorum } from "@/server/cluster/corosync.factories";
import { around, cluster, member, nodeFacts, pacemaker, silent, T0 } from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import { calmPacemaker, pair } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";

const NAMES = ["ruby", "crystal"];
const pairOf = (ruby: Corosync, crystal: Corosync) => pair({ corosync: ruby }, { corosync: crystal });

const findings = (facts: ClusterFacts, nowMs = T0) =>
  [...project(facts, around(nowMs), new Map()).values()].flatMap((entity) => (entity.kind === "finding" ? [entity] : []));
const found = (facts: ClusterFacts, nowMs = T0) => findings(facts, nowMs).map(({ level, title }) => `${level} ${title}`);

describe("a ring that is down", () => {
  it("is told with both addresses, what is left, and that Pacemaker does not show it", () => {
    const [finding, more] = findings(pairOf(corosync(1, NAMES, ["1 2"]), corosync(2, NAMES, ["1 1"])));
    expect(more).toBeUndefined();
    expect(finding).toMatchObject({
      level: "risk",
      title: "Ring 1 between crystal and ruby is down",
      why: "Only ring 0 still carries; without it they lose each other. Pacemaker does not show this.",
      todo: "Look at the cables and switch ports of ring 1: crystal 10.21.0.12 and ruby 10.21.0.11.",
      about: ["ring:1", "corosync:crystal", "corosync:ruby"],
    });
  });

  it("on every ring is broken", () => {
    const facts = pairOf(corosync(1, NAMES, ["0 2", "1 2"]), corosync(2, NAMES, ["0 1", "1 1"]));
    expect(found(facts)).toEqual(["bad Ring 0 between crystal and ruby is down", "bad Ring 1 between crystal and ruby is down"]);
  });

  it("for one end only says who hears whom", () => {
    expect(found(pairOf(corosync(1, NAMES), corosync(2, NAMES, ["1 1"])))).toEqual([
      "risk Ring 1: ruby hears crystal, crystal does not hear ruby",
    ]);
  });

  it("names the node that is off it, or all that are apart, once", () => {
    const names = ["bergen", "narvik", "tromso"];
    const of = (...values: Corosync[]) => {
      const cib = pacemaker(names.map((name) => member(name)));
      return cluster(...names.map((name, at) => nodeFacts(name, { pacemaker: cib, ...(values[at] && { corosync: values[at] }) })));
    };
    expect(found(of(corosync(1, names, ["1 3"]), corosync(2, names, ["1 3"]), corosync(3, names, ["1 1", "1 2"])))).toEqual([
      "risk tromso is off ring 1",
    ]);
    const apart = (own: number) => corosync(own, names, ["1 1", "1 2", "1 3"]);
    expect(found(of(apart(1), apart(2), apart(3)))).toEqual(["risk Ring 1 between bergen, narvik and tromso is down"]);
  });

  it("to a node that is gone, or whose Corosync stopped, is that node's finding", () => {
    const ruby = corosync(1, NAMES, ["0 2", "1 2"]);
    expect(found(pairOf(ruby, stoppedCorosync()))).toEqual(["risk Corosync does not run on crystal"]);
    const nodes = pairOf(ruby, corosync(2, NAMES)).nodes;
    const crystal = nodes.get("crystal");
    if (!crystal) throw new Error("no crystal");
    const facts = pairOf(ruby, corosync(2, NAMES));
    const told = found({ ...facts, nodes: new Map(nodes).set("crystal", silent(crystal)) }, T0 + 5_000);
    expect(told.filter((title) => title.includes("ing"))).toEqual([]);
  });

  it("of Corosync before 3 is told as faulty", () => {
    const faulty = { peerId: null, isConnected: null, words: ["Marking ringid 1 interface 10.21.0.11 FAULTY"] };
    const good = { peerId: null, isConnected: null, words: ["ring 0 active with no faults"] };
    const old = (own: number) => corosync(own, NAMES, [], { links: [link(0, own, own, true, good), link(1, own, own, true, faulty)] });
    expect(found(pairOf(old(1), old(2)))).toEqual(["risk Ring 1 is faulty on crystal and ruby"]);
  });
});

describe("Corosync beside Pacemaker", () => {
  it("all well is no finding", () => {
    expect(found(pairOf(corosync(1, NAMES), corosync(2, NAMES)))).toEqual([]);
  });

  it("no quorum that Pacemaker does not show is told; where Pacemaker tells it, once", () => {
    const lost = withoutQuorum(corosync(1, NAMES));
    expect(found(pairOf(lost, corosync(2, NAMES)))).toEqual(["bad Corosync on ruby has no quorum"]);
    const without = { ...calmPacemaker(), quorate: false };
    const facts = pair({ corosync: lost, pacemaker: without }, { corosync: withoutQuorum(corosync(2, NAMES)), pacemaker: without });
    expect(found(facts)).toEqual(["bad The cluster has no quorum"]);
  });

  it("a loopback address, and what to do about it", () => {
    const links = [link(0, 1, 2, true, { localAddress: "127.0.1.1" }), link(1, 1, 2)];
    const [finding] = findings(pairOf(corosync(1, NAMES, [], { links }), corosync(2, NAMES)));
    expect(finding).toMatchObject({ level: "risk", title: "Ring 0 of ruby is on 127.0.1.1" });
    expect(finding?.todo).toContain("/etc/hosts");
  });

  it("cluster names that differ", () => {
    expect(found(pairOf(corosync(1, NAMES), corosync(2, NAMES, [], { clusterName: "debian" })))).toEqual([
      "differs Corosync's cluster name differs: debian on crystal and hacluster on ruby",
    ]);
  });

  it("one ring only is good to know, and no verdict", () => {
    const single = (own: number) => corosync(own, NAMES, [], { links: [link(0, own, 3 - own)] });
    const facts = pairOf(single(1), single(2));
    expect(found(facts)).toEqual(["absent Corosync has one ring only"]);
    expect(project(facts, around(), new Map()).get("cluster")).toMatchObject({ headline: { level: "ok" } });
  });

  it("a part that could not be read is told, for by it the links are judged; the configuration is not such a part", () => {
    const part = (what: string) => ({ unread: [{ what, code: "COLLECT_TIMEOUT" as const, message: `no ${what}` }] });
    expect(found(pairOf(corosync(1, NAMES, [], part("corosync.conf")), corosync(2, NAMES)))).toEqual([]);
    const facts = pairOf(corosync(1, NAMES, [], { ...part("links"), links: null }), corosync(2, NAMES));
    expect(found(facts).join()).toMatch(/^unknown Not known: .*Corosync: links on ruby/);
  });
});
