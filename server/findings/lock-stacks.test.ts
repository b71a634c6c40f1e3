// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Dlm, DlmLockspace } from "@/agent/protocol/model/dlm";
import type { Ocfs2, Ocfs2Cluster } from "@/agent/protocol/model/ocfs2";
import { around, silent } from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import { pair } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";

const found = (facts: ClusterFacts) =>
  [...project(facts, around(), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : [],
  );

const space = (more: Partial<DlmLockspace> = {}): DlmLockspace => ({
  name: "lvm_global",
  id: "0x12aabd2d",
  inKernel: true,
  inDaemon: true,
  flags: [],
  members: [1, 2],
  newStatus: null,
  waitsFor: null,
  recoverStatus: "0",
  recoverNodeId: 0,
  hasNoDirectory: false,
  ...more,
});
const dlm = (...lockspaces: DlmLockspace[]): Dlm => ({ lockspaces, daemon: null, unread: [] });
const saidOf = (value: Dlm) => {
  const entity = project(pair({ dlm: value }), around(), new Map()).get("dlm:ruby");
  return entity?.kind === "dlm" ? `${entity.said.level} ${entity.said.word}` : null;
};

describe("lockspaces", () => {
  it.each<[string, Dlm, string, string[]]>([
    ["all well", dlm(space(), space({ name: "lvm_vg0" })), "ok 2 lockspaces", []],
    ["none", dlm(), "ok no lockspace", []],
    ["members change", dlm(space({ newStatus: "wait_messages 1 wait_condition 0 " })), "busy members change", []],
    ["nothing but the kernel's word", dlm(space({ inDaemon: null, members: null })), "ok 1 lockspace", []],
    [
      "waits for fencing",
      dlm(space({ waitsFor: "fencing", newStatus: "wait fencing" })),
      "bad waits for fencing",
      ["bad DLM lockspace lvm_global waits for fencing on ruby"],
    ],
    [
      "left in the kernel without its daemon",
      dlm(space({ inDaemon: false, members: null })),
      "risk without its daemon",
      ["risk DLM on ruby holds lvm_global without dlm_controld"],
    ],
  ])("%s", (_, value, expected, findings) => {
    expect(saidOf(value)).toBe(expected);
    expect(found(pair({ dlm: value }))).toEqual(findings);
  });

  it("a wait is told once for all nodes that wait", () => {
    const waiting = dlm(space({ waitsFor: "quorum" }));
    expect(found(pair({ dlm: waiting }, { dlm: waiting }))).toEqual(["bad DLM lockspace lvm_global waits for quorum on crystal and ruby"]);
  });
});

const nodes = ["hv05", "hv06"].map((name, number) => ({ name, number, address: `10.30.9.${5 + number}`, port: 7777 }));
const vmstore: Ocfs2Cluster = { name: "vmstore", nodes, heartbeatMode: "local", deadThreshold: null, regions: [], localNode: null };
const ocfs2 = (more: Partial<Ocfs2> = {}): Ocfs2 => ({
  isLoaded: true,
  stack: "o2cb",
  loadedPlugins: ["o2cb"],
  activePlugin: "o2cb",
  lockingProtocol: "1.0",
  running: [{ ...vmstore, deadThreshold: 31 }],
  configured: [vmstore],
  unread: [],
  ...more,
});

describe("OCFS2's stacks", () => {
  const shorter = { ...vmstore, nodes: nodes.slice(0, 1) };

  it.each<[string, Ocfs2, string[]]>([
    ["the same everywhere", ocfs2(), []],
    ["a heartbeat mode that is only the default, written or not", ocfs2({ configured: [{ ...vmstore, heartbeatMode: null }] }), []],
    ["configured, not loaded", ocfs2({ isLoaded: false, stack: null, running: null }), []],
    [
      "a cluster.conf that differs, and is not what runs",
      ocfs2({ configured: [shorter] }),
      [
        "differs cluster.conf of OCFS2 cluster vmstore differs between ruby and crystal",
        "differs crystal runs OCFS2 cluster vmstore otherwise than cluster.conf has it",
      ],
    ],
    [
      "another stack",
      ocfs2({ stack: "pcmk", running: null, configured: null }),
      ["risk OCFS2 runs on different stacks: o2cb on ruby and pcmk on crystal"],
    ],
    [
      "a stack that could not be read",
      ocfs2({ stack: null, unread: [{ what: "cluster_stack", code: "COLLECT_READ", message: "no" }] }),
      ["unknown Not known: OCFS2 (stack not read) and OCFS2: cluster_stack on crystal"],
    ],
  ])("%s", (_, crystal, expected) => {
    expect(found(pair({ ocfs2: ocfs2() }, { ocfs2: crystal }))).toEqual(expected);
  });

  it("what a node was that is not heard any more is compared with nobody", () => {
    const now = pair({ ocfs2: ocfs2() }, { ocfs2: ocfs2({ stack: "pcmk", running: null, configured: [shorter] }) });
    const crystal = now.nodes.get("crystal");
    if (!crystal) throw new Error("crystal is there");
    const later = { ...now, nodes: new Map(now.nodes).set("crystal", silent(crystal)) };
    expect(found(later).filter((one) => one.includes("OCFS2"))).toEqual([]);
  });
});
