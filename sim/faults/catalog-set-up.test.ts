// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { startedOn } from "@/sim/model/manager";
import { clusterOf } from "@/sim/model/model";
import { answerOf, newDesk, textOf } from "./catalog.factories";

/** A node loses its power and boots. */
function reboot({ desk, pass }: ReturnType<typeof newDesk>, node: string): void {
  desk.apply("kill-node", [node]);
  pass(5_000);
  desk.repair("kill-node", [node]);
  pass(12_000);
}

describe("faults of a boot", () => {
  it("skip-at-boot: a pool is there until the node boots, and then no tool names it, until it is imported", () => {
    const world = newDesk();
    const status = () => answerOf(world.fleet(), "tromso", "/zpool-status");
    world.desk.apply("skip-at-boot", ["tromso", "backup"]);
    expect(status()).toContain("  pool: backup\n");
    reboot(world, "tromso");
    expect(status()).toBe("no pools available\n");
    expect(answerOf(world.fleet(), "tromso", "/zpool-list")).toBe("");
    world.desk.repair("skip-at-boot", ["tromso", "backup"]);
    expect(status()).toContain("  pool: backup\n");
    reboot(world, "tromso");
    expect(status()).toContain("  pool: backup\n");
  });

  it("skip-at-boot: an array takes the file system on it along", () => {
    const world = newDesk();
    const mounts = () => textOf(world.fleet(), "hv06", "/proc/1/mountinfo");
    world.desk.apply("skip-at-boot", ["hv06", "md0"]);
    reboot(world, "hv06");
    expect(textOf(world.fleet(), "hv06", "/proc/mdstat")).toBe("Personalities : [raid1] \nunused devices: <none>\n");
    expect(mounts()).not.toContain("/dev/md0");
    expect(mounts()).toContain("/dev/etherd/e0.1");
    world.desk.repair("skip-at-boot", ["hv06", "md0"]);
    expect(textOf(world.fleet(), "hv06", "/proc/mdstat")).toContain("md0 : active raid1 ");
    expect(mounts()).toContain("/dev/md0");
    expect(() => world.desk.apply("skip-at-boot", ["hv06", "tank"])).toThrow("hv06 has no pool or array tank. It has: md0.");
  });
});

describe("what an admin does at a shell", () => {
  it("stand-by: a service leaves; one that fails where it goes stays stopped until clean-up", () => {
    const { desk, fleet, pass } = newDesk();
    const north = () => clusterOf(fleet(), "north").pacemaker;
    const spool = () => north().services.flatMap((service) => (service.group === "g_spool" ? [startedOn(service)] : []));
    desk.apply("fail-start", ["g_spool", "bergen"]);
    desk.apply("stand-by", ["narvik"]);
    pass(120_000);
    expect(spool()).toEqual([null]);
    expect(north().failures).toMatchObject([{ resource: "p_fs_spool", node: "bergen", task: "start" }]);
    desk.repair("fail-start", ["g_spool", "bergen"]);
    desk.apply("clean-up", ["north"]);
    pass(120_000);
    expect(spool()).toEqual(["bergen"]);
    expect(north().failures).toEqual([]);
    expect(() => desk.apply("stand-by", ["hv01"])).toThrow("hv01 is no member of san-a.");
    desk.repair("stand-by", ["narvik"]);
    expect(desk.active()).toEqual([]);
  });
});

describe("faults of a set-up", () => {
  it("uninstall: the agent's file is not in its folder, on that node alone", () => {
    const { desk, fleet } = newDesk();
    const agent = "/usr/lib/ocf/resource.d/heartbeat/pgsql";
    const files = (node: string) =>
      textOf(fleet(), node, "/usr/lib/systemd/system/cups.service") !== "" && textOf(fleet(), node, agent) !== "";
    expect(files("tromso")).toBe(true);
    desk.apply("uninstall", ["tromso", "ocf:heartbeat:pgsql"]);
    expect(textOf(fleet(), "tromso", agent)).toBe("");
    expect(files("narvik")).toBe(true);
    desk.repair("uninstall", ["tromso", "ocf:heartbeat:pgsql"]);
    expect(files("tromso")).toBe(true);
    expect(() => desk.apply("uninstall", ["tromso", "ocf:heartbeat:nginx"])).toThrow("Nothing of north needs ocf:heartbeat:nginx.");
    expect(() => desk.apply("uninstall", ["hv05", "ocf:linbit:drbd"])).toThrow("hv05 is no member of attic.");
  });

  it("shrink-mtu: of a bond with all its ports, as the kernel does; of a port alone", () => {
    const { desk, fleet } = newDesk();
    const mtus = () =>
      ["idmz", "idmz1", "e1p2", "e1p1"].map((name) => textOf(fleet(), "ruby", `/sys/class/net/${name}/mtu`).trim()).join(" ");
    desk.apply("shrink-mtu", ["ruby", "idmz"]);
    expect(mtus()).toBe("1500 1500 1500 9000");
    desk.repair("shrink-mtu", ["ruby", "idmz"]);
    desk.apply("shrink-mtu", ["ruby", "e1p2"]);
    expect(mtus()).toBe("9000 9000 1500 9000");
    expect(textOf(fleet(), "ruby", "/proc/net/route")).toContain("idmz\t0000140A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t");
  });

  it("allow-two: what drbdsetup shows of one side, of both generations that show it", () => {
    const { desk, fleet } = newDesk();
    const shown = (node: string) => answerOf(fleet(), node, "/drbdsetup-show-defaults").match(/allow-two-primaries\s+yes/g)?.length ?? 0;
    desk.apply("allow-two", ["ruby", "mail"]);
    desk.apply("allow-two", ["tromso", "pg-main"]);
    // One connection of 8.4, two of a mesh.
    expect(["ruby", "crystal", "tromso", "narvik"].map(shown)).toEqual([1, 0, 2, 0]);
    desk.repair("allow-two", ["ruby", "mail"]);
    expect(shown("ruby")).toBe(0);
    expect(() => desk.apply("allow-two", ["jade", "scans"])).toThrow("jade runs DRBD 8.3");
  });

  it("bypass-mirror: a volume stands on the volume below the mirror, as sysfs shows it", () => {
    const { desk, fleet } = newDesk();
    const name = () => textOf(fleet(), "glouton", "/sys/block/dm-4/dm/name");
    desk.apply("bypass-mirror", ["glouton", "scans"]);
    expect(name()).toBe("vg_scans-root\n");
    desk.repair("bypass-mirror", ["glouton", "scans"]);
    expect(name()).toBe("");
  });

  it("drift-corosync, ban-fencing and break-level: in the files, with a new epoch of the CIB", () => {
    const { desk, fleet } = newDesk();
    const cib = () => answerOf(fleet(), "ruby", "/cib.xml");
    desk.apply("drift-corosync", ["ruby"]);
    expect(textOf(fleet(), "ruby", "/etc/corosync/corosync.conf")).toContain("\ttoken: 10000\n");
    expect(textOf(fleet(), "crystal", "/etc/corosync/corosync.conf")).not.toContain("token");
    desk.apply("ban-fencing", ["crystal"]);
    expect(cib()).toContain('<rsc_location id="loc_p_fence_crystal_ruby" rsc="p_fence_crystal" node="ruby" score="-INFINITY"/>');
    expect(cib()).toContain(' epoch="148" ');
    desk.apply("break-level", ["ruby"]);
    expect(cib()).toContain('<fencing-level devices="p_pdu_ruby" index="1" target="ruby" id="fl-ruby-1"/>');
    for (const fault of ["ban-fencing", "break-level"]) desk.repair(fault, [fault === "break-level" ? "ruby" : "crystal"]);
    expect(cib()).not.toMatch(/fencing-topology|loc_p_fence_crystal_ruby/);
    expect(() => desk.apply("break-level", ["hv01"])).toThrow("No fencing device is for hv01.");
  });
});
