// SPDX-License-Identifier: Apache-2.0
/** The net of an address of the node's own, on the interface that has it. */
export interface NetText {
  interface: string;
  address: string;
  prefixLength: number;
}

/** Eight hex digits in the byte order of the machine. */
function hex(bits: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).reverse();
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
}

const bitsOf = (address: string): number => address.split(".").reduce((bits, part) => ((bits << 8) | Number(part)) >>> 0, 0);

/** `/proc/net/route`. Source: fib_route_seq_show, net/ipv4/fib_trie.c, Linux 6.1: every line is filled up to 127 characters. */
export function renderRoutes(nets: readonly NetText[]): string {
  const lines = nets.map(({ interface: name, address, prefixLength }) => {
    const mask = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
    return [name, hex((bitsOf(address) & mask) >>> 0), "00000000", "0001", 0, 0, 0, hex(mask), 0, 0, 0].join("\t");
  });
  const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
  return [head, ...lines].map((line) => `${line.padEnd(127)}\n`).join("");
}
