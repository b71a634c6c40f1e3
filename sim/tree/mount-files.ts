// SPDX-License-Identifier: Apache-2.0
import { aoeName } from "@/sim/model/md-life";
import type { Cluster, SimNode } from "@/sim/model/model";
import { mountsOn } from "@/sim/model/mount-life";
import { renderMountinfo, renderSwaps } from "@/sim/text/mountinfo";
import { mirrorsOn } from "./drbd-side";
import type { TreeFile, TreePart } from "./node-files";

const GIB_KIB = 1024 * 1024;
const SWAP_KIB = 8 * GIB_KIB;

/** A block device of the node as sysfs shows it. */
interface Block {
  name: string;
  majorMinor: string;
  sizeKib: number | null;
  slaves: readonly string[];
  /** Name and UUID of device mapper. */
  dm?: { name: string; uuid: string };
}

/** Mounts, swap, and below every disk what it stands on. */
export function mountParts(cluster: Cluster, node: SimNode): TreePart[] {
  const mounts = mountsOn(cluster, node);
  const blocks = blocksOf(cluster, node);
  return [
    {
      name: "mounts",
      mark: JSON.stringify([mounts, node.stopped]),
      files: () => ({
        "/proc/1/mountinfo": {
          text: renderMountinfo(
            mounts.map((mount) => ({
              ...mount,
              majorMinor: numberOf(blocks, mount.device),
              hasStopped: node.stopped.includes(mount.mountPoint),
            })),
          ),
        },
        "/proc/swaps": { text: renderSwaps([{ device: "/dev/vda3", sizeKib: SWAP_KIB - 4 }]) },
      }),
    },
    { name: "blocks", mark: JSON.stringify(blocks), files: () => Object.fromEntries([...diskFiles(), ...blocks.flatMap(blockFiles)]) },
  ];
}

function numberOf(blocks: readonly Block[], device: string): string {
  const name = device.replace("/dev/", "").replaceAll("/", "!");
  return name === "vda1" ? "254:1" : (blocks.find((block) => block.name === name)?.majorMinor ?? "0:99");
}

/** "/dev/vg0/pg-main" is "vg0-pg--main" to device mapper. */
function dmName(device: string): string {
  return device
    .replace("/dev/", "")
    .split("/")
    .map((part) => part.replaceAll("-", "--"))
    .join("-");
}

function blocksOf(cluster: Cluster, node: SimNode): Block[] {
  const copies = cluster.mirrors.flatMap((mirror) =>
    mirror.copies.filter((copy) => copy.node === node.name).map((copy) => ({ mirror, copy })),
  );
  const plain = node.exports.flatMap(({ mirror, device }) => (mirror === null ? [device] : []));
  const volumes = [
    ...copies.map(({ mirror, copy }) => ({ device: copy.backingDevice, sizeKib: mirror.sizeKib })),
    ...plain.map((device) => ({ device, sizeKib: 400 * GIB_KIB })),
  ];
  const logical = volumes.map(({ device, sizeKib }, index): Block => {
    const uuid = `LVM-${node.bootId.replaceAll("-", "")}${String(index).padStart(32, "0")}`;
    return { name: `dm-${index}`, majorMinor: `253:${index}`, sizeKib, slaves: ["vda2"], dm: { name: dmName(device), uuid } };
  });
  const first = logical.length;
  const found = copies.flatMap(({ mirror, copy }, index): Block[] =>
    copy.isBypassed
      ? [
          {
            ...{ name: `dm-${first + index}`, majorMinor: `253:${first + index}`, sizeKib: mirror.sizeKib, slaves: [`dm-${index}`] },
            dm: { name: `${dmName(copy.backingDevice).replace(/^vg0-/, "vg_")}-root`, uuid: `LVM-${"0".repeat(32)}${mirror.name}` },
          },
        ]
      : [],
  );
  const up = new Set(mirrorsOn(cluster, node).map(({ mirror }) => mirror.name));
  const drbds = copies.flatMap(({ mirror, copy }, index): Block[] => {
    // DRBD 9 tells sysfs what it lies on, older ones do not. Its size is the DRBD part's.
    const slaves = node.drbd?.generation === "9" ? [`dm-${index}`] : [];
    return up.has(mirror.name) ? [{ name: `drbd${copy.minor}`, majorMinor: `147:${copy.minor}`, sizeKib: null, slaves }] : [];
  });
  const aoes = (node.aoe?.devices ?? []).map((disk, index): Block => {
    return { name: aoeName(disk).replace("/", "!"), majorMinor: `152:${index * 16}`, sizeKib: null, slaves: [] };
  });
  const sessions = (node.iscsi?.sessions ?? []).map(({ diskName }, index): Block => {
    return { name: diskName, majorMinor: `8:${index * 16}`, sizeKib: null, slaves: [] };
  });
  const arrays = node.arrays.map(({ name, sizeKib, legs }, index): Block => {
    return { name, majorMinor: `9:${index}`, sizeKib, slaves: legs.map(({ device }) => device.replace("/", "!")) };
  });
  return [...logical, ...found, ...drbds, ...aoes, ...sessions, ...arrays];
}

const line = (value: string | number): TreeFile => ({ text: `${value}\n` });

/** The disk of the machine itself: the system, the rest for LVM, swap. */
function diskFiles(): [string, TreeFile][] {
  const parts = [0, 40 * GIB_KIB, 4096 * GIB_KIB, SWAP_KIB];
  return parts.flatMap((sizeKib, part): [string, TreeFile][] => {
    const folder = part === 0 ? "/sys/block/vda" : `/sys/block/vda/vda${part}`;
    return [
      [`${folder}/dev`, line(`254:${part}`)],
      [`${folder}/size`, line((part === 0 ? parts.reduce((sum, each) => sum + each, 0) : sizeKib) * 2)],
    ];
  });
}

function blockFiles({ name, majorMinor, sizeKib, slaves, dm }: Block): [string, TreeFile][] {
  const folder = `/sys/block/${name}`;
  return [
    [`${folder}/dev`, line(majorMinor)],
    ...(sizeKib === null ? [] : ([[`${folder}/size`, line(sizeKib * 2)]] satisfies [string, TreeFile][])),
    ...slaves.map((slave): [string, TreeFile] => [`${folder}/slaves/${slave}`, { text: "" }]),
    ...(dm
      ? ([
          [`${folder}/dm/name`, line(dm.name)],
          [`${folder}/dm/uuid`, line(dm.uuid)],
        ] satisfies [string, TreeFile][])
      : []),
  ];
}
