// SPDX-License-Identifier: Apache-2.0
import { timing } from "@/agent/protocol/timing";
import { clusterOf, type Fleet, type Mirror, mirrorOf } from "@/sim/model/model";
import type { World } from "@/sim/run/world";
import type { Look } from "../harness/screens";
import type { BenchFleet } from "../harness/sim-nodes";

/** What is waited for by design before the words may come or go, and why. Units: milliseconds. */
interface Settling {
  ms: number;
  why: string;
}

/** What breaks and mends: the fleet's own faults, and the model itself. */
export interface Stage {
  desk: BenchFleet["desk"];
  change: World["change"];
}

/** A fault of the simulated fleet, or what only a bench does, and the words by which a person knows it. */
export interface FaultCase {
  cluster: string;
  name: string;
  make(stage: Stage): void;
  mend(stage: Stage): void;
  shows: Look;
  /** How the node tells: at once, or at the pace of its source. Units: milliseconds; 0: pushed. */
  paceMs: number;
  /** Part of all repeats. */
  share: number;
  /** When it is so on the nodes, and when no more. Missing: as soon as it is made, and mended. */
  isThere?: (fleet: Fleet) => boolean;
  isGone?: (fleet: Fleet) => boolean;
  /** When the next turn may begin. Missing: as soon as the words are gone. */
  isCalm?: (fleet: Fleet) => boolean;
  /** How long the next turn waits, where that is no matter of chance. */
  restMs?: number;
  settling?: Settling;
  settlingOfEnd?: Settling;
}

/** A fault by its name in the catalog. */
export const ofFault = (cluster: string, name: string, ...args: string[]) => ({
  ...{ cluster, name },
  make: ({ desk }: Stage) => desk.apply(name, args),
  mend: ({ desk }: Stage) => desk.repair(name, args),
});

/** An agent that says nothing is called silent after this long. */
export const SILENCE: Settling = { ms: timing().staleAfterMs, why: "3 s of silence" };
/** An agent whose line broke tries again after half a second, or one where it waits for its second try. */
export const AGAIN: Settling = { ms: 1_000, why: "1 s until the agent tries again" };
/** Only a link that held for so long is tried again at full speed. */
export const HELD_MS = timing().lostAfterMs + 1_000;

const isWhole = ({ links, copies }: Mirror): boolean =>
  links.every(({ state, sync, outOfSyncKib }) => state === "connected" && sync === null && outOfSyncKib === 0) &&
  copies.every(({ disk }) => disk === "UpToDate");

/** A mirror that is parted is put right when it is in sync again: after a handshake, and the time of what was written meanwhile. */
export const inSync = (slug: string, name: string) => (fleet: Fleet) => isWhole(mirrorOf(clusterOf(fleet, slug), name));
