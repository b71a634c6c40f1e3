// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { BlockDevice, Mount, Mounts } from "@/agent/protocol/model/mounts";
import {
  aoeDevice,
  aoeExport,
  around,
  block,
  cluster,
  drbd,
  fact,
  failed,
  host,
  iscsiSession,
  mdArray,
  mount,
  mountsOf,
  nodeFacts,
  ok,
  portalGroup,
  silent,
  T0,
  target,
} from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";
import { tell } from "./tell.factories";

const JADE = "52:54:00:00:01:00";

/** LVM on a partition of one disk, as DRBD's own disk. */
const LVM: BlockDevice[] = [
  block("sda", "8:0"),
  block("sda2", "8:2", { partOf: "sda" }),
  block("dm-0", "253:0", { slaves: ["sda2"], dmName: "vg0-st--ore", dmUuid: "LVM-1" }),
  block("dm-1", "253:1", { slaves: ["sda2"], dmName: "vg0-home", dmUuid: "LVM-2" }),
  block("drbd0", "147:0"),
];
const onLvm = { ...rubySettings, volumes: [{ volume: 0, minor: 0, backingDevice: "/dev/vg0/st-ore" }] };
const onDrbd = mount("/srv/a", "/dev/drbd0", { majorMinor: "147:0" });

/** ruby Primary for store and crystal Secondary, with these mounts. */
function pair(ofRuby: Mount[], ofCrystal: Mount[] = [], more: { swaps?: Mounts["swaps"]; isDual?: boolean } = {}): ClusterFacts {
  const sides = more.isDual ? { role: "Primary" } : {};
  return cluster(
    nodeFacts("ruby", {
      drbd: drbd([rubySide({ role: "Primary" }, more.isDual ? sides : { role: "Secondary" })], { settings: [onLvm] }),
      mounts: mountsOf(ofRuby, LVM, more.swaps),
    }),
    nodeFacts("crystal", {
      drbd: drbd([crystalSide(more.isDual ? sides : { role: "Secondary" }, { role: "Primary" })], { settings: [crystalSettings] }),
      mounts: mountsOf(ofCrystal, LVM),
    }),
  );
}

/** Clients of attic that use e0.1 of jade, and md0 over two legs. */
function attic(mounts: Record<string, Mount[]>): ClusterFacts {
  const clients = Object.entries(mounts).map(([name, own]) =>
    nodeFacts(
      name,
      {
        aoe: {
          devices: ["e0.1", "e10.6", "e11.6"].map((device) => aoeDevice(device, [target(JADE)])),
          exports: [],
          deadSeconds: 180,
          unread: [],
        },
        md: { arrays: [mdArray("md0", { uuid: `${name}` })], unread: [] },
        mounts: mountsOf(own, [block("md0", "9:0", { slaves: ["etherd!e10.6", "etherd!e11.6"] }), block("etherd!e0.1", "152:16")]),
      },
      { role: "client" },
    ),
  );
  const jade = nodeFacts("jade", {
    aoe: { devices: [], exports: ["e0.1", "e10.6", "e11.6"].map((name) => aoeExport(name)), deadSeconds: null, unread: [] },
    host: host({ interfaces: [{ name: "e1p1", mac: JADE, linkUp: true, speedBitsPerSec: null, mtu: null }] }),
  });
  return cluster(jade, ...clients);
}

/** Clients with one LUN of ruby mounted. */
function iscsi(...clients: string[]): ClusterFacts {
  const target = { iqn: "iqn.lab:o1", portalGroups: [portalGroup()] };
  return cluster(
    nodeFacts("ruby", { iscsi: { targets: [target], sessions: null, unread: [] } }),
    ...clients.map((name) =>
      nodeFacts(
        name,
        {
          iscsi: { targets: null, sessions: [iscsiSession()], unread: [] },
          mounts: mountsOf([mount("/a", `/dev/${iscsiSession().disks[0]?.name ?? ""}`)]),
        },
        { role: "client" },
      ),
    ),
  );
}

const viewOf = (facts: ClusterFacts) => project(facts, around(), new Map());
function mountOf(facts: ClusterFacts, key: string): EntityOf<"mount"> {
  const entity = viewOf(facts).get(key);
  if (entity?.kind !== "mount") throw new Error(`no ${key} in the view`);
  return entity;
}
const chain = ({ standsOn }: EntityOf<"mount">) =>
  standsOn.map(({ device, kind, at, depth }) => `${depth} ${kind} ${device}${at === null ? "" : ` at ${at}`}`);
const findings = (facts: ClusterFacts) =>
  [...viewOf(facts).values()].flatMap((entity) => (entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : []));

describe("what a mount stands on", () => {
  it("DRBD, and below it the disk of its settings, whatever it is called there", () => {
    const entity = mountOf(pair([onDrbd]), "mount:ruby//srv/a");
    expect(chain(entity)).toEqual(["0 drbd drbd0", "1 lvm vg0-st--ore", "2 partition sda2", "3 disk sda"]);
    expect(entity.standsOn[0]?.key).toBe("mirror:store/0");
    expect(entity.said).toMatchObject({ level: "ok", word: "mounted" });
  });

  it.each([
    ["by-res", "/dev/drbd/by-res/store/0"],
    ["its name alone", "/dev/drbd0"],
  ])("found by %s where numbers are not said", (_, device) => {
    expect(chain(mountOf(pair([mount("/srv/a", device, { majorMinor: null })]), "mount:ruby//srv/a"))[0]).toBe("0 drbd drbd0");
  });

  it.each([
    ["/dev/vg0/home", "0 lvm vg0-home"],
    ["/dev/mapper/vg0-home", "0 lvm vg0-home"],
    ["/dev/sda2", "0 partition sda2"],
  ])("%s", (device, first) => {
    expect(chain(mountOf(pair([mount("/home", device, { majorMinor: null })]), "mount:ruby//home"))[0]).toBe(first);
  });

  it("an array over AoE, with the other end of each leg", () => {
    const facts = attic({ hv06: [mount("/images", "/dev/md0", { majorMinor: "9:0" })] });
    expect(chain(mountOf(facts, "mount:hv06//images"))).toEqual(["0 md md0", "1 aoe e10.6 at jade", "1 aoe e11.6 at jade"]);
  });

  it("a disk of an iSCSI session, with who serves it", () => {
    expect(chain(mountOf(iscsi("hv01"), "mount:hv01//a"))).toEqual(["0 iscsi sda at ruby"]);
  });

  it("what sysfs does not know is nothing, not a guess", () => {
    expect(mountOf(pair([mount("/isos", "10.0.0.1:/isos", { type: "nfs4", majorMinor: "0:60" })]), "mount:ruby//isos").standsOn).toEqual(
      [],
    );
  });

  it("devices that claim each other end", () => {
    const loop = [block("dm-0", "253:0", { slaves: ["dm-1"] }), block("dm-1", "253:1", { slaves: ["dm-0"] })];
    const facts = cluster(nodeFacts("ruby", { mounts: mountsOf([mount("/a", "/dev/dm-0", { majorMinor: "253:0" })], loop) }));
    expect(chain(mountOf(facts, "mount:ruby//a"))).toEqual(["0 mapped dm-0", "1 mapped dm-1"]);
  });
});

describe("a mount judged", () => {
  const word = (facts: ClusterFacts, key = "mount:ruby//srv/a") => {
    const { said } = mountOf(facts, key);
    return `${said.level} ${said.word}`;
  };
  it.each<[string, ClusterFacts, string]>([
    ["gone read-only", pair([{ ...onDrbd, isReadOnly: true, wentReadOnly: true }]), "bad went read-only"],
    ["mounted to be read", pair([{ ...onDrbd, isReadOnly: true }]), "ok read-only"],
    [
      "read-only for a reason nobody says",
      pair([{ ...onDrbd, isReadOnly: true, wentReadOnly: null, options: ["errors=remount-ro"] }]),
      "unknown read-only",
    ],
  ])("%s", (_, facts, expected) => {
    expect(word(facts)).toBe(expected);
  });

  it("on a Secondary", () => {
    expect(word(pair([], [onDrbd]), "mount:crystal//srv/a")).toBe("bad mounted on a Secondary");
  });

  it("on a mirror that is not well says so", () => {
    const facts = pair([onDrbd]);
    const crystal = facts.nodes.get("crystal");
    if (!crystal) throw new Error("the pair has crystal");
    const cut = { connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" };
    const ruby = nodeFacts("ruby", {
      drbd: drbd([rubySide({ role: "Primary" }, cut)], { settings: [onLvm] }),
      mounts: mountsOf([onDrbd], LVM),
    });
    const apart: NodeFacts = nodeFacts("crystal", {
      drbd: drbd([crystalSide({ role: "Secondary" }, cut)], { settings: [crystalSettings] }),
    });
    expect(
      word({
        ...facts,
        nodes: new Map([
          ["ruby", ruby],
          ["crystal", apart],
        ]),
      }),
    ).toBe("risk store: only ruby holds it");
  });

  it("on a device that does not answer", () => {
    const facts = attic({ hv05: [mount("/a", "/dev/etherd/e0.1", { majorMinor: null, type: "ocfs2" })] });
    const hv05 = facts.nodes.get("hv05");
    const aoe = hv05?.sources.aoe;
    if (!hv05 || aoe?.reading.status !== "ok") throw new Error("hv05 uses AoE");
    const dead = ok({ ...aoe.reading.value, devices: [aoeDevice("e0.1", [target(JADE)], { state: "down" })] });
    const nodes = new Map(facts.nodes).set("hv05", { ...hv05, sources: { ...hv05.sources, aoe: { ...aoe, reading: dead, lastOk: dead } } });
    expect(word({ ...facts, nodes }, "mount:hv05//a")).toBe("bad e0.1: down");
  });

  it("of a silent node is old, and nothing is found by it", () => {
    const facts = pair([{ ...onDrbd, isReadOnly: true, wentReadOnly: true }]);
    const ruby = facts.nodes.get("ruby");
    if (!ruby) throw new Error("the pair has ruby");
    const quiet = { ...facts, nodes: new Map(facts.nodes).set("ruby", silent(ruby)) };
    expect(word(quiet)).toBe("old was went read-only");
    expect(findings(quiet).filter((title) => title.includes("/srv/a"))).toEqual([]);
  });
});

describe("what a person should know of mounts", () => {
  it.each<[string, ClusterFacts, string[]]>([
    ["nothing", pair([onDrbd, mount("/home", "/dev/vg0/home")]), []],
    ["a file system that stopped", pair([{ ...onDrbd, isReadOnly: true, wentReadOnly: true }]), ["bad ruby: /srv/a went read-only"]],
    ["one on a Secondary", pair([], [onDrbd]), ["bad crystal: /srv/a is mounted on a Secondary"]],
    ["a mirror's own disk", pair([mount("/oops", "/dev/vg0/st-ore")]), ["bad ruby: /oops mounts the disk under store directly"]],
    [
      "swap on a mirror's own disk",
      pair([], [], { swaps: [{ device: "/dev/dm-0", type: "partition", sizeBytes: 1, usedBytes: 0, priority: -2 }] }),
      ["bad ruby: swap uses the disk under store directly"],
    ],
    [
      "a disk of one host at two",
      attic({ hv05: [mount("/a", "/dev/etherd/e0.1")], hv06: [mount("/b", "/dev/etherd/e0.1")] }),
      ["bad hv05 and hv06 have e0.1 mounted at once"],
    ],
    ["a LUN of one host at two", iscsi("hv01", "hv02"), ["bad hv01 and hv02 have sda mounted at once"]],
    [
      "a shared file system at two",
      attic({ hv05: [mount("/a", "/dev/etherd/e0.1", { type: "ocfs2" })], hv06: [mount("/a", "/dev/etherd/e0.1", { type: "ocfs2" })] }),
      [],
    ],
  ])("%s", (_, facts, expected) => {
    expect(findings(facts)).toEqual(expected);
  });

  it("a mirror mounted at two Primaries is found; while a service moves, an old reading is not", () => {
    expect(findings(pair([onDrbd], [onDrbd], { isDual: true }))).toContain("bad crystal and ruby have store mounted at once");
    expect(findings(pair([onDrbd], [onDrbd])).join()).not.toContain("mounted at once");
  });
});

it("what happened to mounts, in order", () => {
  const at = (value: Mounts, ms: number) => fact("mounts", { mounts: ok(value, T0 + ms) }, T0 + ms);
  const { texts } = tell(
    pair([]),
    ["ruby", at(mountsOf([onDrbd]), 1_000)],
    ["ruby", at(mountsOf([{ ...onDrbd, isReadOnly: true, wentReadOnly: true }]), 2_000)],
    ["ruby", fact("mounts", { mounts: failed("did not answer", T0 + 3_000) }, T0 + 3_000)],
    ["ruby", at(mountsOf([onDrbd]), 4_000)],
    ["ruby", at(mountsOf([]), 5_000)],
  );
  expect(texts).toEqual([
    "ruby: /srv/a mounted (ext4 on /dev/drbd0)",
    "ruby: /srv/a went read-only",
    "ruby: the mounts could not be read: did not answer",
    "ruby: the mounts can be read again",
    "ruby: /srv/a is writable now",
    "ruby: /srv/a unmounted",
  ]);
});

it("swap that could not be read did not cease, and mounts beyond the bound are not called well", () => {
  const swaps: Mounts["swaps"] = [{ device: "/dev/sdz1", type: "partition", sizeBytes: 1, usedBytes: 0, priority: -2 }];
  const at = (value: Mounts, ms: number) => fact("mounts", { mounts: ok(value, T0 + ms) }, T0 + ms);
  const unread = (what: string, code: "COLLECT_TIMEOUT" | "COLLECT_TOO_LARGE") => ({
    ...mountsOf([]),
    unread: [{ what, code, message: "not all" }],
  });
  const { texts } = tell(
    pair([], [], { swaps }),
    ["ruby", at(unread("swap", "COLLECT_TIMEOUT"), 1_000)],
    ["ruby", at(mountsOf([], LVM, swaps), 2_000)],
  );
  expect(texts).toEqual([]);
  const of = (value: Mounts) => findings(cluster(nodeFacts("ruby", { mounts: value })));
  expect(of(unread("further mounts", "COLLECT_TOO_LARGE"))).toEqual(["unknown Not known: the mounts: further mounts on ruby"]);
  expect(of(unread("block devices", "COLLECT_TOO_LARGE"))).toEqual([]);
});
