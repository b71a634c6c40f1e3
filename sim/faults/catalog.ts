// SPDX-License-Identifier: Apache-2.0
import { allowTwo } from "./allow-two";
import { banFencing } from "./ban-fencing";
import { breakLevel } from "./break-level";
import { bypassMirror } from "./bypass-mirror";
import { changeInFlight } from "./change-in-flight";
import { cleanUp } from "./clean-up";
import { cutAgent } from "./cut-agent";
import { cutRing } from "./cut-ring";
import type { Fault, FaultReach } from "./define";
import { disconnect } from "./disconnect";
import { driftCorosync } from "./drift-corosync";
import { dropPortal } from "./drop-portal";
import { failDevice } from "./fail-device";
import { failLeg } from "./fail-leg";
import { failStart } from "./fail-start";
import { failStop } from "./fail-stop";
import { forbidTool } from "./forbid-tool";
import { fullJournal } from "./full-journal";
import { goHome } from "./go-home";
import { hangTool } from "./hang-tool";
import { killNode } from "./kill-node";
import { losePort } from "./lose-port";
import { loseSession } from "./lose-session";
import { pullCable } from "./pull-cable";
import { remountRo } from "./remount-ro";
import { rotBits } from "./rot-bits";
import { runVerify } from "./run-verify";
import { shrinkMtu } from "./shrink-mtu";
import { skipAtBoot } from "./skip-at-boot";
import { slowDisk } from "./slow-disk";
import { splitBrain } from "./split-brain";
import { standBy } from "./stand-by";
import { stepClock } from "./step-clock";
import { timeLapse } from "./time-lapse";
import { uninstall } from "./uninstall";

/** Everything that can be broken. */
export const FAULTS: readonly Fault[] = [
  killNode,
  pullCable,
  losePort,
  cutRing,
  cutAgent,
  hangTool,
  forbidTool,
  disconnect,
  rotBits,
  changeInFlight,
  runVerify,
  failLeg,
  failDevice,
  dropPortal,
  loseSession,
  splitBrain,
  slowDisk,
  fullJournal,
  stepClock,
  timeLapse,
  remountRo,
  failStop,
  failStart,
  goHome,
  standBy,
  cleanUp,
  skipAtBoot,
  uninstall,
  shrinkMtu,
  allowTwo,
  bypassMirror,
  driftCorosync,
  banFencing,
  breakLevel,
];

/** A fault that stands, as the control page and `sim status` name it. */
export interface ActiveFault {
  name: string;
  args: readonly string[];
  sinceMs: number;
}

/** Breaks things and puts them right, and remembers what is broken. */
export function createFaultDesk(reach: FaultReach, now: () => number) {
  const active = new Map<string, ActiveFault>();
  const keyOf = (name: string, args: readonly string[]) => [name, ...args].join(" ");

  function find(name: string): Fault {
    const fault = FAULTS.find((candidate) => candidate.name === name);
    if (!fault) throw new Error(`There is no fault ${name}. Faults: ${FAULTS.map((candidate) => candidate.name).join(", ")}.`);
    return fault;
  }

  return {
    active: (): ActiveFault[] => [...active.values()],
    apply(name: string, args: readonly string[]): void {
      const fault = find(name);
      fault.apply(reach, args);
      if (!fault.isMoment) active.set(keyOf(name, args), { name, args, sinceMs: now() });
    },
    repair(name: string, args: readonly string[]): void {
      find(name).repair(reach, args);
      active.delete(keyOf(name, args));
    },
  };
}
