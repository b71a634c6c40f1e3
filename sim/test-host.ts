// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";

/** A host of its own on this machine: a network namespace with one address, reached over a veth pair. For tests. */
export interface TestHost {
  /** Its address, as this machine's programs reach it. */
  readonly address: string;
  /** Puts a command into it: what to spawn, with which arguments. */
  command(program: string, args: readonly string[]): [program: string, args: string[]];
  close(): void;
}

/**
 * Makes one. What runs there is off loopback, and reaches nothing but this machine.
 * @throws when this user may not (root is needed), or `ip` of iproute2 is missing
 */
export function makeTestHost(): TestHost {
  const id = randomBytes(3).toString("hex");
  const name = `qd-test-${id}`;
  const [near, far] = [`qdn${id}`, `qdf${id}`];
  // A /30 of its own: two tests at once do not meet.
  const net = `10.231.${randomInt(256)}.${randomInt(64) * 4}`;
  const at = (last: number) => net.replace(/\d+$/, (text) => String(Number(text) + last));
  const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
  ip("netns", "add", name);
  const close = () => {
    ip("netns", "delete", name);
  };
  try {
    ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
    ip("address", "add", `${at(1)}/30`, "dev", near);
    // Without an IPv6 address that comes a second later: a browser drops what it loads when the machine's addresses change.
    ip("link", "set", near, "addrgenmode", "none");
    ip("link", "set", near, "up");
    ip("-n", name, "address", "add", `${at(2)}/30`, "dev", far);
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "link", "set", far, "up");
  } catch (cause) {
    close();
    throw cause;
  }
  return { address: at(2), command: (program, args) => ["ip", ["netns", "exec", name, program, ...args]], close };
}
