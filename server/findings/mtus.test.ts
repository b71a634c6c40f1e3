// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { around, cluster, device, drbd, host, nodeFacts, settings, T0 } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";

const MIRRORS = ["mail", "store"];
const ADDRESSES = { ruby: "10.0.0.1", crystal: "10.0.0.2", jade: "10.0.0.3" } as const;
type Name = keyof typeof ADDRESSES;

/** Each pair of neighbours has both mirrors, over bond0 of each node's MTU. */
function told(mtus: Partial<Record<Name, number>>): string[] {
  const names = (["ruby", "crystal", "jade"] as const).filter((name) => mtus[name] !== undefined);
  const facts = cluster(
    ...names.map((name) => {
      const peers = names.filter((other) => other !== name);
      const routes = [{ interface: "bond0", destination: "10.0.0.0", prefixLength: 24 }];
      const own = { name: "bond0", mac: null, linkUp: true, speedBitsPerSec: null, mtu: mtus[name] ?? null };
      const set = MIRRORS.map((resource, minor) => {
        const [first, ...more] = peers.map((peer) => settings(resource, minor, ADDRESSES[name], ADDRESSES[peer], 7_788 + minor));
        if (!first) throw new Error("alone");
        return { ...first, connections: [...first.connections, ...more.flatMap(({ connections }) => connections)] };
      });
      const devices = MIRRORS.map((resource, minor) => device({ resource, minor }));
      return nodeFacts(name, { drbd: drbd(devices, { settings: set }), host: host({ routes, interfaces: [own] }) });
    }),
  );
  return [...project(facts, around(T0), new Map())].flatMap(([key, one]) =>
    one.kind === "finding" && one.rule === "line-mtu" ? [`${key.replace("finding:line-mtu:", "")}: ${one.title}. ${one.why}`] : [],
  );
}

const END = "the smaller one counts, and switches that follow neither lose what is larger.";

it("one interface with another MTU is one finding, however many lines leave by it", () => {
  expect(told({ ruby: 9_000, crystal: 1_500 })).toEqual([
    `crystal/bond0: MTUs 1500 and 9000 along the replication of mail and store. bond0 of crystal has 1500, bond0 of ruby has 9000: ${END}`,
  ]);
  expect(told({ ruby: 9_000, crystal: 1_500, jade: 9_000 })).toEqual([
    `crystal/bond0: MTUs 1500 and 9000 along the replication of mail and store. bond0 of crystal has 1500, bond0 of jade and bond0 of ruby have 9000: ${END}`,
  ]);
});

it("lines of one MTU are not told", () => {
  expect(told({ ruby: 1_500, crystal: 1_500, jade: 1_500 })).toEqual([]);
});
