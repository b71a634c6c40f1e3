// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startedOn } from "@/sim/model/manager";
import { clusterOf, type Fleet, nodeOf } from "@/sim/model/model";
import { planStep, STEP_MS } from "@/sim/model/service-life";
import { renderProcDrbd } from "@/sim/text/proc-drbd";
import { mirrorsOn, procDeviceOf } from "@/sim/tree/drbd-side";
import { FAULTS } from "./catalog";
import { answerOf, newDesk, textOf } from "./catalog.factories";

function procDrbd(fleet: Fleet, name: string): string {
  const { cluster, node } = nodeOf(fleet, name);
  return renderProcDrbd(
    [],
    mirrorsOn(cluster, node).flatMap(({ mirror, copy }) => procDeviceOf(mirror, copy, fleet.atMs) ?? []),
  );
}

describe("faults", () => {
  it("are all in the catalog", () => {
    const files = readdirSync(import.meta.dirname).filter((name) => !/^(catalog|define)|\.test\.ts$/.test(name));
    expect(files.map((name) => name.replace(".ts", "")).sort()).toEqual(FAULTS.map((fault) => fault.name).sort());
  });

  it("can be applied and repaired with every choice they offer, from a calm start", () => {
    for (const fault of FAULTS) {
      for (const args of fault.choices(newDesk().reach)) {
        const { desk } = newDesk();
        desk.apply(fault.name, args);
        expect(desk.active()).toEqual(fault.isMoment ? [] : [{ name: fault.name, args, sinceMs: 7 }]);
        if (fault.name !== "cut-agent") desk.repair(fault.name, args);
      }
    }
  });

  it("say what is wrong with what they are asked", () => {
    const { desk } = newDesk();
    expect(() => desk.apply("flood", [])).toThrow("There is no fault flood. Faults: kill-node,");
    expect(() => desk.apply("kill-node", [])).toThrow("Say the node");
    expect(() => desk.apply("kill-node", ["amber"])).toThrow("There is no node amber");
    expect(() => desk.apply("pull-cable", ["ruby", "e9p9"])).toThrow("ruby has no port e9p9. Ports: e1p1,");
    expect(() => desk.apply("disconnect", ["hv05", "mail"])).toThrow("hv05 has no copy of mail");
    expect(() => desk.apply("run-verify", ["narvik", "pg-main", "x"])).toThrow("nothing else");
    expect(desk.active()).toEqual([]);
  });

  it("pull-cable: the port is down in the bond's file and in sysfs, and up again after", () => {
    const { desk, fleet } = newDesk();
    desk.apply("pull-cable", ["ruby", "e1p2"]);
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz1")).toContain(
      "Slave Interface: e1p2\nMII Status: down\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 1\n",
    );
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz1")).toContain("\tNumber of ports: 1\n");
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz")).toContain("Slave Interface: idmz1\nMII Status: up\n");
    expect(textOf(fleet(), "ruby", "/sys/class/net/e1p2/carrier")).toBe("0\n");
    desk.repair("pull-cable", ["ruby", "e1p2"]);
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz1")).toContain("Slave Interface: e1p2\nMII Status: up\n");
    expect(textOf(fleet(), "ruby", "/sys/class/net/e1p2/carrier")).toBe("1\n");
  });

  it("cut-ring: that ring alone, from both ends, and nobody else notices", () => {
    const { desk, fleet, pass } = newDesk();
    const pacemaker = answerOf(fleet(), "ruby", "/cib.xml");
    desk.apply("cut-ring", ["ruby", "crystal", "1"]);
    expect(answerOf(fleet(), "ruby", "/cfgtool-n")).toContain("LINK: 1 udp (10.21.0.11->10.21.0.12) enabled mtu: 1446");
    expect(answerOf(fleet(), "ruby", "/cfgtool-n")).toContain("LINK: 0 udp (10.20.0.11->10.20.0.12) enabled connected mtu: 1446");
    expect(answerOf(fleet(), "crystal", "/cfgtool-s")).toContain("\t\tnodeid:          1:\tdisconnected\n");
    pass(60_000);
    expect(answerOf(fleet(), "ruby", "/cib.xml")).toBe(pacemaker);
    expect(answerOf(fleet(), "ruby", "/quorumtool-s")).toContain("Nodes:            2\n");
    expect(() => desk.apply("cut-ring", ["crystal", "ruby", "0"])).toThrow("Ring 0 is the last between crystal and ruby");
    expect(() => desk.apply("cut-ring", ["ruby", "narvik", "0"])).toThrow("not of one cluster");
    expect(() => desk.apply("cut-ring", ["ruby", "crystal", "7"])).toThrow("san-a has no ring 7. Rings: 0, 1.");
    desk.repair("cut-ring", ["crystal", "ruby", "1"]);
    expect(answerOf(fleet(), "ruby", "/cfgtool-n")).not.toContain("enabled mtu");
  });

  it("a pulled cable takes the ring it carries with it; a dead node is off both, and Corosync does not run while it boots", () => {
    const { desk, fleet, pass } = newDesk();
    desk.apply("pull-cable", ["ruby", "e1p1"]);
    expect(answerOf(fleet(), "crystal", "/cfgtool-n")).toContain("LINK: 1 udp (10.21.0.12->10.21.0.11) enabled mtu: 1446");
    desk.repair("pull-cable", ["ruby", "e1p1"]);
    desk.apply("kill-node", ["crystal"]);
    pass(5_000);
    expect(answerOf(fleet(), "ruby", "/cfgtool-n")).toBe("Local node ID 1, transport knet\n");
    expect(answerOf(fleet(), "ruby", "/quorumtool-s")).toContain("Nodes:            1\n");
    desk.repair("kill-node", ["crystal"]);
    pass(11_500);
    expect(answerOf(fleet(), "crystal", "/corosync.exit")).toBe("1\n");
    pass(10_000);
    expect(answerOf(fleet(), "crystal", "/corosync.exit")).toBe("0\n");
    expect(answerOf(fleet(), "ruby", "/quorumtool-s")).toContain("Nodes:            2\n");
  });

  it("kill-node: the line is cut before the agent dies, and the peer's text changes", () => {
    const { desk, fleet, done, pass } = newDesk();
    desk.apply("kill-node", ["ruby"]);
    expect(done).toEqual(["cut ruby", "kill ruby"]);
    expect(procDrbd(fleet(), "crystal")).toContain(" 0: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----");
    pass(4_000);
    expect(procDrbd(fleet(), "crystal")).toContain(" 0: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----");
    desk.repair("kill-node", ["ruby"]);
    expect(nodeOf(fleet(), "ruby").node.power).toBe("booting");
  });

  it("cut-agent: only the line is cut", () => {
    const { desk, fleet, done } = newDesk();
    const before = structuredClone(fleet());
    desk.apply("cut-agent", ["crystal"]);
    desk.repair("cut-agent", ["crystal"]);
    expect(done).toEqual(["cut crystal", "mend crystal"]);
    expect(fleet()).toEqual(before);
  });

  it("hang-tool and forbid-tool: the tool alone", () => {
    const { desk, done } = newDesk();
    desk.apply("hang-tool", ["ruby", "crm_mon"]);
    desk.repair("hang-tool", ["ruby", "crm_mon"]);
    desk.apply("forbid-tool", ["ruby", "drbdsetup"]);
    expect(done).toEqual(["ruby crm_mon hangs", "ruby crm_mon works", "ruby drbdsetup forbidden"]);
  });

  it("fail-leg: the leg is marked and missing from the map; added again it is rebuilt and whole", () => {
    const { desk, fleet, pass } = newDesk();
    const mdstat = () => textOf(fleet(), "hv06", "/proc/mdstat");
    desk.apply("fail-leg", ["hv06", "e11.6"]);
    expect(mdstat()).toContain("md0 : active raid1 etherd/e11.6[1](F) etherd/e10.6[0]\n");
    expect(mdstat()).toContain(" [2/1] [U_]\n");
    expect(textOf(fleet(), "hv06", "/sys/block/md0/md/dev-etherd!e11.6/state")).toBe("faulty\n");
    desk.repair("fail-leg", ["hv06", "e11.6"]);
    expect(mdstat()).toMatch(/\[=+>\.\] {2}recovery = 99\.\d% \(417\d+\/419295232\) finish=0\.3min speed=114688K\/sec\n/);
    pass(20_000);
    expect(mdstat()).toContain(" [2/2] [UU]\n");
    expect(() => desk.apply("fail-leg", ["hv06", "sda1"])).toThrow("No array of hv06 has a leg sda1. Legs: etherd/e10.6, etherd/e11.6.");
  });

  it("remount-ro: the mount says rw, its file system ro; a service that moves mounts it well again", () => {
    const { desk, fleet } = newDesk();
    const mounts = (node: string) => textOf(fleet(), node, "/proc/1/mountinfo");
    expect(mounts("crystal")).toMatch(/ 147:1 \/ \/srv\/mail rw,relatime shared:\d+ - ext4 \/dev\/drbd1 rw,errors=remount-ro\n/);
    expect(mounts("ruby")).not.toContain("/srv/mail");
    desk.apply("remount-ro", ["crystal", "/srv/mail"]);
    expect(mounts("crystal")).toMatch(/ \/srv\/mail rw,relatime shared:\d+ - ext4 \/dev\/drbd1 ro,errors=remount-ro\n/);
    desk.repair("remount-ro", ["crystal", "/srv/mail"]);
    expect(mounts("crystal")).toContain("- ext4 /dev/drbd1 rw,errors=remount-ro");
    expect(() => desk.apply("remount-ro", ["ruby", "/srv/vm"])).toThrow("ruby has no ext4 at /srv/vm. Mounts: none.");
  });

  it("disconnect: one side stands alone without a protocol, the other waits; repaired they meet", () => {
    const { desk, fleet, pass } = newDesk();
    desk.apply("disconnect", ["ruby", "mail"]);
    expect(procDrbd(fleet(), "ruby")).toContain(" 1: cs:StandAlone ro:Secondary/Unknown ds:UpToDate/DUnknown   r-----");
    expect(procDrbd(fleet(), "crystal")).toContain(" 1: cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C r-----");
    desk.repair("disconnect", ["ruby", "mail"]);
    pass(30_000);
    expect(procDrbd(fleet(), "ruby")).toContain(" 1: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----");
  });

  it("drop-portal: the target is there, enabled and Started, and listens nowhere; lose-session: the client alone", () => {
    const { desk, fleet, pass } = newDesk();
    const group = "/sys/kernel/config/target/iscsi/iqn.2014-03.com.example.san-a:o1/tpgt_1";
    desk.apply("drop-portal", ["p_target_o1"]);
    pass(3_000);
    expect(textOf(fleet(), "ruby", `${group}/enable`)).toBe("1\n");
    expect(textOf(fleet(), "ruby", `${group}/np/10.20.5.10:3260/iser`)).toBe("");
    expect(textOf(fleet(), "hv01", "/sys/class/iscsi_session/session1/state")).toBe("FAILED\n");
    desk.repair("drop-portal", ["p_target_o1"]);
    pass(3_000);
    expect(textOf(fleet(), "hv01", "/sys/class/iscsi_session/session1/state")).toBe("LOGGED_IN\n");
    desk.apply("lose-session", ["hv01", "session1"]);
    pass(3_000);
    expect(textOf(fleet(), "hv01", "/sys/class/iscsi_session/session1/state")).toBe("FAILED\n");
    expect(() => desk.apply("lose-session", ["ruby", "session1"])).toThrow("ruby has no iSCSI session session1.");
    expect(() => desk.apply("drop-portal", ["p_fs_vm"])).toThrow("There is no iSCSI target p_fs_vm.");
  });

  it("go-home: a service that a failover left elsewhere is brought back to the node it likes best, and then stays where it is", () => {
    const { desk, reach, fleet, pass } = newDesk();
    const places = () => clusterOf(fleet(), "san-a").pacemaker.services.map(startedOn);
    const homes = places();
    const standby = (isStandby: boolean) =>
      reach.change((scene) => {
        const cluster = clusterOf(scene.fleet, "san-a");
        for (const member of cluster.pacemaker.members) if (member.node === "crystal") member.isStandby = isStandby;
        planStep(scene, cluster, STEP_MS);
      });
    standby(true);
    pass(120_000);
    expect(places()).toEqual(["ruby", "ruby", "ruby"]);
    standby(false);
    pass(120_000);
    expect(places()).toEqual(["ruby", "ruby", "ruby"]);
    desk.apply("go-home", ["san-a"]);
    pass(120_000);
    expect(places()).toEqual(homes);
    expect(clusterOf(fleet(), "san-a").pacemaker.isHoming).toBe(false);
  });

  it("run-verify and rot-bits: the difference shows only after the verify", () => {
    const { desk, fleet, pass } = newDesk();
    desk.apply("rot-bits", ["ruby", "mail"]);
    expect(procDrbd(fleet(), "ruby")).not.toMatch(/oos:[1-9]/);
    desk.apply("run-verify", ["ruby", "mail"]);
    expect(procDrbd(fleet(), "ruby")).toContain(" 1: cs:VerifyS ");
    for (let minutes = 0; minutes < 60; minutes += 1) pass(60_000);
    expect(procDrbd(fleet(), "ruby")).toMatch(/ 1: cs:Connected .*\n.* oos:4\n/);
    desk.apply("run-verify", ["ruby", "mail"]);
    for (let minutes = 0; minutes < 60; minutes += 1) pass(60_000);
    expect(procDrbd(fleet(), "ruby"), "the same block again: its bit is set already").toMatch(/ 1: cs:Connected .*\n.* oos:4\n/);
  });

  it("lose-port: the port is not in its bond's file, and back after", () => {
    const { desk, fleet } = newDesk();
    desk.apply("lose-port", ["ruby", "e1p2"]);
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz1")).not.toContain("Slave Interface: e1p2");
    expect(textOf(fleet(), "ruby", "/sys/class/net/idmz1/bonding/slaves")).toBe("e3p2\n");
    expect(() => desk.apply("lose-port", ["ruby", "e3p2"])).toThrow("e3p2 is the only port of idmz1");
    desk.repair("lose-port", ["ruby", "e1p2"]);
    expect(textOf(fleet(), "ruby", "/proc/net/bonding/idmz1")).toContain("Slave Interface: e1p2\nMII Status: up\n");
  });

  it("split-brain: both sides stand alone, the kernels say why, and discarding one side's changes brings them together", () => {
    const { desk, fleet, pass } = newDesk();
    desk.apply("split-brain", ["ruby", "mail"]);
    expect(procDrbd(fleet(), "ruby")).toContain(" 1: cs:StandAlone ro:Secondary/Unknown ds:UpToDate/DUnknown   r-----");
    expect(procDrbd(fleet(), "crystal")).toContain(" 1: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----");
    expect(() => newDesk().desk.apply("split-brain", ["crystal", "mail"])).toThrow("name the other node");
    desk.repair("split-brain", ["ruby", "mail"]);
    pass(30_000);
    expect(procDrbd(fleet(), "ruby")).toContain(" 1: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----");
  });

  it("slow-disk: the node waits for I/O, where its kernel measures that", () => {
    const { desk, fleet } = newDesk();
    desk.apply("slow-disk", ["ruby"]);
    const waits = Number(/some avg10=(\d+)/.exec(textOf(fleet(), "ruby", "/proc/pressure/io"))?.[1]);
    expect(waits).toBeGreaterThan(40);
    expect(() => desk.apply("slow-disk", ["jade"])).toThrow("does not measure");
  });

  it("full-journal and step-clock reach the agent alone", () => {
    const { desk, done } = newDesk();
    desk.apply("full-journal", ["ruby"]);
    desk.repair("full-journal", ["ruby"]);
    desk.apply("step-clock", ["ruby", "3600"]);
    desk.repair("step-clock", ["ruby", "3600"]);
    expect(() => desk.apply("step-clock", ["ruby", "soon"])).toThrow("Say whole seconds");
    expect(done).toEqual(["cut ruby", "mend ruby", "clock ruby 3600000", "clock ruby 0"]);
  });
});
