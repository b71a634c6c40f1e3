// SPDX-License-Identifier: Apache-2.0
import { type Fleet, nodeOf } from "@/sim/model/model";
import { tells } from "../harness/screens";
import { type FaultCase, ofFault, type Stage } from "./case";

/** A boot brings one after the other: what is missing a minute later is missed. */
const LEFT_OUT = { ms: 60_000, why: "60 s that a boot is given" };

const isOn = (fleet: Fleet, name: string) => nodeOf(fleet, name).node.power === "on";

/** A fault that shows after the node's next boot: it loses its power, and has it again. */
function atBoot(cluster: string, node: string, fault: string, ...args: string[]): Pick<FaultCase, "cluster" | "name" | "make" | "mend"> {
  const made = ofFault(cluster, fault, node, ...args);
  return {
    ...made,
    name: `${fault} and boot`,
    make(stage: Stage) {
      made.make(stage);
      stage.desk.apply("kill-node", [node]);
      stage.desk.repair("kill-node", [node]);
    },
  };
}

/** `isBack`: the node is a member again, and nothing of its boot is left. */
export const boots = (isBack: (name: string) => (fleet: Fleet) => boolean): readonly FaultCase[] => [
  {
    ...atBoot("north", "tromso", "skip-at-boot", "backup"),
    ...{ shows: tells(/^tromso: pool backup did not come up/), paceMs: 5_000, share: 0.02, settling: LEFT_OUT },
    isThere: (fleet) => isOn(fleet, "tromso") && nodeOf(fleet, "tromso").node.absent.pools.length > 0,
  },
  {
    ...atBoot("attic", "hv06", "skip-at-boot", "md0"),
    ...{ shows: tells(/^hv06: md0 did not come up/), paceMs: 5_000, share: 0.02, settling: LEFT_OUT },
    isThere: (fleet) => isOn(fleet, "hv06") && nodeOf(fleet, "hv06").node.absent.arrays.length > 0,
  },
  {
    ...atBoot("north", "tromso", "uninstall", "ocf:heartbeat:pgsql"),
    ...{ shows: tells(/^tromso lacks the agent ocf:heartbeat:pgsql/), paceMs: 30_000, share: 0.02, isThere: isBack("tromso") },
  },
];
