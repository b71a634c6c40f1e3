// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { changeRole } from "@/sim/model/drbd-life";
import { type Cluster, copyOf, type Fleet, type MirrorCopy, mirrorOf, nodeOf, type SimNode } from "@/sim/model/model";
import { bond, copy, DRBD_8_4, days, gib, manager, mirror, node, port } from "@/sim/model/parts";
import { powerOff, powerOn } from "@/sim/model/power";
import { later, print, type Scene } from "@/sim/model/scene";
import { createWorld, nodePlaces } from "@/sim/run/world";
import { HOLDERS, MIRROR } from "./configuration";
import type { LabNode, Layout } from "./layout";
import { until } from "./until";

const SLUG = "lab";
const treesOf = (layout: Layout) => path.join(layout.dir, "overlay");
/** The tree's time runs this much faster: a boot takes 3 s, the resync after a crash 6 s. */
const PACE = 4;
/** Tools that are the node's own: the cluster's, and what answers for the packages that are installed. */
const REAL_TOOLS = [
  "/usr/sbin/attrd_updater",
  "/usr/sbin/cibadmin",
  "/usr/sbin/corosync-cfgtool",
  "/usr/sbin/corosync-cmapctl",
  "/usr/sbin/corosync-quorumtool",
  "/usr/sbin/crm_attribute",
  "/usr/sbin/crm_diff",
  "/usr/sbin/crm_mon",
  "/usr/sbin/crm_node",
  "/usr/sbin/crm_resource",
  "/usr/sbin/crm_simulate",
  "/usr/sbin/crm_standby",
  "/usr/sbin/crm_verify",
  "/usr/sbin/crmadmin",
  "/usr/sbin/stonith_admin",
  "/usr/bin/dpkg-query",
  "/usr/bin/stdbuf",
];

function linkTool(bin: string, tool: string): void {
  const link = path.join(bin, path.basename(tool));
  rmSync(link, { force: true });
  symlinkSync(tool, link);
}

/** A script in the place of one of the real tools, for the agent of a node alone. */
export function wrapTool(layout: Layout, { name }: LabNode, tool: string, script: string): void {
  const file = path.join(nodePlaces(treesOf(layout), name).bin, tool);
  rmSync(file, { force: true });
  writeFileSync(file, script, { mode: 0o755 });
}

export function unwrapTool(layout: Layout, { name }: LabNode, tool: string): void {
  const real = REAL_TOOLS.find((each) => path.basename(each) === tool);
  if (real !== undefined) linkTool(nodePlaces(treesOf(layout), name).bin, real);
}

/** A storage node as DRBD, bonds and the kernel of one would show it. */
function storageNode({ name, id }: LabNode, atMs: number): SimNode {
  const mac = (nic: number) => `52:54:00:3a:0${id}:0${nic}`;
  return node({
    name,
    id,
    kernel: "6.1.0-56-amd64",
    bootId: randomUUID(),
    bootedAtMs: atMs - days(12),
    ports: [1, 2, 3, 4].map((nic) => port(`e${nic}p1`, mac(nic))),
    bonds: [
      bond("idmz1", "802.3ad", ["e1p1", "e2p1"], { partnerMac: "00:23:73:aa:10:01" }),
      bond("idmz2", "802.3ad", ["e3p1", "e4p1"], { partnerMac: "00:23:73:bb:10:01" }),
      bond("idmz", "balance-alb", ["idmz1", "idmz2"], { speedMbps: 2_000 }),
    ],
    mirrorInterface: "idmz",
    drbd: DRBD_8_4,
  });
}

/** Its cluster manager has no members: Pacemaker and Corosync are real. */
function fleetOf(layout: Layout, atMs: number): Fleet {
  const store = mirror({
    name: MIRROR,
    sizeKib: gib(200),
    port: 7788,
    writeKibPerSec: 800,
    copies: HOLDERS.map((name, index) => ({
      ...copy(name, 0, `/dev/vg0/${MIRROR}`, `10.20.0.${11 + index}`, "Secondary"),
      isUp: false,
    })),
  });
  for (const link of store.links) link.state = "waiting";
  const cluster: Cluster = {
    slug: SLUG,
    title: SLUG,
    environment: "",
    nodes: layout.nodes.map((each) => storageNode(each, atMs)),
    mirrors: [store],
    pacemaker: manager({ name: SLUG, dc: "", members: [], atMs, changedAtMs: atMs, services: [] }),
    rings: [],
    lockspaces: [],
  };
  return { atMs, clusters: [cluster], agenda: [], seed: 20_260_711, pace: PACE };
}

/** What Pacemaker's agent wants of the copy on its node. */
export type MirrorWish = "up" | "down" | "promote" | "demote";

/**
 * The files and tools of DRBD, bonds and the kernel, which a lab node cannot have: one tree per node in which time passes, beside
 * the real tools of Pacemaker and Corosync. DRBD's roles follow the real cluster.
 */
export function layOverlay(layout: Layout) {
  const dir = treesOf(layout);
  const world = createWorld({ dir, fleet: fleetOf(layout, Date.now()), now: Date.now });
  world.go();
  for (const { name, home } of layout.nodes) {
    const { root, bin } = nodePlaces(dir, name);
    for (const tool of REAL_TOOLS) linkTool(bin, tool);
    mkdirSync(path.join(root, "etc/corosync"), { recursive: true });
    cpSync(path.join(home, "corosync.d/corosync.conf"), path.join(root, "etc/corosync/corosync.conf"));
  }
  world.start();

  const powerOf = (name: string) => nodeOf(world.fleet(), name).node.power;
  function changeCopy(name: string, change: (scene: Scene, cluster: Cluster, copy: MirrorCopy) => void): void {
    world.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, name);
      change(scene, cluster, copyOf(mirrorOf(cluster, MIRROR), name));
    });
  }

  return {
    /** Where the agent of a node finds its tree and its tools. */
    places: (name: string) => nodePlaces(dir, name),
    powerOff(name: string): void {
      world.change((scene) => {
        const { cluster, node: machine } = nodeOf(scene.fleet, name);
        powerOff(scene, cluster, machine);
      });
    },
    /** Resolves when its kernel is up. */
    async powerOn(name: string): Promise<void> {
      world.change((scene) => {
        const { cluster, node: machine } = nodeOf(scene.fleet, name);
        powerOn(scene, cluster, machine);
      });
      await until(() => (powerOf(name) === "on" ? true : null), `${name}: its tree does not boot`);
    },
    async tendMirror(name: string, wish: MirrorWish): Promise<void> {
      // Pacemaker may be up before the tree's kernel is.
      await until(() => (powerOf(name) === "on" ? true : null), `${name}: its tree does not boot`);
      changeCopy(name, (scene, cluster, side) => {
        if (wish === "up") bringUp(scene, cluster, side);
        else if (wish === "down") takeDown(cluster, side);
        else changeRole(scene, cluster, mirrorOf(cluster, MIRROR), name, wish === "promote" ? "Primary" : "Secondary");
      });
    },
    /** Another state of a node's disk, as a test wants it. */
    setDisk(name: string, disk: MirrorCopy["disk"]): void {
      changeCopy(name, (_scene, _cluster, side) => {
        side.disk = disk;
      });
    },
    stop: world.stop,
  };
}
export type Overlay = ReturnType<typeof layOverlay>;

const linksOf = (cluster: Cluster, name: string) => mirrorOf(cluster, MIRROR).links.filter(({ a, b }) => a === name || b === name);

function bringUp(scene: Scene, cluster: Cluster, side: MirrorCopy): void {
  if (side.isUp) return;
  side.isUp = true;
  const machine = cluster.nodes.find(({ name }) => name === side.node);
  if (machine) print(scene, machine, `block drbd${side.minor}: disk( Attaching -> ${side.disk} ) `);
  for (const { a, b } of linksOf(cluster, side.node)) later(scene, cluster, 1_000, { kind: "linkFound", mirror: MIRROR, a, b });
}

/** As `drbdadm down` does: the peer says that it lost the connection, and waits. */
function takeDown(cluster: Cluster, side: MirrorCopy): void {
  Object.assign(side, { isUp: false, role: "Secondary" });
  for (const link of linksOf(cluster, side.node)) Object.assign(link, { state: "waiting", by: null, sync: null });
}
