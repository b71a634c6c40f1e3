// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import type { AoeDevice, AoeExport } from "@/agent/protocol/model/aoe";
import { aoeDevice, aoeExport, around, cluster, drbd, enrolled, host, nodeFacts, silent, T0, target } from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { crystalSide } from "./pair.factories";
import { project } from "./project";

const JADE = "52:54:00:00:01:00";
const GLOUTON = "52:54:00:00:02:00";
const nic = (name: string, mac: string) => ({ name, mac, linkUp: true, speedBitsPerSec: 1e9, mtu: 9_000 });

function attic(devices: AoeDevice[], jade: AoeExport[], glouton: AoeExport[]): ClusterFacts {
  return cluster(
    nodeFacts("jade", {
      aoe: { devices: [], exports: jade, deadSeconds: null, unread: [] },
      host: host({ interfaces: [nic("e1p1", JADE)] }),
      drbd: drbd([crystalSide({ peers: [] })]),
    }),
    nodeFacts("glouton", {
      aoe: { devices: [], exports: glouton, deadSeconds: null, unread: [] },
      host: host({ interfaces: [nic("e1p1", GLOUTON)] }),
    }),
    nodeFacts(
      "hv06",
      { aoe: { devices, exports: [], deadSeconds: 180, unread: [] }, host: host({ interfaces: [nic("eth2", "52:54:00:00:06:00")] }) },
      { role: "client" },
    ),
  );
}

function see(facts: ClusterFacts): View {
  return project(facts, around(), new Map());
}

function aoe(view: View, key = "aoe:hv06/e1.1"): EntityOf<"aoe"> {
  const entity = view.get(key);
  if (entity?.kind !== "aoe") throw new Error(`no ${key}`);
  return entity;
}

const dead = { window: 1, taint: 1_000 };
const here = [aoeExport("e1.1")];

describe("where a client's disk leads", () => {
  it.each<[string, AoeDevice, AoeExport[], AoeExport[], string, string | null]>([
    ["to the node that exports it", aoeDevice("e1.1", [target(JADE)]), here, [], "ok talks to jade", null],
    [
      "to a node where nobody answers any more",
      aoeDevice("e1.1", [target(GLOUTON, dead)]),
      here,
      [],
      "bad nobody answers there",
      "aoe-stat says up",
    ],
    [
      "to a MAC nobody owns",
      aoeDevice("e1.1", [target("02:00:00:00:00:99")]),
      here,
      [],
      "bad talks to a MAC nobody owns",
      "aoe-stat says up",
    ],
    ["to an export that does not answer", aoeDevice("e1.1", [target(JADE, dead)]), here, [], "bad silent", "aoe-stat says up"],
    [
      "to two, one of them dead",
      aoeDevice("e1.1", [target(JADE), target(GLOUTON, dead)]),
      here,
      here,
      "risk talks to jade, not to all",
      null,
    ],
    ["to nowhere: the driver itself says down", aoeDevice("e1.1", [target(JADE)], { state: "down,closewait" }), here, [], "bad down", null],
    ["not known: targets may not be read", aoeDevice("e1.1", null), here, [], "unknown up, targets not known", null],
    ["a state nobody knows", aoeDevice("e1.1", [target(JADE)], { state: "sideways" }), here, [], "unknown sideways", null],
    [
      "a window that never was larger is no sign of death",
      aoeDevice("e1.1", [target(JADE, { window: 1, windowMax: 1, taint: 0 })]),
      here,
      [],
      "ok talks to jade",
      null,
    ],
  ])("%s", (_, device, jade, glouton, expected, tool) => {
    const { said, toolSays } = aoe(see(attic([device], jade, glouton)));
    expect([`${said.level} ${said.word}`, toolSays]).toEqual([expected, tool]);
  });

  it("is not called good when the target's node is not heard", () => {
    const facts = attic([aoeDevice("e1.1", [target(JADE)])], here, []);
    const nodes = [...facts.nodes.values()].map((node) => (node.node === "jade" ? silent(node) : node));
    expect(aoe(see(cluster(...nodes))).said.level).toBe("unknown");
  });

  it("a MAC that nobody shows is nobody's only while every other node's interfaces are known", () => {
    const facts = attic([aoeDevice("e1.1", [target("02:00:00:00:00:99")])], here, []);
    const replaced = (name: string, node: NodeFacts) =>
      see(cluster(...[...facts.nodes.values()].map((one) => (one.node === name ? node : one))));
    const glouton = facts.nodes.get("glouton");
    const hv06 = facts.nodes.get("hv06");
    if (!glouton || !hv06) throw new Error("no attic");
    const hidden = { what: "interface e1p2", code: "COLLECT_READ" as const, message: "gone" };
    const partly = nodeFacts("glouton", { host: host({ interfaces: [nic("e1p1", GLOUTON)], unread: [hidden] }) });
    for (const view of [replaced("glouton", silent(glouton)), replaced("glouton", enrolled("glouton")), replaced("glouton", partly)]) {
      expect(aoe(view).said).toEqual({
        level: "unknown",
        word: "talks to a MAC not known yet",
        why: "It may be one of glouton: not all interfaces there are known now.",
      });
    }
    const { host: _, ...sources } = hv06.sources;
    expect(aoe(replaced("hv06", { ...hv06, sources })).said.word).toBe("talks to a MAC nobody owns");
  });

  it("to a node that was read just now and has no AoE at all: nobody answers there", () => {
    const facts = attic([aoeDevice("e1.1", [target(GLOUTON, dead)])], here, []);
    const bare = nodeFacts("glouton", { host: host({ interfaces: [nic("e1p1", GLOUTON)] }) });
    const nodes = [...facts.nodes.values()].map((node) => (node.node === "glouton" ? bare : node));
    expect(aoe(see(cluster(...nodes))).said.why).toBe("No vblade for e1.1 runs on glouton. Window 1 of 16, taint 1000.");
  });

  it("tells the client whether its disks are there", () => {
    const good = see(attic([aoeDevice("e1.1", [target(JADE)])], here, []));
    const bad = see(attic([aoeDevice("e1.1", [target(GLOUTON, dead)])], here, []));
    const carries = (view: View) => {
      const node = view.get("node:hv06");
      return node?.kind === "node" ? `${node.state.word}: ${node.carries.word}` : null;
    };
    expect(carries(good)).toBe("up: Its disk is there.");
    expect(carries(bad)).toBe("up: e1.1 is not there.");
    const headline = bad.get("cluster");
    expect(headline?.kind === "cluster" ? headline.headline.word : null).toBe("Broken: hv06: e1.1 is sent where nobody answers");
  });
});

describe("an export", () => {
  it("names the mirror its device is, and says when it runs without -s", () => {
    const view = see(attic([], [aoeExport("e1.1", { sync: false })], []));
    expect(view.get("export:jade/e1.1/e1p1")).toMatchObject({ mirror: "mirror:store/0", said: { level: "risk", word: "runs without -s" } });
    expect(view.get("finding:aoe-sync:jade/e1.1")).toMatchObject({ title: "vblade for e1.1 on jade runs without -s", sinceMs: T0 });
  });
});
