// SPDX-License-Identifier: Apache-2.0
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Where no receiver is: a cloud's metadata, whoever is nobody in particular, and everybody at once. */
const NEVER = new BlockList();
NEVER.addSubnet("169.254.0.0", 16, "ipv4");
NEVER.addSubnet("0.0.0.0", 8, "ipv4");
NEVER.addSubnet("224.0.0.0", 3, "ipv4");
NEVER.addSubnet("fe80::", 10, "ipv6");
NEVER.addSubnet("ff00::", 8, "ipv6");
NEVER.addAddress("::", "ipv6");
// AWS's metadata over IPv6. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
NEVER.addAddress("fd00:ec2::254", "ipv6");

/** Whether something may be sent there at all. An IPv4 address inside an IPv6 one counts as what it is. */
export function mayBeSentTo(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return !NEVER.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** The one address that is connected to: what was looked at is what is used. @throws with a sentence */
export async function addressOf(host: string): Promise<string> {
  const { address } = await lookup(host.replace(/^\[|\]$/g, ""));
  if (!mayBeSentTo(address)) throw new Error(`${host} is ${address}, where nothing is sent: no receiver is there.`);
  return address;
}
