// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { bond, cluster, nodeFacts, port, silent } from "@/server/cluster/factories";
import { linesOf } from "./test-samples";

const inner = (name: string, ports: readonly [string, string], link = "up") =>
  bond(name, [port(ports[0], { failureCount: 3, aggregatorId: 2 }), port(ports[1], { link })], { parent: "iout" });
const stacked = (link = "up") =>
  nodeFacts("ruby", {
    bonding: {
      bonds: [
        bond("iout", [port("ia", { isBond: true }), port("ib", { isBond: true })], { mode: "fault-tolerance (active-backup)" }),
        inner("ia", ["eth0", "eth1"], link),
        inner("ib", ["eth2", "eth3"]),
      ],
      unread: [],
    },
  });
const of = (name: string, bonds = "iout") => `quarterdeck_bond_${name}{cluster="san-a",node="ruby",bond="${bonds}"`;

it("says what the outermost bond still survives, and each port's own words", async () => {
  const lines = (await linesOf(cluster(stacked("down")))).filter((line) => line.startsWith("quarterdeck_bond"));
  expect(lines).toContain(`${of("tolerated_failures")}} 2`);
  expect(lines).toContain(`${of("ports")}} 4`);
  expect(lines).toContain(`${of("ports_up")}} 3`);
  expect(lines).toContain(`${of("port_up", "ia")},port="eth1"} 0`);
  expect(lines).toContain(`${of("port_link_failures_total", "ia")},port="eth0"} 3`);
  expect(lines).toContain(`${of("port_aggregator_id", "ib")},port="eth2"} 2`);
  expect(lines.filter((line) => line.includes("aggregator") && line.includes("eth1"))).toEqual([]);
});

it("says nothing of a node that is not heard", async () => {
  expect((await linesOf(cluster(silent(stacked())))).filter((line) => line.startsWith("quarterdeck_bond"))).toEqual([]);
});
