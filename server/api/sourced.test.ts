// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { sourced } from "./sourced";
import { clusterEntity, eventEntity, findingEntity, kernelEntity, mirrorEntity, nodeEntity, sourceEntity, viewOf } from "./test-view";

const NOW_MS = 100_000;
const drbd = (node: string): EntityOf<"drbd"> => ({
  kind: "drbd",
  from: { node, source: "drbd" },
  resource: "store",
  volume: 0,
  mirror: keyOf.mirror("store", 0),
  device: {
    minor: 0,
    resource: "store",
    volume: 0,
    role: "Primary",
    disk: "UpToDate",
    suspended: false,
    suspendedBy: [],
    unconfigured: false,
    activityLogSuspended: false,
    sizeBytes: null,
    cs: "Connected",
    counters: null,
    peers: [],
  },
  settings: null,
  said: { level: "ok", word: "UpToDate", why: null },
});

const entities = [
  clusterEntity,
  nodeEntity("ruby", { lastWordAtMs: 99_500 }),
  nodeEntity("crystal", { link: "lost", lastWordAtMs: 40_000 }),
  sourceEntity("ruby", "drbd", { takenAtMs: 99_000 }),
  sourceEntity("ruby", "host", { takenAtMs: 98_000 }),
  sourceEntity("ruby", "kernelLog", { takenAtMs: 97_000 }),
  sourceEntity("crystal", "drbd", { freshness: "lost", takenAtMs: 39_000 }),
  drbd("ruby"),
  drbd("crystal"),
  kernelEntity("ruby"),
];
const names = (entity: Entity, view: View = viewOf(...entities)) => {
  const { from } = sourced("key", entity, view, NOW_MS);
  return from.map(({ node, source, freshness, ageMs }) => `${node}/${source} ${freshness} ${ageMs}`);
};

describe("sourced", () => {
  it("gives a value that was read its source's freshness and age", () => {
    expect(names(kernelEntity("ruby"))).toEqual(["ruby/kernelLog live 3000"]);
    expect(names(drbd("crystal"))).toEqual(["crystal/drbd lost 61000"]);
    expect(names(sourceEntity("ruby", "drbd", {}))).toEqual(["ruby/drbd live 1000"]);
  });

  it("does not call fresh what has no source in the view", () => {
    expect(names(kernelEntity("crystal"))).toEqual(["crystal/kernelLog never null"]);
  });

  it("gives a node its link and the sources it is merged from, as far as they exist", () => {
    expect(names(nodeEntity("ruby", {}))).toEqual(["ruby/link live 500", "ruby/host live 2000"]);
    expect(names(nodeEntity("crystal", {}))).toEqual(["crystal/link lost 60000"]);
  });

  it("gives a mirror the source of each side, and the link of a side that only its peer speaks of", () => {
    const both = mirrorEntity(["ruby", "crystal"].map((node) => ({ node, drbd: keyOf.drbd("store", 0, node) })));
    expect(names(both)).toEqual(["ruby/drbd live 1000", "crystal/drbd lost 61000"]);
    const one = mirrorEntity([
      { node: "ruby", drbd: keyOf.drbd("store", 0, "ruby") },
      { node: "crystal", drbd: null },
    ]);
    expect(names(one)).toEqual(["ruby/drbd live 1000", "crystal/link lost 60000"]);
  });

  it("gives a finding every source of what it is about, each once", () => {
    const finding = findingEntity("mirror-cut", [keyOf.drbd("store", 0, "ruby"), keyOf.node("ruby"), keyOf.drbd("store", 0, "crystal")]);
    expect(names(finding)).toEqual(["ruby/drbd live 1000", "ruby/link live 500", "ruby/host live 2000", "crystal/drbd lost 61000"]);
  });

  it("ends when findings are about each other", () => {
    const a = findingEntity("a", [keyOf.finding("b")]);
    const b = findingEntity("b", [keyOf.finding("a"), keyOf.node("ruby")]);
    expect(names(a, viewOf(...entities, a, b))).toEqual(["ruby/link live 500", "ruby/host live 2000"]);
  });

  it("gives the cluster every node's link and the Pacemaker it is told from", () => {
    const said = { level: "ok" as const, word: "quorate", why: null };
    const rest = { version: null, dc: null, quorum: said, fencing: said, maintenance: false, featureSet: null };
    const cluster: Entity = { ...clusterEntity, pacemaker: { from: { node: "ruby", source: "pacemaker" }, ...rest } };
    const view = viewOf(...entities, sourceEntity("ruby", "pacemaker", { takenAtMs: 99_900 }));
    expect(names(cluster, view)).toEqual(["ruby/pacemaker live 100", "ruby/link live 500", "crystal/link lost 60000"]);
  });

  it("gives an event its own age, however fresh its source is by now", () => {
    expect(names(eventEntity({ node: "ruby", source: "drbd", atMs: 10_000 }))).toEqual(["ruby/drbd live 90000"]);
    expect(names(eventEntity({ atMs: 10_000 }))).toEqual(["console/console live 90000"]);
  });

  it("never leaves a value without a source: what stands on none is the console's own word", () => {
    expect(names(findingEntity("about-nothing", []))).toEqual(["console/console live 0"]);
  });
});
