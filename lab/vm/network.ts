// SPDX-License-Identifier: Apache-2.0
import type { Layout, MachinePlan } from "./layout";
import { lan } from "./layout";
import { quietly } from "./quietly";

const ip = (...args: string[]) => quietly("ip", args);

/** The machine's end of a guest's network cable. */
export const tapOf = ({ name }: Pick<MachinePlan, "name">) => `t-${name}`;

/** A namespace with one switch in it, to which every guest and the console's door are tied: nothing of it is in the machine's network. */
export function layNetwork({ netns, machines }: Layout): void {
  ip("netns", "add", netns);
  // The cables between the storage nodes are sockets on this namespace's loopback.
  ip("-n", netns, "link", "set", "lo", "up");
  ip("-n", netns, "link", "add", "lan", "type", "bridge");
  ip("-n", netns, "link", "set", "lan", "type", "bridge", "stp_state", "0", "mcast_snooping", "0");
  ip("-n", netns, "addr", "add", `${lan.consoleAddress}/24`, "dev", "lan");
  ip("-n", netns, "link", "set", "lan", "up");
  for (const machine of machines) {
    ip("-n", netns, "tuntap", "add", "dev", tapOf(machine), "mode", "tap");
    ip("-n", netns, "link", "set", tapOf(machine), "master", "lan", "up");
  }
}
