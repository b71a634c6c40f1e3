// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { addressOf, CABLES, type Cable, consoleLine, type LabNode, type Layout, switchOf } from "./layout";

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** The switch's end of a cable. */
const portOf = (node: LabNode, cable: Cable) => `${cable}-${node.id}`;
const bridgeOf = (cable: Cable) => `br-${cable}`;

function addressOn(node: LabNode, cable: Cable): string {
  if (cable === "console") return consoleLine.addressOf(node);
  return addressOf(node, cable === "ring0" ? 0 : 1);
}

/** A namespace per node, and one for the switches: nothing of it is in the machine's own network. */
export function layNetwork(layout: Layout): void {
  const switches = switchOf(layout);
  ip("netns", "add", switches);
  for (const cable of CABLES) {
    ip("-n", switches, "link", "add", bridgeOf(cable), "type", "bridge");
    ip("-n", switches, "link", "set", bridgeOf(cable), "up");
  }
  ip("-n", switches, "addr", "add", `${consoleLine.consoleAddress}/24`, "dev", bridgeOf("console"));
  for (const node of layout.nodes) {
    ip("netns", "add", node.netns);
    ip("-n", node.netns, "link", "set", "lo", "up");
    CABLES.forEach((cable, index) => {
      const [port, nic] = [portOf(node, cable), `eth${index}`];
      ip("-n", switches, "link", "add", port, "type", "veth", "peer", "name", nic, "netns", node.netns);
      ip("-n", switches, "link", "set", port, "master", bridgeOf(cable), "up");
      ip("-n", node.netns, "addr", "add", `${addressOn(node, cable)}/24`, "dev", nic);
      ip("-n", node.netns, "link", "set", nic, "up");
    });
  }
}

/** Pulls a cable at the switch, or puts it back. */
export function setCable(layout: Layout, node: LabNode, cable: Cable, state: "in" | "out"): void {
  ip("-n", switchOf(layout), "link", "set", portOf(node, cable), state === "in" ? "up" : "down");
}

function namespaces(): readonly string[] {
  const text = execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => line.split(" ")[0] || []);
}

/** True while something runs in it. */
export function hasProcesses(netns: string): boolean {
  return namespaces().includes(netns) && execFileSync("ip", ["netns", "pids", netns], { encoding: "utf8" }).trim() !== "";
}

/** Takes away what there is of it. */
export function removeNetwork(layout: Layout): void {
  const own = [...layout.nodes.map(({ netns }) => netns), switchOf(layout)];
  removeNetworks((name) => own.includes(name));
}

/** Takes away every network namespace whose name is meant. */
export function removeNetworks(isMeant: (name: string) => boolean): void {
  for (const name of namespaces().filter(isMeant)) ip("netns", "del", name);
}
