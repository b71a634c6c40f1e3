// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HostError } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Mounts } from "@/agent/protocol/model/mounts";
import { mounts, steadyMounts } from "./collector";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
const info = fixture("mountinfo/linux-6.1-storage");
const plain = fixture("mounts/linux-6.1-aoe-target-dead");

/** md0 over two AoE devices, and LVM on a partition. */
const sys = {
  "/sys/block/sda/dev": "8:0\n",
  "/sys/block/sda/size": "2097152\n",
  "/sys/block/sda/sda1/dev": "8:1\n",
  "/sys/block/sda/sda1/size": "1048576\n",
  "/sys/block/dm-3/dev": "253:3\n",
  "/sys/block/dm-3/size": "1024\n",
  "/sys/block/dm-3/dm/name": "vg0-vm\n",
  "/sys/block/dm-3/dm/uuid": "LVM-Qx1\n",
  "/sys/block/dm-3/slaves/sda1": "",
  "/sys/block/md0/dev": "9:0\n",
  "/sys/block/md0/size": "838596608\n",
  "/sys/block/md0/slaves/etherd!e10.6": "",
  "/sys/block/md0/slaves/etherd!e11.6": "",
  "/sys/block/loop0/dev": "7:0\n",
  "/sys/block/loop0/size": "0\n",
  "/sys/block/ram0/dev": "1:0\n",
};

test("no mount table: absent", async () => {
  expect(await mounts.read(memoryHost(), null)).toBeNull();
});

test("hanging: failed, not absent", async () => {
  await expect(mounts.read(memoryHost({ broken: { "/proc/1/mountinfo": "HOST_TIMEOUT" } }), null)).rejects.toBeInstanceOf(HostError);
});

test("one mount with more options than anybody can read costs no other mount, and is told as cut", async () => {
  const layers = Array.from({ length: 4_000 }, (_, index) => `/var/lib/layers/${index}`).join(":");
  const many = Array.from({ length: 2_000 }, (_, index) => `option${index}=1`).join(",");
  const text = [
    `20 1 0:50 / /merged rw,relatime - overlay overlay rw,lowerdir=${layers}`,
    `21 1 8:1 / /data rw,relatime - ext4 /dev/sda1 ro,${many}`,
    "22 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw",
  ].join("\n");
  const value = await mounts.read(memoryHost({ files: { "/proc/1/mountinfo": `${text}\n` } }), null);
  expect(value?.mounts.map(({ mountPoint, wentReadOnly }) => [mountPoint, wentReadOnly])).toEqual([
    ["/data", true],
    ["/", false],
  ]);
  expect(value?.mounts[0]?.options.slice(0, 3)).toEqual(["relatime", "option0=1", "option1=1"]);
  expect(value?.unread).toMatchObject([{ what: "options of /data", code: "COLLECT_TOO_LARGE" }]);
});

describe("which table", () => {
  const tables = { "/proc/1/mountinfo": info, "/proc/self/mountinfo": fixture("mountinfo/linux-2.6.32-no-tags"), "/proc/mounts": plain };
  const paths = async (tree: Parameters<typeof memoryHost>[0]) =>
    (await mounts.read(memoryHost(tree), null))?.mounts.map(({ device }) => device);

  test("the machine's own first, not the agent's", async () => {
    expect(await paths({ files: tables })).toContain("/dev/drbd1");
  });

  test("forbidden: the agent's own, then the plain one", async () => {
    expect(await paths({ files: tables, forbidden: ["/proc/1"] })).toEqual(["/dev/sda2", "/dev/drbd0"]);
    expect(await paths({ files: tables, forbidden: ["/proc/1", "/proc/self"] })).toEqual(["/dev/etherd/e0.0"]);
  });

  test("all forbidden: failed, not absent", async () => {
    const host = memoryHost({ files: tables, forbidden: ["/proc"] });
    await expect(mounts.read(host, null)).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  });
});

describe("what the devices stand on", () => {
  test("disks, partitions, device mapper with its names, md; nothing of unused loops and memory disks", async () => {
    const value = Mounts.parse(await mounts.read(memoryHost({ files: { "/proc/mounts": plain, ...sys } }), null));
    expect(value.blocks.map(({ name, partOf, slaves, dmName }) => [name, partOf, slaves, dmName])).toEqual([
      ["dm-3", null, ["sda1"], "vg0-vm"],
      ["md0", null, ["etherd!e10.6", "etherd!e11.6"], null],
      ["sda", null, [], null],
      ["sda1", "sda", [], null],
    ]);
    expect(value.unread).toEqual([]);
  });

  test("are read again when a mount or a device comes, and once a minute, not every time", async () => {
    const host = memoryHost({ files: { "/proc/mounts": plain, ...sys } });
    const looked = () => host.asked.filter((asked) => asked === "/sys/block/md0/dev").length;
    const read = (atMs: number) => {
      host.setNow(atMs);
      return mounts.read(host, null);
    };
    await read(0);
    await read(5_000);
    expect(looked()).toBe(1);
    await read(61_000);
    expect(looked()).toBe(2);
    host.write("/sys/block/sdb/dev", "8:16\n");
    expect((await read(62_000))?.blocks.map(({ name }) => name)).toContain("sdb");
    host.write("/proc/mounts", `${plain}/dev/sdb /mnt/b xfs rw 0 0\n`);
    await read(63_000);
    expect(looked()).toBe(4);
  });

  test("are asked again soon when one did not answer in time, and not every time", async () => {
    const host = memoryHost({ files: { "/proc/mounts": plain, ...sys }, broken: { "/sys/block/md0/size": "HOST_TIMEOUT" } });
    const looked = () => host.asked.filter((asked) => asked === "/sys/block/md0/dev").length;
    for (const atMs of [0, 5_000, 9_999]) {
      host.setNow(atMs);
      await mounts.read(host, null);
    }
    expect(looked()).toBe(1);
    host.setNow(10_000);
    await mounts.read(host, null);
    expect(looked()).toBe(2);
  });

  test("one that cannot be read is named; mounts and the others are delivered", async () => {
    const host = memoryHost({ files: { "/proc/mounts": plain, ...sys }, broken: { "/sys/block/md0/size": "HOST_TIMEOUT" } });
    const value = await mounts.read(host, null);
    expect(value?.unread).toMatchObject([{ what: "block device md0", code: "COLLECT_TIMEOUT" }]);
    expect(value?.blocks.map(({ name }) => name)).toEqual(["dm-3", "sda", "sda1"]);
  });

  test("no sysfs, or forbidden: mounts are delivered all the same", async () => {
    expect(await mounts.read(memoryHost({ files: { "/proc/mounts": plain } }), null)).toMatchObject({ blocks: [], unread: [] });
    const host = memoryHost({ files: { "/proc/mounts": plain, ...sys }, forbidden: ["/sys/block"] });
    expect(await mounts.read(host, null)).toMatchObject({ blocks: [], unread: [{ what: "block devices", code: "COLLECT_FORBIDDEN" }] });
  });
});

test("swap that cannot be read is named, and is not no swap", async () => {
  const host = memoryHost({ files: { "/proc/mounts": plain, "/proc/swaps": "nonsense\n" } });
  expect(await mounts.read(host, null)).toMatchObject({ swaps: [], unread: [{ what: "swap", code: "COLLECT_PARSE" }] });
});

test("how full swap is is no event, a new area is one", async () => {
  const read = (swaps: string) => mounts.read(memoryHost({ files: { "/proc/mounts": plain, "/proc/swaps": swaps } }), null);
  const three = fixture("swaps/linux-6.1-three-areas");
  const steady = async (text: string) => {
    const value = await read(text);
    return value && steadyMounts(value);
  };
  expect(await steady(three)).toEqual(await steady(three.replace("1048576", "2048576")));
  expect(await steady(three)).not.toEqual(await steady(fixture("swaps/linux-6.18-one-area")));
});
