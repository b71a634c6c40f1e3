// SPDX-License-Identifier: Apache-2.0
import { clusterOf, copyOf, type Fleet, memberOf, mirrorOf, nodeOf } from "@/sim/model/model";
import { type Scene, touch } from "@/sim/model/scene";

/** The simulated cluster of these changes: two storage nodes, DRBD 8.4, bonds of bonds. */
export const SLUG = "san-a";
const PUSHED_MS = 250;
/** Pace of bonds, and what a polled change may take beyond it. */
const BONDS_EVERY_MS = 2_000;
const POLLED_MS = BONDS_EVERY_MS + 100;

/** Something that happens on a node and is undone again, and the words by which a person sees it. */
export interface Change {
  name: string;
  about: string;
  boundMs: number;
  /** Longest wait before the next one, at random, so that no pace is in step with another. */
  restMs: number;
  shows: string;
  make: (scene: Scene, isWrong: boolean) => void;
}

const cluster = (fleet: Fleet) => clusterOf(fleet, SLUG);

export const CHANGES: readonly Change[] = [
  {
    name: "drbd",
    about: "drbdsetup events2 rings, /proc/drbd is read",
    boundMs: PUSHED_MS,
    restMs: 300,
    shows: "connected, not in sync",
    make: ({ fleet }, isWrong) => {
      copyOf(mirrorOf(cluster(fleet), "store"), "crystal").disk = isWrong ? "Outdated" : "UpToDate";
    },
  },
  {
    name: "pacemaker",
    about: "crm_mon rings, crm_mon and cibadmin are run",
    boundMs: PUSHED_MS,
    restMs: 300,
    shows: "crm_standby -N crystal -D",
    make: (scene, isWrong) => {
      const member = memberOf(cluster(scene.fleet), "crystal");
      if (member) member.isStandby = isWrong;
      touch(scene, cluster(scene.fleet));
    },
  },
  {
    name: "bonds",
    about: "nothing rings, /proc/net/bonding is read every 2 s",
    boundMs: POLLED_MS,
    restMs: BONDS_EVERY_MS,
    shows: "3 of 4 ports up",
    make: ({ fleet }, isWrong) => {
      for (const { members } of nodeOf(fleet, "ruby").node.bonds)
        for (const port of members) if (port.name === "e1p2") port.isUp = !isWrong;
    },
  },
];
