// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimPool } from "./model";
import { bond, copy, DRBD_9, days, gib, manager, mirror, node, port, primitive, ringsOver, service } from "./parts";

const SWITCH_A = "00:23:73:aa:20:01";
const SWITCH_B = "00:23:73:bb:20:01";
const NAMES: readonly string[] = ["bergen", "narvik", "tromso"];

/** Where the node without a service keeps the others' backups. */
function backupPool(): SimPool {
  const devices = ["vdb", "vdc"].map((name) => ({ name, state: "online" as const, writeErrors: 0 }));
  return { name: "backup", sizeKib: gib(3_712), allocatedKib: gib(1_270), devices };
}

/** Three nodes, DRBD 9, mirrors with three copies. Not calm: maintenance, and one pair of pg-main disconnected by hand. */
export function north(atMs: number, isCalm: boolean, newId: () => string): Cluster {
  const nodes = NAMES.map((name, index) => {
    const id = index + 1;
    const mac = (last: string) => `52:54:00:40:0${id}:${last}`;
    return node({
      name,
      id,
      kernel: "6.1.0-56-amd64",
      bootId: newId(),
      bootedAtMs: atMs - days(76 + index * 3),
      ports: [port("e1p1", mac("11")), port("e1p2", mac("12")), port("e2p1", mac("21")), port("e2p2", mac("22"))],
      bonds: [
        bond("bond0", "802.3ad", ["e1p1", "e1p2"], { partnerMac: SWITCH_A }),
        bond("bond1", "802.3ad", ["e2p1", "e2p2"], { partnerMac: SWITCH_B }),
      ],
      mirrorInterface: "bond0",
      drbd: DRBD_9,
      pacemakerVersion: "2.1.6",
      corosyncVersion: "3.1.7",
      hasDlm: true,
      pools: name === "tromso" ? [backupPool()] : [],
    });
  });
  const copies = (names: readonly string[], minor: number, volume: string, primary: string) =>
    names.map((name) =>
      copy(name, minor, `/dev/vg0/${volume}`, `10.40.0.3${NAMES.indexOf(name) + 1}`, name === primary ? "Primary" : "Secondary"),
    );
  const main = mirror({
    name: "pg-main",
    sizeKib: gib(1024),
    port: 7790,
    writeKibPerSec: 2_300,
    copies: copies(NAMES, 0, "pg-main", "bergen"),
  });
  const wal = mirror({
    name: "pg-wal",
    sizeKib: gib(120),
    port: 7791,
    writeKibPerSec: 3_900,
    copies: copies(NAMES, 1, "pg-wal", "bergen"),
  });
  const spool = mirror({
    name: "spool",
    sizeKib: gib(300),
    port: 7792,
    writeKibPerSec: 85,
    verifyAlg: isCalm ? "crc32c" : null,
    copies: copies(["bergen", "narvik"], 2, "spool", "narvik"),
  });
  const pacemaker = manager({
    name: "hacluster",
    dc: "narvik",
    members: NAMES,
    atMs,
    changedAtMs: atMs - days(4),
    services: [
      service(
        "g_pg",
        ["pg-main", "pg-wal"],
        ["bergen", "tromso", "narvik"],
        [
          primitive("p_fs_pg", "ocf:heartbeat:Filesystem", "bergen", atMs - days(31), {
            device: "/dev/drbd0",
            directory: "/srv/pg",
            fstype: "xfs",
          }),
          primitive("p_ip_pg", "ocf:heartbeat:IPaddr2", "bergen", atMs - days(31), { ip: "10.40.5.10", cidr_netmask: "24" }, 10),
          primitive("p_postgres", "ocf:heartbeat:pgsql", "bergen", atMs - days(31), { pgdata: "/srv/pg/data" }),
        ],
      ),
      service(
        "g_spool",
        ["spool"],
        ["narvik", "bergen"],
        [
          primitive("p_fs_spool", "ocf:heartbeat:Filesystem", "narvik", atMs - days(12), {
            device: "/dev/drbd2",
            directory: "/srv/spool",
            fstype: "ext4",
          }),
          primitive("p_cups", "systemd:cups", "narvik", atMs - days(12), {}),
        ],
      ),
    ],
  });
  if (!isCalm) {
    pacemaker.isMaintenance = true;
    pacemaker.lastChange = { atMs: atMs - 58 * 60_000, user: "ben", client: "crm_attribute", origin: "narvik" };
    for (const link of main.links) {
      if (link.a === "narvik" && link.b === "tromso") {
        link.state = "standAlone";
        link.by = "narvik";
      }
    }
  }
  // As lvmlockd has them for a shared volume group.
  const lockspaces = [
    { name: "lvm_global", id: 0x12aabd2d },
    { name: "lvm_vg_shared", id: 0x45d1d4f1 },
  ];
  const rings = ringsOver(["bond0", "bond1"], ["10.40.0", "10.41.0"], { bergen: 31, narvik: 32, tromso: 33 });
  return { slug: "north", title: "north", environment: "PROD", nodes, mirrors: [main, wal, spool], pacemaker, rings, lockspaces };
}
