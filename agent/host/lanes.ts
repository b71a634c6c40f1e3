// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "../clock";
import { HostError } from "./host";

/**
 * Node reads files on a few shared threads, and a read that hangs in the kernel keeps its thread.
 * So reads of one corner of the system (`/proc/drbd`, `/sys/class/net` …) go one after another through a lane:
 * whatever hangs there holds one thread, and the rest of the agent goes on.
 */
export interface Lanes {
  /**
   * Acts when the lane is free; one limit covers waiting and acting.
   * @throws HostError HOST_TIMEOUT at the limit, or at once while an earlier act in the lane has not returned
   */
  run<T>(nodePath: string, timeoutMs: number, act: () => Promise<T>): Promise<T>;
}

interface Lane {
  tail: Promise<void>;
  waiting: number;
  hangs: boolean;
}

/**
 * Two or three leading folders name a corner; debugfs and configfs hold many subsystems, so one more there. Processes are many
 * and hang alike (in their memory map's lock), so the same file of all of them is one corner.
 */
function laneOf(nodePath: string): string {
  const ofProcess = /^\/proc\/\d+\/(.*)/.exec(nodePath);
  if (ofProcess) return `/proc/[pid]/${ofProcess[1]}`;
  return nodePath.split("/", nodePath.startsWith("/sys/kernel/") ? 5 : 4).join("/");
}

/**
 * `mostHanging`: so many lanes act at once, and so many may hang before all further reads are refused; keep it below the number
 * of I/O threads.
 */
export function createLanes(clock: Clock, mostHanging: number): Lanes {
  const lanes = new Map<string, Lane>();
  let hanging = 0;
  let acting = 0;
  const queue: Array<() => void> = [];

  /** Settles when fewer lanes act than may. An act that hangs keeps its place: its thread is not free. */
  async function takePlace(): Promise<void> {
    if (acting < mostHanging) acting++;
    else await new Promise<void>((resolve) => queue.push(resolve)); // the place is handed on, so the count stays
  }
  function leavePlace(): void {
    const next = queue.shift();
    if (next) next();
    else acting--;
  }

  return {
    run(nodePath, timeoutMs, act) {
      const name = laneOf(nodePath);
      const lane = lanes.get(name) ?? { tail: Promise.resolve(), waiting: 0, hangs: false };
      if (lane.hangs) {
        return Promise.reject(new HostError("HOST_TIMEOUT", `${nodePath}: an earlier read there has still not returned`));
      }
      if (hanging >= mostHanging) {
        return Promise.reject(new HostError("HOST_TIMEOUT", `${nodePath} was not read: ${hanging} other reads of this node do not return`));
      }
      lanes.set(name, lane);
      lane.waiting++;
      return new Promise((resolve, reject) => {
        let phase: "waiting" | "acting" | "over" = "waiting";
        const cancel = clock.after(timeoutMs, () => {
          if (phase === "acting") {
            lane.hangs = true;
            hanging++;
          }
          phase = "over";
          reject(new HostError("HOST_TIMEOUT", `${nodePath} did not answer within ${timeoutMs / 1_000} s`));
        });
        const actUnlessOver = async () => {
          if (phase === "over") return; // its limit passed while it waited for a place
          phase = "acting";
          try {
            resolve(await act());
          } catch (error) {
            reject(error);
          }
          if (!lane.hangs) return;
          lane.hangs = false;
          hanging--;
        };
        const turn = async () => {
          if (phase === "waiting") {
            await takePlace();
            await actUnlessOver();
            leavePlace();
          }
          phase = "over";
          cancel();
          lane.waiting--;
          if (lane.waiting === 0) lanes.delete(name);
        };
        lane.tail = lane.tail.then(turn);
      });
    },
  };
}
