// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import { corosync } from "@/server/cluster/corosync.factories";
import { around, bond, cluster, drbd, host, member, nodeFacts, pacemaker, port, resource, silent, T0 } from "@/server/cluster/factories";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { san } from "@/server/cluster/iscsi.factories";
import { calmPacemaker, crystalSettings, crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";
import { withCauses } from "./causes";
import type { Caused } from "./define";
import { LINKS_AND_PATHS } from "./proofs/links.factories";
import { bonds, changed, LOST, mirror } from "./proofs/scenes.factories";

/** What the wall counts: a line for each finding that stands by itself, with what follows behind it. */
function lines(facts: ClusterFacts, since: Record<string, number> = {}, nowMs = T0 + 500): string[] {
  const found = [...project(facts, around(nowMs, { findingSince: new Map(Object.entries(since)) }), new Map())].flatMap(([key, one]) =>
    one.kind === "finding" ? [{ ...one, id: key.slice("finding:".length) }] : [],
  );
  return found
    .filter(({ cause }) => cause === null)
    .map(({ id, title }) => [title, ...found.filter(({ cause }) => cause === id).map((one) => one.title)].join(" > "));
}

function valuesOf({ sources }: NodeFacts) {
  const { drbd: d, bonding, corosync: c, pacemaker: p } = sources;
  if (!d?.lastOk || !bonding?.lastOk || !c?.lastOk || !p?.lastOk) throw new Error("not read");
  return { drbd: d.lastOk.value, bonding: bonding.lastOk.value, corosync: c.lastOk.value, pacemaker: p.lastOk.value };
}

function headline(facts: ClusterFacts) {
  const whole = project(facts, around(T0 + 500), new Map()).get("cluster");
  return whole?.kind === "cluster" ? whole.headline : null;
}

const ruby = (more: Parameters<typeof nodeFacts>[1] = {}) =>
  nodeFacts("ruby", {
    drbd: drbd([rubySide({ cs: "WFConnection" }, { connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" })], {
      settings: [rubySettings],
    }),
    pacemaker: calmPacemaker(),
    ...more,
  });
const crystal = (): NodeFacts => {
  const known = pair().nodes.get("crystal");
  if (!known) throw new Error("no crystal");
  return known;
};
const lock: PacemakerConstraint = {
  id: "drbd-fence-by-handler-store-ms_store",
  kind: "location",
  resource: "ms_store",
  with: null,
  node: null,
  score: "-INFINITY",
  role: "Master",
  rule: "#uname ne ruby",
};
const without = (more: Partial<Parameters<typeof member>[1]> = {}) =>
  pacemaker([member("ruby", { isDc: true }), member("crystal", { online: false, ...more })], [resource("g_mail", "ruby")], {
    constraints: [lock],
  });

describe("one line", () => {
  it("is a dead node, with the mirror that it leaves alone and DRBD's own lock", () => {
    expect(lines(cluster(ruby({ pacemaker: without() }), silent(crystal())))).toEqual([
      "crystal is offline > Only ruby holds store > DRBD has locked promotion of ms_store",
    ]);
  });

  it("is a dead node that no Pacemaker names: its silence, in the level of what follows", () => {
    const facts = cluster(ruby({ pacemaker: calmPacemaker() }), silent(crystal()));
    expect(lines(facts)).toEqual(["No word from crystal > Only ruby holds store"]);
    expect(headline(facts)).toMatchObject({
      level: "risk",
      word: "At risk: no word from crystal",
      why: expect.stringContaining("Only ruby holds store."),
    });
  });

  it("is a dead agent: nothing that its node did is known, and nothing else is told", () => {
    const facts = pair();
    const known = facts.nodes.get("ruby");
    if (!known) throw new Error("no ruby");
    expect(lines(cluster(known, silent(crystal())))).toEqual(["No word from crystal"]);
  });

  it("is a lost disk, with the mirror that it leaves alone", () => {
    const facts = pair(
      { drbd: drbd([rubySide({}, { disk: "Diskless" })], { settings: [rubySettings] }) },
      { drbd: drbd([crystalSide({ disk: "Diskless" })], { settings: [crystalSettings] }) },
    );
    expect(lines(facts)).toEqual(["crystal has no disk under store > Only ruby holds store"]);
  });
});

it("a dead agent is one line, also where targets and mounts stand on its mirrors", () => {
  const facts = san({ change: ({ ruby: one, crystal: other, hv01 }) => [one, silent(other), hv01] });
  expect(lines(facts)).toEqual(["No word from crystal"]);
});

it("a rule that is switched off is not looked at, the cluster says so, and what followed stands by itself", () => {
  const facts = cluster(ruby({ pacemaker: without() }), silent(crystal()));
  const view = project(facts, around(T0 + 500, { rulesOff: new Set(["node-gone"]) }), new Map());
  const whole = view.get("cluster");
  expect(whole?.kind === "cluster" ? whole.rulesOff : null).toEqual(["A node is gone"]);
  expect([...view.keys()].filter((key) => key.startsWith("finding:node-gone"))).toEqual([]);
  expect(view.get("finding:mirror-alone:ruby")).toMatchObject({ cause: null });
});

it("calm over what is not looked for says so", () => {
  const whole = project(pair(), around(T0, { rulesOff: new Set(["fencing-off", "left-over"]) }), new Map()).get("cluster");
  expect(whole).toMatchObject({ headline: { level: "ok", why: "2 nodes up, 1 mirror in sync. 2 rules are switched off." } });
});

it("a dead switch is one line, with every bond that misses it inside", () => {
  const { facts } = LINKS_AND_PATHS["switch-lost"]?.fires ?? { facts: pair() };
  expect(lines(facts)).toEqual([
    "The switch …00:73:bb:01 carries nothing any more > ruby: idmz has 1 of 2 ports > crystal: idmz has 1 of 2 ports",
  ]);
});

it("a bond that carries nothing is one line, with the mirror and the rings that leave by it inside", () => {
  const names = ["ruby", "crystal"];
  const down = ["0 2", "1 2"];
  const routes = [0, 20, 21].map((net) => ({ interface: "idmz", destination: `10.${net}.0.0`, prefixLength: 24 }));
  const facts = mirror([{ cs: "WFConnection" }, LOST], [{ cs: "WFConnection" }, LOST], {
    ruby: {
      ...bonds(bond("idmz", [port("p1", { link: "down" })], { link: "down" })),
      corosync: corosync(1, names, down),
      host: host({ routes }),
    },
    crystal: { corosync: corosync(2, names, ["0 1", "1 1"]) },
  });
  expect(lines(facts)).toEqual([
    "ruby: idmz has no port up > Only ruby holds store > Ring 0 between crystal and ruby is down > Ring 1 between crystal and ruby is down",
    "Replication and every ring share one link",
  ]);
  const unrouted = changed(facts, "ruby", (node) => nodeFacts("ruby", { ...valuesOf(node), host: host() }));
  expect(lines(unrouted)).toHaveLength(4);
});

it("what broke hours after an agent fell silent has its own cause", () => {
  const facts = cluster(ruby(), silent(crystal()));
  const since = { "node-silent:crystal": T0 - 10_800_000, "mirror-alone:ruby": T0 };
  expect(lines(facts, since)).toEqual(["Only ruby holds store", "No word from crystal"]);
});

it("findings that follow from each other each stand by themselves", () => {
  const about = ["mirror:store/0"];
  const view = project(pair(), around(), new Map());
  const one = (id: string, rule: string): Omit<Caused, "cause"> => ({
    id,
    rule,
    level: "risk",
    title: id,
    why: "",
    todo: null,
    about,
    sinceMs: T0,
  });
  const found = withCauses([one("a", "mirror-apart"), one("b", "mirror-cut"), one("c", "mirror-alone"), one("d", "two-primaries")], view);
  expect(found.map(({ id, cause }) => [id, cause])).toEqual([
    ["a", null],
    ["b", "a"],
    ["c", "a"],
    ["d", "a"],
  ]);
});

it("a pool that did not come up is one line, with the mirror that lost its disk with it inside; a disk elsewhere stands by itself", () => {
  const bootMs = T0 - 300_000;
  const booted = (path: string) => {
    const diskless = { ...rubySettings, volumes: [{ volume: 0, minor: 0, backingDevice: path }] };
    const facts = pair(
      { drbd: drbd([rubySide({ disk: "Diskless" })], { settings: [diskless] }), zfs: { pools: [], unread: [] } },
      { drbd: drbd([crystalSide({}, { disk: "Diskless" })], { settings: [crystalSettings] }) },
    );
    return changed(facts, "ruby", (node) => {
      const { host: machine, zfs } = node.sources;
      if (!machine || !zfs) throw new Error("not read");
      const gone = { ...zfs, memory: { "gone:tank": bootMs + 20_000 } };
      return { ...node, sources: { ...node.sources, host: { ...machine, memory: { [`boot:${bootMs}`]: bootMs } }, zfs: gone } };
    });
  };
  expect(lines(booted("/dev/zvol/tank/store"))).toEqual([
    "ruby: pool tank did not come up after the boot > Only crystal holds store > ruby has no disk under store",
  ]);
  expect(lines(booted("/dev/vdb"))).toHaveLength(2);
});

it("a node that is gone takes with it that it could fence another", () => {
  const away = (node: string): PacemakerConstraint => ({ ...lock, id: node, resource: "st", node, role: null, rule: null });
  const value = pacemaker(
    [member("ruby", { isDc: true }), member("crystal", { online: false }), member("jade")],
    [resource("st", "jade", { agent: "stonith:fence_ipmilan" })],
    {
      constraints: [away("jade"), away("ruby")],
      parameters: [{ resource: "st", values: { pcmk_host_list: "ruby" } }],
      fenceSetup: { symmetric: true, watchdogTimeout: null, devices: [{ resource: "st", monitorEveryMs: 60_000 }], levels: [] },
    },
  );
  const facts = cluster(...["ruby", "jade"].map((name) => nodeFacts(name, { pacemaker: value })), silent(nodeFacts("crystal")));
  expect(lines(facts).filter((line) => line.includes("fence"))).toEqual([
    expect.stringMatching(/^crystal .* > Nobody who is up can fence ruby/),
  ]);
});
