import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { MdArray } from "@/agent/protocol/model/md";
import { type Part, said } from "./factories";

/** 20 November 2026, 14:02:45 UTC: the moment at which all factories stand. */
export function drbdPeer(part: Partial<DrbdPeer> = {}): DrbdPeer {
  return {
    name: null,
    connection: "Connected",
    replication: "Established",
    role: "Secondary",
    disk: "UpToDate",
    protocol: "C",
    outOfSyncBytes: 0,
    pausedBy: [],
    congested: null,
    progress: null,
    ...part,
  };
}

export function drbdDevice(part: Partial<DrbdDevice> = {}): DrbdDevice {
  return {
    minor: 0,
    resource: "store",
    volume: 0,
    role: "Primary",
    disk: "UpToDate",
    suspended: false,
    suspendedBy: [],
    unconfigured: false,
    activityLogSuspended: false,
    sizeBytes: 2 * 2 ** 40,
    cs: "Connected",
    counters: null,
    peers: [drbdPeer()],
    ...part,
  };
}

export function drbd(nodeName: string, resource: string, part: Part<"drbd"> = {}): EntityOf<"drbd"> {
  return {
    kind: "drbd",
    from: { node: nodeName, source: "drbd" },
    resource,
    volume: 0,
    mirror: keyOf.mirror(resource, 0),
    device: drbdDevice({ resource }),
    settings: null,
    said: said("ok", "UpToDate"),
    ...part,
  };
}

type Copy = EntityOf<"mirror">["copies"][number];
type Pair = EntityOf<"mirror">["pairs"][number];

export function copy(nodeName: string, part: Partial<Copy> = {}): Copy {
  return { node: nodeName, drbd: null, role: "Secondary", disk: "UpToDate", said: said("ok", "UpToDate"), syncedPercent: null, ...part };
}

export function pair(a: string, b: string, part: Partial<Pair> = {}): Pair {
  return {
    a,
    b,
    said: said("ok", "in sync"),
    aSays: "Connected, Established",
    bSays: "Connected, Established",
    line: "connected",
    progress: null,
    towards: null,
    outOfSyncBytes: 0,
    ...part,
  };
}

export function mirror(resource: string, part: Part<"mirror"> = {}): EntityOf<"mirror"> {
  return {
    kind: "mirror",
    resource,
    volume: 0,
    device: "drbd0",
    protocol: "C",
    sizeBytes: 2 * 2 ** 40,
    copies: [copy("crystal"), copy("ruby", { role: "Primary" })],
    pairs: [pair("crystal", "ruby")],
    said: said("ok", "in sync"),
    meaning: ["Both copies are UpToDate and connected."],
    ...part,
  };
}

export function array(nodeName: string, name: string, model: Partial<MdArray> = {}, part: Part<"array"> = {}): EntityOf<"array"> {
  const leg = (device: string, at: string) => ({ name: device, key: keyOf.aoe(nodeName, device), at, said: said("ok", "in sync") });
  return {
    kind: "array",
    from: { node: nodeName, source: "md" },
    array: {
      name,
      state: "active",
      readOnly: null,
      level: "raid1",
      metadata: "1.2",
      sizeBytes: 400 * 2 ** 30,
      raidDisks: 2,
      activeDisks: 2,
      map: "UU",
      members: [],
      action: null,
      hasBitmap: true,
      isClustered: false,
      uuid: null,
      mismatchCount: 0,
      ...model,
    },
    said: said("ok", "2 of 2 legs"),
    legs: [leg("e10.6", "jade"), leg("e11.6", "glouton")],
    ...part,
  };
}

type Step = EntityOf<"mount">["standsOn"][number];

export function step(device: string, kind: Step["kind"], depth: number, part: Partial<Step> = {}): Step {
  return { device, kind, depth, key: null, at: null, said: null, ...part };
}

export function mount(nodeName: string, mountPoint: string, standsOn: Step[], part: Part<"mount"> = {}): EntityOf<"mount"> {
  const device = `/dev/${standsOn[0]?.device ?? "sda1"}`;
  return {
    kind: "mount",
    from: { node: nodeName, source: "mounts" },
    mount: { mountPoint, device, majorMinor: null, type: "ext4", isReadOnly: false, wentReadOnly: false, options: [] },
    said: said("ok", "mounted"),
    standsOn,
    bypasses: null,
    ...part,
  };
}

export function pool(nodeName: string, name: string, part: Part<"pool"> = {}): EntityOf<"pool"> {
  return {
    kind: "pool",
    from: { node: nodeName, source: "zfs" },
    pool: {
      name,
      state: "ONLINE",
      status: null,
      action: null,
      scan: null,
      errors: "No known data errors",
      sizeBytes: 2 ** 40,
      allocatedBytes: 2 ** 39,
      vdevs: [],
    },
    said: said("ok", "online"),
    devices: [{ name: "drbd0", key: keyOf.mirror("store", 0), at: null, said: said("ok", "online") }],
    ...part,
  };
}
