// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { addressOf, type Lab, RINGS, switchOf } from "./lab";

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** A namespace per node, and one for the switches: nothing of it is in the machine's own network. */
export function layNetwork(lab: Lab): void {
  const switches = switchOf(lab);
  ip("netns", "add", switches);
  for (const ring of RINGS) {
    ip("-n", switches, "link", "add", `br${ring}`, "type", "bridge");
    ip("-n", switches, "link", "set", `br${ring}`, "up");
  }
  for (const node of lab.nodes) {
    ip("netns", "add", node.netns);
    ip("-n", node.netns, "link", "set", "lo", "up");
    for (const ring of RINGS) {
      const port = `v${node.id}r${ring}`;
      ip("-n", switches, "link", "add", port, "type", "veth", "peer", "name", `eth${ring}`, "netns", node.netns);
      ip("-n", switches, "link", "set", port, "master", `br${ring}`, "up");
      ip("-n", node.netns, "addr", "add", `${addressOf(node, ring)}/24`, "dev", `eth${ring}`);
      ip("-n", node.netns, "link", "set", `eth${ring}`, "up");
    }
  }
}

/** Takes away what there is of it. */
export function removeNetwork(lab: Lab): void {
  const there = execFileSync("ip", ["netns", "list"], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.split(" ")[0]);
  for (const name of [...lab.nodes.map(({ netns }) => netns), switchOf(lab)]) if (there.includes(name)) ip("netns", "del", name);
}
