// SPDX-License-Identifier: Apache-2.0
import type { AoeDisk, Cluster, SimNode } from "./model";
import { bond, copy, DRBD_8_3, DRBD_8_4, days, gib, manager, mirror, node, port, primitive, ringsOver, service } from "./parts";

const SWITCH_C = "00:23:73:cc:10:01";
const JADE_MAC = "52:54:00:00:01:00";
const GLOUTON_MAC = "52:54:00:00:02:00";

/** Where clients mount what they share, by shelf. */
const SHARED: readonly string[] = ["/srv/archive", "/srv/scans"];

const plain = (mac: string) => mac.replaceAll(":", "");

function storageNode(
  name: string,
  id: number,
  mac: string,
  isCalm: boolean,
  given: Pick<SimNode, "kernel" | "bootId" | "bootedAtMs" | "drbd" | "pacemakerVersion">,
): SimNode {
  const own = (last: string) => `${mac.slice(0, -2)}${last}`;
  return node({
    ...given,
    name,
    id,
    cpus: 8,
    memoryTotalKib: gib(64),
    memoryAvailableKib: gib(41),
    ports: [port("e1p1", mac), port("e1p2", own("12")), port("e2p1", own("21")), port("e2p2", own("22"))],
    bonds: [bond("bond0", "802.3ad", ["e2p1", "e2p2"], { partnerMac: SWITCH_C })],
    mirrorInterface: "bond0",
    // The last that speaks with what jade's distribution has.
    corosyncVersion: "2.4.5",
    exports: [
      { shelf: 0, slot: 1, device: "/dev/drbd0", mirror: "archive", port: "e1p1", isSync: true, pid: 3121 + id, primitive: "p_blade_e0.1" },
      { shelf: 1, slot: 1, device: "/dev/drbd1", mirror: "scans", port: "e1p1", isSync: isCalm, pid: 3187 + id, primitive: "p_blade_e1.1" },
      // One leg of hv06's array each: plain disks, started at boot.
      { shelf: 9 + id, slot: 6, device: "/dev/vg0/hv06", mirror: null, port: "e1p1", isSync: true, pid: 1204 + id, primitive: null },
    ],
  });
}

function disk(shelf: number, slot: number, sizeGib: number, mac: string, window: number): AoeDisk {
  return {
    shelf,
    slot,
    sizeKib: gib(sizeGib),
    port: "eth2",
    firmware: "0x4019",
    mac: plain(mac),
    state: "up",
    silentMs: 0,
    rttAvgUs: 214,
    outstanding: 0,
    window,
    windowMax: 16,
    taint: 0,
    reads: 812_000 + shelf * 31_000,
    writes: 455_000 + shelf * 12_000,
  };
}

/** A RAID-1 in sync. md takes 132 MiB of each leg for its superblock and bitmap. */
function mirrorOfTwo(name: string, uuid: string, sizeGib: number, devices: readonly string[]): SimNode["arrays"][number] {
  const legs = devices.map((device, number) => ({ device, number, state: "inSync" as const }));
  return { name, uuid, sizeKib: gib(sizeGib) - 132 * 1024, legs, recovery: null };
}

function client(
  name: string,
  last: string,
  bootId: string,
  bootedAtMs: number,
  deadSeconds: number,
  devices: AoeDisk[],
  arrays: SimNode["arrays"] = [],
): SimNode {
  const shared = devices
    .slice(0, 2)
    .map(({ shelf }) => ({ device: `/dev/etherd/e${shelf}.1`, mountPoint: SHARED[shelf] ?? "", type: "ocfs2" }));
  const images = arrays.map((array) => ({ device: `/dev/${array.name}`, mountPoint: "/var/lib/libvirt/images", type: "ext4" }));
  return node({
    name,
    id: 0,
    role: "client",
    kernel: "5.10.0-28-amd64",
    bootId,
    bootedAtMs,
    cpus: 32,
    load: 3.4,
    memoryTotalKib: gib(256),
    memoryAvailableKib: gib(90),
    ports: [port("eth0", `52:54:00:30:${last}:00`), port("eth2", `52:54:00:30:${last}:02`)],
    aoe: { deadSeconds, devices },
    arrays,
    mounts: [...shared, ...images],
  });
}

/** Old and new DRBD side by side, exported by AoE. Not calm: archive verifies, and hv06 still sends to a MAC that no longer answers. */
export function attic(atMs: number, isCalm: boolean, newId: () => string): Cluster {
  const jade = storageNode("jade", 1, JADE_MAC, isCalm, {
    kernel: "3.10.0-1160.119.1.el7.x86_64",
    bootId: newId(),
    bootedAtMs: atMs - days(312),
    drbd: DRBD_8_3,
    pacemakerVersion: "1.1.23",
  });
  const glouton = storageNode("glouton", 2, GLOUTON_MAC, isCalm, {
    kernel: "5.10.0-28-amd64",
    bootId: newId(),
    bootedAtMs: atMs - days(58),
    drbd: { ...DRBD_8_4, head: ["version: 8.4.11 (api:1/proto:86-101)", "srcversion: 4A2F7C1B90E35D6680AB1F2 "] },
    // Of two releases side by side nobody can say that all is well.
    pacemakerVersion: isCalm ? "1.1.23" : "2.0.5",
  });
  const hv05 = client("hv05", "05", newId(), atMs - days(120), 180, [disk(0, 1, 600, JADE_MAC, 16), disk(1, 1, 900, JADE_MAC, 12)]);
  const hv06 = client(
    "hv06",
    "06",
    newId(),
    atMs - days(97),
    86_400,
    [
      disk(0, 1, 600, JADE_MAC, 16),
      isCalm ? disk(1, 1, 900, JADE_MAC, 12) : { ...disk(1, 1, 900, GLOUTON_MAC, 1), silentMs: 142 * 60_000, outstanding: 1, taint: 1_000 },
      disk(10, 6, 400, JADE_MAC, 16),
      disk(11, 6, 400, GLOUTON_MAC, 16),
    ],
    [mirrorOfTwo("md0", "7c1e0a52:9b3d44f0:a1558e6c:02d7f913", 400, ["etherd/e10.6", "etherd/e11.6"])],
  );
  const vms = [hv05, hv06].map(({ name }, number) => ({ name, number, address: `10.30.9.${5 + number}` }));
  for (const host of [hv05, hv06]) host.o2cb = { cluster: "vmstore", nodes: vms, configured: vms };
  const pair = (name: string, minor: number, sizeGib: number, tcpPort: number, writeKibPerSec: number) =>
    mirror({
      name,
      sizeKib: gib(sizeGib),
      port: tcpPort,
      writeKibPerSec,
      verifyAlg: "sha1",
      copies: [
        copy("jade", minor, `/dev/vg0/${name}`, "10.30.0.21", "Primary"),
        copy("glouton", minor, `/dev/vg0/${name}`, "10.30.0.22", "Secondary"),
      ],
    });
  const archive = pair("archive", 0, 600, 7788, 160);
  const scans = pair("scans", 1, 900, 7789, 540);
  const [link] = archive.links;
  if (link && !isCalm) {
    const found = [{ startSector: 31_457_280, sectors: 8 }];
    Object.assign(link, { outOfSyncKib: 4, rotten: found, marked: [...found] });
    link.sync = {
      kind: "verify",
      from: "jade",
      totalKib: gib(600),
      leftKib: Math.round((gib(600) * 0.368) / 4) * 4,
      rateKibPerSec: 170 * 1024,
      startedAtMs: atMs - 38 * 60_000,
    };
  }
  const scansMovedMs = atMs - (isCalm ? days(58) : 142 * 60_000);
  const pacemaker = manager({
    name: "hacluster",
    dc: "jade",
    members: ["jade", "glouton"],
    atMs,
    changedAtMs: scansMovedMs,
    services: [
      service(
        "g_archive",
        ["archive"],
        ["jade", "glouton"],
        [
          primitive("p_blade_e0.1", "ocf:heartbeat:AoEtarget", "jade", atMs - days(58), {
            device: "/dev/drbd0",
            nic: "e1p1",
            shelf: "0",
            slot: "1",
          }),
        ],
      ),
      service(
        "g_scans",
        ["scans"],
        ["jade", "glouton"],
        [
          primitive("p_blade_e1.1", "ocf:heartbeat:AoEtarget", "jade", scansMovedMs, {
            device: "/dev/drbd1",
            nic: "e1p1",
            shelf: "1",
            slot: "1",
          }),
        ],
      ),
    ],
  });
  const rings = ringsOver(["bond0", "e1p2"], ["10.30.0", "10.31.0"], { jade: 21, glouton: 22 });
  return {
    slug: "attic",
    title: "attic",
    environment: "PROD",
    nodes: [jade, glouton, hv05, hv06],
    mirrors: [archive, scans],
    pacemaker,
    rings,
    lockspaces: [],
  };
}
