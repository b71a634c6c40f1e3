// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimNode } from "./model";
import { bond, copy, DRBD_8_4, days, gib, location, manager, mirror, node, port, primitive, ringsOver, service } from "./parts";

const SWITCH_A = "00:23:73:aa:10:01";
const SWITCH_B = "00:23:73:bb:10:01";

/** What the resync of store has to move after crystal was away, as the kernel said it: 223 GiB. */
const RESYNC_KIB = 233_832_448;
const RESYNC_KIB_PER_SEC = 104 * 1024;

function storageNode(
  name: string,
  id: number,
  given: { kernel: string; bootId: string; bootedAtMs: number; load: number; isCalm: boolean },
): SimNode {
  const mac = (last: string) => `52:54:00:20:${id}0:${last}`;
  const isTroubled = name === "crystal" && !given.isCalm;
  return node({
    name,
    id,
    kernel: given.kernel,
    bootId: given.bootId,
    bootedAtMs: given.bootedAtMs,
    load: given.load,
    ioPressurePercent: given.isCalm ? 0.6 : 4,
    ports: [
      port("e1p1", mac("11")),
      port("e1p2", mac("12")),
      port("e2p3", mac("23")),
      port("e3p2", mac("32")),
      port("e3p3", mac("33"), { isCableIn: !isTroubled }),
    ],
    bonds: [
      bond("idmz1", "802.3ad", ["e1p2", "e3p2"], { partnerMac: SWITCH_A, failures: name === "ruby" && !given.isCalm ? { e3p2: 1 } : {} }),
      bond("idmz2", "802.3ad", ["e2p3", "e3p3"], {
        partnerMac: SWITCH_B,
        ...(isTroubled ? { failures: { e2p3: 2, e3p3: 7 }, down: ["e3p3"] } : {}),
      }),
      bond("idmz", "balance-alb", ["idmz1", "idmz2"], { speedMbps: 2_000 }),
    ],
    mirrorInterface: "idmz",
    drbd: DRBD_8_4,
    pacemakerVersion: "2.1.5",
    corosyncVersion: "3.1.7",
  });
}

const O1 = "iqn.2014-03.com.example.san-a:o1";

/** A hypervisor that uses store over iSCSI, by the address that moves with the target. */
function client(atMs: number, bootId: string): SimNode {
  return node({
    name: "hv01",
    mounts: [{ device: "/dev/sdb", mountPoint: "/var/lib/libvirt/images", type: "xfs" }],
    id: 0,
    role: "client",
    kernel: "6.1.0-56-amd64",
    bootId,
    bootedAtMs: atMs - days(64),
    cpus: 32,
    load: 2.6,
    memoryTotalKib: gib(256),
    memoryAvailableKib: gib(122),
    ports: [port("eth0", "52:54:00:20:a1:00"), port("eth2", "52:54:00:20:a1:02")],
    iscsi: {
      initiator: "iqn.1993-08.org.debian:01:hv01",
      address: "10.20.5.31",
      sessions: [
        {
          id: 1,
          target: O1,
          address: "10.20.5.10",
          tcpPort: 3260,
          port: "eth2",
          lun: 0,
          diskName: "sdb",
          sizeKib: gib(2048),
          recoverySeconds: 120,
          state: "LOGGED_IN",
          isConnected: true,
          disk: "running",
          servedBy: "ruby",
          silentMs: 0,
          loginMs: 0,
          isCut: false,
        },
      ],
    },
  });
}

/** Two storage nodes, DRBD 8.4, bonds of bonds over two switches, and a client of their iSCSI target. Not calm: store comes back to crystal, which lacks a port. */
export function sanA(atMs: number, isCalm: boolean, newId: () => string): Cluster {
  const crystalUpMs = isCalm ? days(23) : 23 * 60_000;
  const ruby = storageNode("ruby", 1, { kernel: "6.1.0-56-amd64", bootId: newId(), bootedAtMs: atMs - days(41.25), load: 1.8, isCalm });
  const crystal = storageNode("crystal", 2, {
    kernel: "6.1.0-57-amd64",
    bootId: newId(),
    bootedAtMs: atMs - crystalUpMs,
    load: 0.9,
    isCalm,
  });
  const pair = (name: string, minor: number, sizeGib: number, tcpPort: number, primary: string, writeKibPerSec: number, backing: string) =>
    mirror({
      name,
      sizeKib: gib(sizeGib),
      port: tcpPort,
      writeKibPerSec,
      copies: [
        copy("ruby", minor, `/dev/vg0/${backing}`, "10.20.0.11", primary === "ruby" ? "Primary" : "Secondary"),
        copy("crystal", minor, `/dev/vg0/${backing}`, "10.20.0.12", primary === "crystal" ? "Primary" : "Secondary"),
      ],
    });
  const store = pair("store", 0, 2048, 7788, "ruby", 41_000, "store");
  const mail = pair("mail", 1, 400, 7789, "crystal", 310, "mail");
  const images = pair("vm-images", 2, 1536, 7790, "ruby", 1_450, "vm");
  const startedMs = atMs - (isCalm ? days(23) : 22 * 60_000);
  const pacemaker = manager({
    name: "hacluster",
    dc: "ruby",
    members: ["ruby", "crystal"],
    atMs,
    changedAtMs: atMs - days(11),
    services: [
      service(
        "g_vm",
        ["vm-images"],
        ["ruby", "crystal"],
        [
          primitive("p_fs_vm", "ocf:heartbeat:Filesystem", "ruby", startedMs - days(18), {
            device: "/dev/drbd2",
            directory: "/srv/vm",
            fstype: "xfs",
          }),
          primitive("p_pool_vm", "systemd:virtstoraged", "ruby", startedMs - days(18), {}),
        ],
      ),
      service(
        "g_iscsi-o1",
        ["store"],
        ["ruby", "crystal"],
        [
          primitive("p_ip_o1", "ocf:heartbeat:IPaddr2", "ruby", startedMs - days(18), { ip: "10.20.5.10", cidr_netmask: "24" }, 10),
          primitive("p_target_o1", "ocf:heartbeat:iSCSITarget", "ruby", startedMs - days(18), {
            iqn: O1,
            implementation: "lio-t",
            portals: "10.20.5.10:3260",
          }),
          primitive("p_lun_o1", "ocf:heartbeat:iSCSILogicalUnit", "ruby", startedMs - days(18), {
            target_iqn: O1,
            lun: "0",
            path: "/dev/drbd0",
            implementation: "lio-t",
          }),
        ],
      ),
      service(
        "g_mail",
        ["mail"],
        ["crystal", "ruby"],
        [
          primitive("p_fs_mail", "ocf:heartbeat:Filesystem", "crystal", startedMs, {
            device: "/dev/drbd1",
            directory: "/srv/mail",
            fstype: "ext4",
          }),
          primitive("p_ip_mail", "ocf:heartbeat:IPaddr2", "crystal", startedMs, { ip: "10.20.5.20", cidr_netmask: "24" }, 10),
          primitive("p_dovecot", "systemd:dovecot", "crystal", startedMs, {}),
        ],
      ),
    ],
  });
  if (!isCalm) {
    pacemaker.constraints.push(location("cli-ban-g_iscsi-o1-on-crystal", "g_iscsi-o1", "crystal", "-INFINITY", "Started"));
    const [link] = store.links;
    if (link) {
      link.outOfSyncKib = Math.round((RESYNC_KIB * 0.386) / 4) * 4;
      link.sync = {
        kind: "resync",
        from: "ruby",
        totalKib: RESYNC_KIB,
        leftKib: link.outOfSyncKib,
        rateKibPerSec: RESYNC_KIB_PER_SEC,
        startedAtMs: atMs - 22 * 60_000,
      };
    }
    for (const one of store.copies) if (one.node === "crystal") one.disk = "Inconsistent";
    // What an earlier verify found.
    const found = [2_400, 160_000, 400_000].map((startSector) => ({ startSector, sectors: 8 }));
    for (const one of mail.links) Object.assign(one, { outOfSyncKib: 12, rotten: found, marked: [...found] });
  }
  const rings = ringsOver(["idmz", "e1p1"], ["10.20.0", "10.21.0"], { ruby: 11, crystal: 12 });
  return {
    slug: "san-a",
    title: "san-a",
    environment: "PROD",
    nodes: [ruby, crystal, client(atMs, newId())],
    mirrors: [store, mail, images],
    pacemaker,
    rings,
    lockspaces: [],
  };
}
