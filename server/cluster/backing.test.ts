// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { BlockDevice, Mounts } from "@/agent/protocol/model/mounts";
import { around, block, drbd, mountsOf, T0 } from "./factories";
import { pair, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";

const DISK = block("vdb", "254:16");

/** ruby's side over `backingDevice`, its node having these block devices. */
function backing(backingDevice: string, blocks: BlockDevice[], disk = "UpToDate", unread: Mounts["unread"] = [], pools?: string[]) {
  const settings = { ...rubySettings, volumes: [{ volume: 0, minor: 0, backingDevice }] };
  const pool = { state: "ONLINE", status: null, action: null, scan: null, errors: null, sizeBytes: null, allocatedBytes: null, vdevs: [] };
  const facts = pair({
    drbd: drbd([rubySide({ disk })], { settings: [settings] }),
    mounts: { ...mountsOf([], blocks), unread },
    ...(pools ? { zfs: { pools: pools.map((name) => ({ ...pool, name })), unread: [] } } : {}),
  });
  const side = project(facts, around(T0), new Map()).get("drbd:store/0@ruby");
  return side?.kind === "drbd" ? side.backing : undefined;
}

describe("what stands on the disk under a mirror past DRBD", () => {
  it("is named: a volume that LVM found on the disk itself", () => {
    const lv = block("dm-0", "253:0", { slaves: ["vdb"], dmName: "mail-data" });
    expect(backing("/dev/vdb", [DISK, lv])).toEqual({ path: "/dev/vdb", isThere: true, why: null, usedBy: ["mail-data"] });
  });

  it("is not DRBD, nor what the disk itself stands on, nor its neighbour", () => {
    const blocks = [
      block("vda", "254:0"),
      block("dm-0", "253:0", { slaves: ["vda"], dmName: "vg0-store" }),
      block("dm-1", "253:1", { slaves: ["vda"], dmName: "vg0-home" }),
      block("drbd0", "147:0", { slaves: ["dm-0"] }),
    ];
    expect(backing("/dev/vg0/store", blocks)).toBeUndefined();
  });
});

describe("whether the disk under a side is there", () => {
  it("is said of a side that runs without it", () => {
    expect(backing("/dev/vdb", [DISK], "Diskless")).toMatchObject({ isThere: true });
  });

  it.each([
    ["/dev/vdc", "/dev/vdc is not there."],
    ["/dev/vg0/store", "The volume store of vg0 is not active."],
    ["/dev/mapper/vg0-store", "/dev/mapper/vg0-store is not there."],
    ["/dev/zvol/tank/store", "The pool tank is not imported."],
  ])("%s is missed in words", (path, why) => {
    expect(backing(path, [DISK], "Diskless", [], ["other"])).toMatchObject({ path, isThere: false, why });
  });

  it("is not known of a link, of a list with gaps, and of no list", () => {
    const gap = { what: "block device vdc", code: "COLLECT_TIMEOUT" as const, message: "it did not answer" };
    expect(backing("/dev/disk/by-id/wwn-0x5", [DISK], "Diskless")).toBeUndefined();
    expect(backing("/dev/zvol/tank/store", [DISK], "Diskless")).toBeUndefined();
    expect(backing("/dev/vdc", [DISK], "Diskless", [gap])).toBeUndefined();
    expect(backing("/dev/vdc", [], "Diskless")).toBeUndefined();
  });
});
