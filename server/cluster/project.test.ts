// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { Entity, type EntityKind, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { every } from "@/server/findings/define";
import {
  around,
  bond,
  cluster,
  drbd,
  enrolled,
  failed,
  lacpBond,
  member,
  nodeFacts,
  pacemaker,
  port,
  resource,
  silent,
  T0,
} from "./factories";
import type { ClusterFacts } from "./facts";
import { calmPacemaker, crystalSettings, crystalSide, pair, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";

const NOTHING: View = new Map();

function see(facts: ClusterFacts, nowMs = T0, before = NOTHING): View {
  return project(facts, around(nowMs), before);
}

function get<K extends EntityKind>(view: View, key: string, kind: K): EntityOf<K> {
  const entity = view.get(key);
  const isKind = (one: typeof entity): one is EntityOf<K> => one?.kind === kind;
  if (!isKind(entity)) throw new Error(`no ${kind} at ${key}: ${[...view.keys()].join(" ")}`);
  return entity;
}

function findings(view: View): string[] {
  return [...view.values()].flatMap((entity) => (entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : []));
}

function headline(view: View): string {
  return get(view, "cluster", "cluster").headline.word;
}

describe("a calm pair", () => {
  const view = see(pair());

  it("says that nothing known is wrong, and what that stands on", () => {
    const { headline: said, madeOf } = get(view, "cluster", "cluster");
    expect(said).toEqual({ level: "ok", word: "Nothing known is wrong", why: "2 nodes up, 1 mirror in sync." });
    expect(madeOf).toBe("2 nodes, DRBD 8.4");
    expect(get(view, "cluster", "cluster").headlineOf).toBeNull();
    expect(findings(view)).toEqual([]);
  });

  it("says what each node carries", () => {
    expect(get(view, "node:ruby", "node").carries).toEqual({ level: "ok", word: "Runs g_mail; Primary for store.", why: null });
    expect(get(view, "node:crystal", "node").carries.word).toBe("Nothing runs on it.");
  });

  it("joins the two sides of the mirror", () => {
    const mirror = get(view, "mirror:store/0", "mirror");
    expect(mirror.copies.map(({ node, role, disk }) => `${node} ${role} ${disk}`)).toEqual([
      "crystal Secondary UpToDate",
      "ruby Primary UpToDate",
    ]);
    expect(mirror.said).toEqual({ level: "ok", word: "in sync", why: null });
    expect(mirror.holders).toEqual(["crystal", "ruby"]);
  });

  it("is made of entities that fit the contract", () => {
    for (const entity of view.values()) expect(Entity.safeParse(entity).error).toBeUndefined();
  });

  it("keeps every reference when only the clock moved within the limits", () => {
    const later = see(pair(), T0 + 500, see(pair()));
    const first = see(pair(), T0);
    const again = project(pair(), around(T0 + 500), first);
    for (const [key, entity] of again) expect(entity).toBe(first.get(key));
    expect(later.size).toBe(first.size);
  });
});

describe("a node is killed", () => {
  const facts = pair();
  const ruby = facts.nodes.get("ruby");
  const crystal = facts.nodes.get("crystal");
  if (!ruby || !crystal) throw new Error("no pair");

  it("shows the silence before the cluster notices", () => {
    const view = see(cluster(ruby, silent(crystal)), T0 + 500);
    const node = get(view, "node:crystal", "node");
    expect(node.link).toBe("stale");
    expect(node.state).toEqual({ level: "old", word: "silent", why: "No word from its agent; the cluster still shows it online." });
    expect(get(view, "mirror:store/0", "mirror").pairs[0]?.said.level).toBe("unknown");
    expect(headline(view)).toBe("Cannot judge: no word from crystal");
    expect(get(view, "cluster", "cluster").headlineOf).toBe("node-silent:crystal");
  });

  it("then says offline, and carries the mirror with one good copy inside that line", () => {
    const gone = pacemaker([member("ruby", { isDc: true }), member("crystal", { online: false })], [resource("g_mail", "ruby")]);
    const cut = nodeFacts("ruby", {
      drbd: drbd([rubySide({ cs: "WFConnection" }, { connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" })], {
        settings: [rubySettings],
      }),
      pacemaker: gone,
    });
    const view = see(cluster(cut, silent(crystal)), T0 + 500);
    expect(findings(view)).toEqual(["bad crystal is offline", "risk Only ruby holds store"]);
    // Sorted by kind it is the whole view, not what it was while the rules looked at it.
    expect(every(view, "finding").map(([, { title }]) => title)).toEqual(["crystal is offline", "Only ruby holds store"]);
    expect(every(view, "cluster")).toEqual([["cluster", view.get("cluster")]]);
    expect(get(view, "finding:mirror-alone:ruby", "finding").cause).toBe("node-gone:crystal");
    expect(headline(view)).toBe("Broken: crystal is offline");
    expect(get(view, "cluster", "cluster").headline.why).toContain("Only ruby holds store.");
    expect(get(view, "mirror:store/0", "mirror").said.word).toBe("only ruby holds it");
  });

  it("never shows as running what only stands in the memory of a gone node", () => {
    const gone = pacemaker(
      [member("ruby", { isDc: true }), member("crystal", { online: false, unclean: true })],
      [resource("g_mail", "crystal", { onOfflineNode: true })],
    );
    const view = see(cluster(nodeFacts("ruby", { pacemaker: gone }), silent(crystal)));
    const service = get(view, keyOf.resource("g_mail"), "resource");
    expect(service.said).toMatchObject({ level: "unknown", word: "was on crystal" });
    expect(get(view, "node:crystal", "node").state.word).toBe("unclean");
    expect(get(view, "finding:node-gone:crystal", "finding").why).toContain("Last seen on it: g_mail.");
  });
});

describe("an agent is cut off", () => {
  it("both at once: a lost line is likelier than two dead nodes", () => {
    const facts = pair();
    const view = see(cluster(...[...facts.nodes.values()].map(silent)), T0 + 15_000);
    expect(headline(view)).toBe("Cannot judge: no word from crystal and ruby");
    expect(get(view, "cluster", "cluster").headline.why).toBe(
      "Both agents went silent at once: a lost line is likelier than two dead nodes.",
    );
    expect(get(view, "mirror:store/0", "mirror").said).toMatchObject({ level: "old", word: "was in sync" });
    expect(get(view, "node:ruby", "node").carries).toMatchObject({ level: "old", word: "Ran g_mail; was Primary for store." });
  });

  it("never says good of anything that is not heard now", () => {
    const facts = pair();
    const view = see(cluster(...[...facts.nodes.values()].map(silent)), T0 + 15_000);
    for (const [key, entity] of view) if ("said" in entity) expect(`${key} ${entity.said.level}`).not.toMatch(/ ok$/);
  });
});

describe("a tool hangs", () => {
  it("keeps the last values, marked old, and says why", () => {
    const facts = pair();
    const ruby = facts.nodes.get("ruby");
    const crystal = facts.nodes.get("crystal");
    if (!ruby?.sources.drbd || !crystal) throw new Error("no pair");
    const hung = {
      ...ruby,
      sources: { ...ruby.sources, drbd: { ...ruby.sources.drbd, reading: failed("drbdsetup did not answer within 5 s") } },
    };
    const view = see(cluster(hung, crystal));
    expect(get(view, "source:ruby/drbd", "source")).toMatchObject({ status: "failed", freshness: "live" });
    expect(get(view, "drbd:store/0@ruby", "drbd").said).toMatchObject({ level: "old", word: "was UpToDate" });
    expect(headline(view)).toBe("Cannot judge: DRBD on ruby cannot be read");
  });
});

describe("a cable is pulled", () => {
  const leaves = [port("e1p2"), port("e3p2")];
  const inner1 = lacpBond("idmz1", leaves, { parent: "idmz" });
  const inner2 = lacpBond("idmz2", [port("e2p3", { failureCount: 2 }), port("e3p3", { link: "down", failureCount: 7 })], {
    parent: "idmz",
  });
  const outer = bond("idmz", [port("idmz1", { isBond: true }), port("idmz2", { isBond: true })]);
  const view = see(pair({ bonding: { bonds: [outer, inner1, inner2], unread: [] } }));

  it("counts the ports of bonds inside bonds, whatever the outer one claims", () => {
    expect(get(view, "bond:ruby/idmz", "bond")).toMatchObject({
      said: { level: "risk", word: "3 of 4 ports" },
      portsUp: 3,
      ports: 4,
      kernelSays: "kernel says up",
    });
    expect(get(view, "bond:ruby/idmz2", "bond").portSaid.e3p3).toMatchObject({ level: "bad", word: "down, 7 fails" });
  });

  it("is one finding, at the outermost bond", () => {
    expect(findings(view)).toEqual(["risk ruby: idmz has 3 of 4 ports"]);
  });
});

describe("two sides of a partition", () => {
  const facts = pair(
    {
      pacemaker: pacemaker([member("ruby"), member("crystal", { online: false, unclean: true })], [resource("g_mail", "ruby")], {
        quorate: true,
        dc: "ruby",
      }),
    },
    {
      pacemaker: pacemaker([member("crystal"), member("ruby", { online: false, unclean: true })], [resource("g_mail", "crystal")], {
        quorate: false,
        dc: "crystal",
      }),
    },
  );
  const view = see(facts);

  it("shows the quorate side and keeps the other opinion beside it", () => {
    const whole = get(view, "cluster", "cluster");
    expect(whole.pacemaker?.from.node).toBe("ruby");
    expect(whole.dissent).toEqual([{ node: "crystal", says: "has no quorum, sees crystal online and sees ruby unclean" }]);
    expect(get(view, "node:ruby", "node").opinions).toEqual([{ node: "crystal", says: "unclean" }]);
    expect(get(view, "rsc:g_mail", "resource").opinions).toEqual([{ node: "crystal", says: "Started on crystal" }]);
    expect(findings(view)).toContain("bad ruby and crystal see the cluster differently");
  });

  it("shows nothing as running that only a side without quorum says", () => {
    const alone = see(cluster(nodeFacts("crystal", { pacemaker: calm(false) }), enrolled("ruby")));
    expect(get(alone, "rsc:g_mail", "resource").said.level).toBe("unknown");
    expect(headline(alone)).toBe("Broken: the cluster has no quorum");
  });

  function calm(quorate: boolean) {
    return pacemaker([member("crystal"), member("ruby", { online: false, unclean: true })], [resource("g_mail", "crystal")], {
      quorate,
      dc: "crystal",
    });
  }
});

describe("a split with quorum on both sides", () => {
  const side = (here: string, there: string) =>
    pacemaker(
      [member(here, { isDc: true }), member(there, { online: false })],
      [
        resource("p_ip", here, { parents: ["g"] }),
        resource("p_fs", here, { parents: ["g"] }),
        resource("fence", here, { agent: "stonith:x" }),
      ],
      { collections: [{ id: "g", kind: "group", parents: [], managed: true }], dc: here },
    );
  const view = see(pair({ pacemaker: side("ruby", "crystal") }, { pacemaker: side("crystal", "ruby") }));

  it("shows what a node itself says it runs, though the side shown calls it gone", () => {
    expect(get(view, "cluster", "cluster").pacemaker?.from.node).toBe("crystal");
    expect(get(view, "node:ruby", "node").carries).toEqual({
      level: "risk",
      word: "Its own Pacemaker says it runs g.",
      why: "crystal's Pacemaker does not say so.",
    });
    expect(get(view, "node:crystal", "node").carries.word).toMatch(/^Runs g/);
  });
});

describe("a Pacemaker that does not say whether there is a quorum", () => {
  const unsaid = { ...calmPacemaker(), quorate: null };
  const view = see(pair({ pacemaker: unsaid }, { pacemaker: unsaid }));

  it("passes for no quorum: nothing is called good by it, and one finding says so", () => {
    expect(get(view, "cluster", "cluster").pacemaker?.quorum).toEqual({
      level: "unknown",
      word: "not said",
      why: "Whether there is a quorum is not known.",
    });
    expect(get(view, "rsc:g_mail", "resource").said).toEqual({
      level: "unknown",
      word: "started",
      why: "Only ruby says so, and whether there is a quorum is not known.",
    });
    expect(get(view, "node:crystal", "node").state).toMatchObject({ level: "unknown", word: "online" });
    expect(get(view, "node:ruby", "node").carries.level).toBe("old");
    expect(findings(view)).toContain("unknown Whether there is a quorum is not known");
    expect(headline(view)).toBe("Cannot judge: whether there is a quorum is not known");
  });

  it("still tells what failed", () => {
    const failing = { ...unsaid, resources: [resource("g_mail", "ruby", { failed: true })] };
    expect(headline(see(pair({ pacemaker: failing }, { pacemaker: failing })))).toBe("Broken: g_mail failed");
  });
});

describe("a node's own state", () => {
  it("tests pending before standby", () => {
    const joining = pacemaker([member("ruby", { isDc: true }), member("crystal", { standby: true, pending: true })]);
    expect(get(see(pair({ pacemaker: joining }, { pacemaker: joining })), "node:crystal", "node").state.word).toBe("pending");
  });

  it("one never heard is not known, and is a finding", () => {
    const view = see(cluster(enrolled("ruby")));
    expect(get(view, "node:ruby", "node").state).toMatchObject({ level: "unknown", word: "not heard yet" });
    expect(headline(view)).toBe("Cannot judge: ruby was never heard");
  });

  it("no node at all is not judged either", () => {
    expect(headline(see(cluster()))).toBe("Cannot judge: no node is enrolled");
  });

  it("a node that only the cluster names is shown without an agent", () => {
    const view = see(cluster(nodeFacts("ruby", { pacemaker: calmPacemaker() })));
    expect(get(view, "node:crystal", "node")).toMatchObject({ link: "never", state: { level: "unknown", word: "online" } });
  });
});

describe("what holds since when", () => {
  it("keeps a finding's time from one view to the next", () => {
    const facts = cluster(enrolled("ruby"));
    const since = new Map([["node-unheard:ruby", T0 - 5_000]]);
    const view = project(facts, { ...around(), findingSince: since }, NOTHING);
    expect(get(view, "finding:node-unheard:ruby", "finding").sinceMs).toBe(T0 - 5_000);
    expect(get(view, "cluster", "cluster").sinceMs).toBe(T0 - 5_000);
  });

  it("both sides of a mirror say their settings by address", () => {
    const view = see(
      pair(
        { drbd: drbd([rubySide({ resource: "left" })], { settings: [{ ...rubySettings, resource: "left" }] }) },
        { drbd: drbd([crystalSide()], { settings: [crystalSettings] }) },
      ),
    );
    const mirror = get(view, "mirror:store/0", "mirror");
    expect(mirror.copies.map(({ node, resource: own }) => [node, own])).toEqual([
      ["crystal", undefined],
      ["ruby", "left"],
    ]);
  });
});
