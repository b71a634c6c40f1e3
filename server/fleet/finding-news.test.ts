// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { SourceName } from "@/agent/protocol/sources";
import { around, cluster, member, nodeFacts, pacemaker, resource, T0 } from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import { pair } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";
import { LOST, members, mirror } from "@/server/findings/proofs/scenes.factories";
import type { FindingMemory } from "./finding-memory";
import { findingNews, sinceOf, toldOf } from "./finding-news";

/** What the timeline is told of one world after the other, a minute apart. Nobody is told of what was never verified. */
function story() {
  let memory: FindingMemory = new Map();
  let nowMs = T0;
  return {
    memory: () => memory,
    look(facts: ClusterFacts): string[] {
      nowMs += 60_000;
      const clock = around(T0, { startedAtMs: T0 - 3_600_000, rulesOff: new Set(["verify-never", "never-proven", "node-silent"]) });
      const view = project(facts, { ...clock, findingSince: sinceOf(memory), findingsTold: toldOf(memory) }, new Map());
      const { kept, write } = findingNews(memory, { view, agents: facts.nodes, unwatched: () => null }, nowMs);
      memory = kept;
      return (write?.told ?? []).map(({ text }) => text);
    },
  };
}

const all = [member("ruby", { isDc: true }), member("crystal")];
const service = (of: ReturnType<typeof resource>, more: Partial<ReturnType<typeof pacemaker>> = {}) => {
  const said = pacemaker(all, [of], more);
  return cluster(nodeFacts("ruby", { pacemaker: said }), nodeFacts("crystal", { pacemaker: said }));
};
const stopped = resource("g_mail", null);

describe("what is told of a stopped service", () => {
  it("is no end when a maintenance begins: it holds since it was first seen, until it runs", () => {
    const of = story();
    expect(of.look(service(stopped))).toContain("g_mail is stopped");
    const sinceMs = of.memory().get("service-stopped:g_mail")?.sinceMs;
    expect(of.look(service({ ...stopped, managed: false }, { maintenance: true })).join()).not.toContain("g_mail is stopped");
    expect(of.look(service(stopped)).join()).not.toContain("g_mail is stopped");
    expect(of.memory().get("service-stopped:g_mail")?.sinceMs).toBe(sinceMs);
    expect(of.look(service(resource("g_mail", "ruby")))).toContain("Over: g_mail is stopped");
  });

  it("is left so, and not over, when somebody orders it to be stopped", () => {
    const of = story();
    of.look(service(stopped));
    expect(of.look(service({ ...stopped, targetRole: "Stopped" }))).toContain("Left so: g_mail is stopped");
  });

  it("is told as another, and not over, when it is in other trouble", () => {
    const of = story();
    of.look(service(stopped));
    expect(of.look(service({ ...stopped, failed: true }))).toEqual(["g_mail failed", "Told as another: g_mail is stopped"]);
  });
});

describe("what is told of a mirror", () => {
  const cut = mirror([{}, LOST], [{}, LOST]);
  const halfRead = (facts: ClusterFacts, read: readonly SourceName[]): ClusterFacts => {
    const crystal = facts.nodes.get("crystal");
    if (!crystal) throw new Error("no crystal");
    const sources = Object.fromEntries(read.map((source) => [source, crystal.sources[source]]));
    return { ...facts, nodes: new Map(facts.nodes).set("crystal", { ...crystal, sources }) };
  };

  it.each(SourceName.options)("neither begins nor ends while a new agent has read no more than its %s", (source) => {
    const calm = story();
    calm.look(pair());
    expect([calm.look(halfRead(pair(), [])), calm.look(halfRead(pair(), [source])), calm.look(pair())].flat()).toEqual([]);
    const told = story();
    expect(told.look(cut)).not.toEqual([]);
    expect([told.look(halfRead(cut, [])), told.look(halfRead(cut, [source])), told.look(cut)].flat()).toEqual([]);
  });

  it("is no end when its cause is seen: it is a part of that one, and stands", () => {
    const of = story();
    const before = of.look(cut);
    const without = pacemaker(members({ online: false }), [resource("g_mail", "ruby")]);
    const news = of.look(mirror([{}, LOST], [{}, LOST], { ruby: { pacemaker: without }, crystal: { pacemaker: without } }));
    expect(news).toContain("crystal is offline");
    for (const title of before) expect(news).not.toContain(`Over: ${title}`);
  });
});
