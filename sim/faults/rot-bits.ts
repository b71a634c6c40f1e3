// SPDX-License-Identifier: Apache-2.0
import { type Fleet, type Mirror, type MirrorLink, mirrorOf, nodeOf, type SectorRange } from "@/sim/model/model";
import { blockAt } from "@/sim/model/verify-life";
import { defineFault } from "./define";

/** Each further block lies elsewhere on the device, at the same place in every run: shares of the golden ratio. */
const NEXT_PLACE = 0.618_034;
const FIRST_PLACE = 0.41;

function linkFor(fleet: Fleet, node: string, name: string): { mirror: Mirror; link: MirrorLink } {
  const mirror = mirrorOf(nodeOf(fleet, node).cluster, name);
  const link = mirror.links.find((candidate) => candidate.a === node || candidate.b === node);
  if (!link) throw new Error(`${node} has no copy of ${name}.`);
  return { mirror, link };
}

/** "2400+80": from sector 2400, 80 of them; both whole blocks of 4 KiB. @throws with what to say otherwise */
function rangeOf(text: string, mirror: Mirror): SectorRange {
  const [startSector, sectors] = /^\d+\+\d+$/.test(text) ? text.split("+").map(Number) : [];
  if (startSector === undefined || sectors === undefined || startSector % 8 !== 0 || sectors % 8 !== 0 || sectors === 0)
    throw new Error(`"${text}" is no place: say START+SECTORS, both multiples of 8.`);
  if (startSector + sectors > mirror.sizeKib * 2) throw new Error(`${mirror.name} ends at sector ${mirror.sizeKib * 2}.`);
  return { startSector, sectors };
}

/** Blocks under a mirror change without DRBD knowing: only a verify finds them, and every verify finds the same. */
export const rotBits = defineFault({
  name: "rot-bits",
  title: "Let a block rot under a mirror",
  args: ["NODE", "MIRROR", "[START+SECTORS]"],
  isMoment: true,
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap((mirror) => mirror.copies.map((copy) => [copy.node, mirror.name]))),
  apply(reach, args) {
    const [node, name, place] = named(args);
    reach.change((scene) => {
      const { mirror, link } = linkFor(scene.fleet, node, name);
      const share = (FIRST_PLACE + link.rotten.length * NEXT_PLACE) % 1;
      link.rotten.push(place === undefined ? blockAt(share, mirror) : rangeOf(place, mirror));
    });
  },
  repair(reach, args) {
    const [node, name] = named(args);
    reach.change((scene) => {
      // What a verify found already is out of DRBD's own hands only by a resync.
      const { link } = linkFor(scene.fleet, node, name);
      link.rotten = link.rotten.filter((range) => link.marked.some(({ startSector }) => startSector === range.startSector));
    });
  },
});

/** @throws with what to say otherwise */
function named(args: readonly string[]): readonly [string, string, string | undefined] {
  const [node, mirror, place, more] = args;
  if (!node || !mirror || more !== undefined) throw new Error("Say the node and the mirror, and where if you like: START+SECTORS.");
  return [node, mirror, place];
}
