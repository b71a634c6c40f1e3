// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { HostError } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Md } from "@/agent/protocol/model/md";
import { md, steadyMd } from "./collector";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
const clean = fixture("linux-6.1-raid1-aoe-legs");
const recovery = fixture("linux-6.1-raid1-recovery");
const UUID = "4f3a9c1e:77aa0b12:deadbeef:00112233";

test("no mdstat: absent", async () => {
  expect(await md.read(memoryHost(), null)).toBeNull();
});

test("md loaded without arrays: there, and it holds none", async () => {
  const host = memoryHost({ files: { "/proc/mdstat": fixture("linux-6.1-none") } });
  expect(await md.read(host, null)).toEqual({ arrays: [], unread: [] });
});

test.each([
  ["forbidden", { forbidden: ["/proc/mdstat"] }],
  ["hanging", { broken: { "/proc/mdstat": "HOST_TIMEOUT" as const } }],
])("%s: failed, not absent", async (_, tree) => {
  await expect(md.read(memoryHost(tree), null)).rejects.toBeInstanceOf(HostError);
});

test("an array repeated at a page break is read again until it is whole", async () => {
  const torn = clean.replace("md0 :", "md0 : active raid1 sda[0]\n\nmd0 :");
  const value = await md.read(memoryHost({ files: { "/proc/mdstat": [torn, torn, clean] } }), null);
  expect(value?.arrays.map(({ name }) => name)).toEqual(["md0"]);
  await expect(md.read(memoryHost({ files: { "/proc/mdstat": torn } }), null)).rejects.toBeInstanceOf(ParseError);
});

describe("what sysfs adds", () => {
  test("UUID in one form whichever way it is said, the mismatch count, and whether the bitmap is cluster-md's", async () => {
    const host = memoryHost({
      files: {
        "/proc/mdstat": clean,
        "/sys/block/md0/md/uuid": "4F3A9C1E-77AA-0B12-DEAD-BEEF00112233\n",
        "/sys/block/md0/md/mismatch_cnt": "128\n",
        "/sys/block/md0/md/bitmap/metadata": "clustered\n",
      },
    });
    expect(Md.parse(await md.read(host, null))).toMatchObject({
      arrays: [{ uuid: UUID, mismatchCount: 128, isClustered: true }],
      unread: [],
    });
  });

  test("before Linux 6.0 the UUID is udev's link", async () => {
    const host = memoryHost({
      files: { "/proc/mdstat": clean },
      links: { [`/dev/disk/by-id/md-uuid-${UUID}`]: "../../md0", "/dev/disk/by-id/md-name-hv06:0": "../../md0" },
    });
    expect(await md.read(host, null)).toMatchObject({ arrays: [{ uuid: UUID, mismatchCount: null, isClustered: null }] });
  });

  test("the leg that is being rebuilt is named, with its place", async () => {
    const folder = "/sys/block/md0/md";
    const host = memoryHost({
      files: {
        "/proc/mdstat": recovery,
        [`${folder}/dev-etherd!e10.6/slot`]: "0\n",
        [`${folder}/dev-etherd!e10.6/state`]: "in_sync\n",
        [`${folder}/dev-etherd!e11.6/slot`]: "1\n",
        [`${folder}/dev-etherd!e11.6/state`]: "spare\n",
      },
    });
    expect((await md.read(host, null))?.arrays[0]?.members).toEqual([
      { name: "etherd/e11.6", number: 2, flags: [], slot: 1, state: "spare" },
      { name: "etherd/e10.6", number: 0, flags: [], slot: 0, state: "in_sync" },
    ]);
  });

  test("a whole array costs no look at its legs", async () => {
    const host = memoryHost({ files: { "/proc/mdstat": clean } });
    await md.read(host, null);
    expect(host.asked.filter((asked) => asked.includes("/dev-"))).toEqual([]);
  });

  test("forbidden: the array is delivered, and what is missing is said", async () => {
    const host = memoryHost({ files: { "/proc/mdstat": clean }, forbidden: ["/sys/block/md0/md"] });
    expect(await md.read(host, null)).toMatchObject({
      arrays: [{ name: "md0", uuid: null, mismatchCount: null }],
      unread: [{ what: "md0 in sysfs", code: "COLLECT_FORBIDDEN" }],
    });
  });
});

describe("steady", () => {
  const read = (text: string) => md.read(memoryHost({ files: { "/proc/mdstat": text } }), null);

  test("progress is no event", async () => {
    const [one, later] = [await read(recovery), await read(recovery.replace("(94003200/", "(204003200/").replace("48.2min", "20.0min"))];
    expect(one).not.toEqual(later);
    expect(one && steadyMd(one)).toEqual(later && steadyMd(later));
  });

  test("a leg that fails is one", async () => {
    const [one, later] = [await read(clean), await read(fixture("linux-6.1-raid1-leg-failed"))];
    expect(one && steadyMd(one)).not.toEqual(later && steadyMd(later));
  });
});
