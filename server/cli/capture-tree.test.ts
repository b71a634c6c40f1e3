// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { captureTree } from "./capture-tree";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "capture-tree-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const texts: Record<string, string> = {
  _time: "2026-01-02T03:04:05.000000000Z\n6.1.0-56-amd64\n",
  "_commands.txt": [
    "$ cat /proc/drbd > proc_drbd",
    "rc=0",
    "$ drbdsetup status --json > drbdsetup_status.json",
    "rc=20",
    "status: unrecognized option '--json'",
    "$ cat /proc/net/bonding/bond9 > proc_net_bonding_bond9",
    "rc=1",
    "cat: /proc/net/bonding/bond9: No such file or directory",
    "",
  ].join("\n"),
  proc_drbd: "version: 8.4.11 (api:1/proto:86-101)\n",
  proc_net_bonding_bond0: "Bonding Mode: adaptive load balancing\n",
  proc_net_bonding_bond9: "",
  "sys_class_net_bonding.txt":
    "bond0\nbond0/bonding/mode:balance-alb 6\nbond0/bonding/slaves:p1 p2\nbond0/speed: 1000\np1/address:52:54:00:00:01:01\n",
  "ip_j_d_s_link.json": JSON.stringify([
    { ifname: "p1", flags: ["UP", "LOWER_UP"], mtu: 9000, operstate: "UP", address: "52:54:00:00:01:01" },
    { ifname: "p2", flags: ["NO-CARRIER", "UP"], mtu: 1500, operstate: "DOWN", address: "52:54:00:00:01:02" },
    { ifname: "p3", flags: [], mtu: 1500, operstate: "DOWN", address: "52:54:00:00:01:03" },
  ]),
  "debugfs_aoe.txt":
    "=== /sys/kernel/debug/aoe/e0.0\nrttavg: 1 rttdev: 2\n525400000100:0:16:16\n\tlan0\n=== /sys/kernel/debug/aoe/e7.3\nrttavg: 3 rttdev: 4\n=== /sys/kernel/debug/aoe/*\n",
  "sys_block_etherd.txt":
    "/sys/block/etherd!e0.0/state: up\n/sys/block/etherd!e0.0/debug: (absent)\nlrwxrwxrwx 1 root root 0 Jan 1 00:00 etherd!e0.0 -> ../devices/virtual/block/etherd!e0.0\n",
  "module_params.txt":
    "/sys/module/aoe/parameters/aoe_deadsecs: 15\n/sys/module/aoe/parameters/aoe_iflist: \n    running aoe driver:\t85\n85\n",
  "vblade_ps.txt": " 4205 vblade -s 0 0 lan0 /dev/vdd\n 4549 bash -c ps -eo pid,args | grep [v]blade\n",
  "sys_block.txt":
    "/sys/block/drbd0/size: 524200\n/sys/block/none*/size: \n\n/dev/drbd/by-res:\ntotal 0\nlrwxrwxrwx 1 root root 11 Jan 1 00:00 r0 -> ../../drbd0\n\n/dev/drbd/by-res/r1:\nlrwxrwxrwx 1 root root 14 Jan 1 00:00 0 -> ../../../drbd1\n",
  "drbdsetup_status.json": "USAGE: drbdsetup command\n",
  "events2_now_statistics.txt": "exists -\n",
  "drbdsetup_show.txt": "resource r0 {\n}\n",
  "crm_mon_1_r_f.xml": "<pacemaker-result/>\n",
};

function capture(changes: Record<string, string> = {}): { root: string; bin: string } {
  const from = path.join(folder, "alice");
  mkdirSync(from);
  for (const [name, text] of Object.entries({ ...texts, ...changes })) writeFileSync(path.join(from, name), text);
  const root = path.join(folder, "tree");
  captureTree(from, root);
  return { root, bin: `${root}.bin` };
}

describe("the tree", () => {
  test.each([
    ["proc/sys/kernel/hostname", "alice\n"],
    ["proc/sys/kernel/osrelease", "6.1.0-56-amd64\n"],
    ["proc/drbd", "version: 8.4.11 (api:1/proto:86-101)\n"],
    ["proc/net/bonding/bond0", "Bonding Mode: adaptive load balancing\n"],
    ["sys/class/net/bonding_masters", "bond0\n"],
    ["sys/class/net/bond0/bonding/mode", "balance-alb 6\n"],
    ["sys/class/net/bond0/bonding/slaves", "p1 p2\n"],
    ["sys/class/net/bond0/speed", "1000\n"],
    ["sys/class/net/p1/address", "52:54:00:00:01:01\n"],
    ["sys/class/net/p1/mtu", "9000\n"],
    ["sys/class/net/p1/operstate", "up\n"],
    ["sys/class/net/p1/carrier", "1\n"],
    ["sys/class/net/p2/carrier", "0\n"],
    ["sys/kernel/debug/aoe/e0.0", "rttavg: 1 rttdev: 2\n525400000100:0:16:16\n\tlan0\n"],
    ["sys/kernel/debug/aoe/e7.3", "rttavg: 3 rttdev: 4\n"],
    ["sys/block/etherd!e0.0/state", "up\n"],
    ["sys/module/aoe/parameters/aoe_deadsecs", "15\n"],
    ["sys/module/aoe/parameters/aoe_iflist", "\n"],
    ["sys/module/aoe/version", "85\n"],
    ["proc/4205/cmdline", "vblade\0-s\x000\x000\0lan0\0/dev/vdd\0"],
    ["sys/block/drbd0/size", "524200\n"],
  ])("%s", (place, text) => {
    const { root } = capture();
    expect(readFileSync(path.join(root, place), "utf8")).toBe(text);
  });

  test("what was not on the node is not in the tree", () => {
    const { root } = capture();
    for (const place of ["proc/net/bonding/bond9", "sys/block/etherd!e0.0/debug", "sys/class/net/p3/carrier", "proc/4549"])
      expect(existsSync(path.join(root, place))).toBe(false);
  });

  test("the links of /dev/drbd lead to a file in the tree", () => {
    const { root } = capture();
    expect(readlinkSync(path.join(root, "dev/drbd/by-res/r0"))).toBe("../../drbd0");
    expect(readlinkSync(path.join(root, "dev/drbd/by-res/r1/0"))).toBe("../../../drbd1");
    expect(existsSync(path.join(root, "dev/drbd/by-res/r1/0"))).toBe(true);
  });
});

describe("the tools", () => {
  test("print what was captured, whatever the folder they lie in is called", () => {
    const { bin } = capture();
    const moved = path.join(folder, "a moved $bin");
    execFileSync("mv", [bin, moved]);
    expect(execFileSync(path.join(moved, "drbdsetup"), ["show"], { encoding: "utf8" })).toBe("resource r0 {\n}\n");
    expect(execFileSync(path.join(moved, "drbdsetup"), ["events2", "--now"], { encoding: "utf8" })).toBe("exists -\n");
    const xml = ["-1", "--output-as=xml", "--include=all"];
    expect(execFileSync(path.join(moved, "crm_mon"), xml, { encoding: "utf8" })).toBe("<pacemaker-result/>\n");
  });

  test("fail as they failed", () => {
    const { bin } = capture();
    const { status, stderr, stdout } = spawnSync(path.join(bin, "drbdsetup"), ["status", "--json"], { encoding: "utf8" });
    expect({ status, stderr, stdout }).toEqual({
      status: 20,
      stderr: "status: unrecognized option '--json'\n",
      stdout: "USAGE: drbdsetup command\n",
    });
  });

  test("refuse what was not captured; a tool never captured is not there", () => {
    const { bin } = capture();
    expect(spawnSync(path.join(bin, "drbdsetup"), ["down", "r0"]).status).toBe(20);
    expect(readdirSync(bin).sort()).toEqual(["captured", "crm_mon", "drbdsetup"]);
  });
});

describe("safety", () => {
  test.each([
    ["debugfs_aoe.txt", "=== /sys/kernel/debug/aoe/../../../evil\nx\n"],
    ["debugfs_aoe.txt", "=== /sys/kernel/debug/aoe//etc\nx\n"],
    ["sys_block_etherd.txt", "/sys/block/../../evil: x\n"],
    ["sys_class_net_bonding.txt", "bond0\n../../evil/x:1\n"],
    ["sys_block.txt", "/dev/drbd/../..:\nlrwxrwxrwx 1 root root 11 Jan 1 00:00 r0 -> ../../drbd0\n"],
    [
      "sys_block.txt",
      "/dev/drbd/by-res:\nlrwxrwxrwx 1 root root 11 Jan 1 00:00 r0 -> ../../../../drbd0\n/dev/drbd:\nlrwxrwxrwx 1 root root 11 Jan 1 00:00 r0 -> ../../../drbd0\n",
    ],
    ["ip_j_d_s_link.json", '[{"ifname":"..","mtu":1}]'],
  ])("%s with a place outside the tree: refused, nothing is written", (name, text) => {
    expect(() => capture({ [name]: text })).toThrow("not a place");
    expect(readdirSync(folder)).toEqual(["alice"]);
  });

  test("a folder that holds something: refused", () => {
    mkdirSync(path.join(folder, "tree"));
    writeFileSync(path.join(folder, "tree", "mine"), "");
    expect(() => capture()).toThrow("is not empty");
  });
});

describe("iSCSI", () => {
  const iqn = "iqn.2026-01.lab:a";
  const group = `iscsi/${iqn}/tpgt_1`;
  const iscsi = {
    "configfs_find.txt": [
      "core",
      "core/iblock_0/d/udev_path",
      `${group}/acls`,
      `${group}/dynamic_sessions`,
      `${group}/enable`,
      `${group}/auth/password`,
      `${group}/np/0.0.0.0:3260`,
      `${group}/lun/lun_0`,
    ]
      .map((place) => `./${place}\n`)
      .join(""),
    "configfs_values.txt": `./core/iblock_0/d/udev_path:/dev/vde\n./${group}/enable:1\n./${group}/auth/password:x\n./${group}/lun/lun_0/26d -> ../../target/core/iblock_0/d\n`,
    "sysfs_iscsi.txt":
      "== /sys/class/iscsi_session/session1 -> /sys/devices/platform/host2/session1/iscsi_session/session1\nstate: FAILED\npassword: (null)\n== /sys/class/iscsi_connection/connection1:0 -> /x\naddress: \nstate: failed\n",
    "sys_block_sd.txt":
      "/sys/block/sda -> /sys/devices/platform/host2/session1/target2:0:0/2:0:0:1/block/sda\nsize: 2048\ndevice/state: blocked\n",
  };

  test("configfs and sysfs stand where the node had them, without secrets", () => {
    const { root } = capture(iscsi);
    const file = (place: string) => readFileSync(path.join(root, place), "utf8");
    const lio = `sys/kernel/config/target/${group}`;
    expect(file(`${lio}/enable`)).toBe("1\n");
    expect(file(`${lio}/dynamic_sessions`)).toBe("");
    expect(existsSync(path.join(root, lio, "auth/password"))).toBe(false);
    expect(readdirSync(path.join(root, lio, "acls"))).toEqual([]);
    expect(readlinkSync(path.join(root, lio, "lun/lun_0/26d"))).toBe("../../target/core/iblock_0/d");
    expect(file("sys/class/iscsi_session/session1/device/target2:0:0/2:0:0:1/state")).toBe("blocked\n");
    expect(file("sys/class/iscsi_session/session1/device/target2:0:0/2:0:0:1/block/sda/size")).toBe("2048\n");
    expect(existsSync(path.join(root, "sys/class/iscsi_connection/connection1:0/address"))).toBe(false);
  });

  test("a text that grep called binary was not captured, and is not there", () => {
    const commands = `${texts["_commands.txt"]}$ grep -rsH . . > configfs_values.txt\nrc=0\ngrep: ./${group}/dynamic_sessions: binary file matches\n`;
    const { root } = capture({ ...iscsi, "_commands.txt": commands });
    expect(existsSync(path.join(root, `sys/kernel/config/target/${group}/dynamic_sessions`))).toBe(false);
  });
});

test("a link of the capture is never written through", () => {
  const home = path.join(folder, "home");
  mkdirSync(home);
  const links = `./iscsi/way -> ${home}\n./iscsi/way/authorized_keys -> /elsewhere\n`;
  expect(() => capture({ "configfs_find.txt": "./iscsi\n", "configfs_values.txt": links })).toThrow(/behind the link/);
  expect(readdirSync(home)).toEqual([]);
});
