// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { HostFacts } from "@/agent/protocol/model/host";
import { around, cluster, host, nodeFacts, silent, T0 } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";
import { interfaceTo, wayTo } from "./ways";

const view = (more: Partial<HostFacts>) => project(cluster(nodeFacts("ruby", { host: host(more) })), around(T0), new Map());
const routes = [
  { interface: "eth0", destination: "0.0.0.0", prefixLength: 0 },
  { interface: "bond0.10", destination: "10.20.5.0", prefixLength: 24 },
];
const own = (address: string, name: string | null, prefixLength: number | null) => ({ address, interface: name, prefixLength });

it("IPv4 goes by the longest route, a VLAN counted as what it stands on", () => {
  expect(interfaceTo(view({ routes }), "ruby", "10.20.5.12")).toBe("bond0.10");
  expect(wayTo(view({ routes }), "ruby", "10.20.5.12")).toBe("bond0");
  expect(wayTo(view({ routes }), "ruby", "10.20.6.12")).toBe("eth0");
});

it("IPv6 goes by the net of an own address, however it is written", () => {
  const addresses = [own("fd00:20:5::11", "idmz", 64), own("fd00:20::1", "eth0", 32), own("fd00:20:5::99", "lo1", 128)];
  expect(wayTo(view({ addresses }), "ruby", "fd00:0020:0005:0:0:0:0:12")).toBe("idmz");
  expect(wayTo(view({ addresses }), "ruby", "fd00:20:6::12")).toBe("eth0");
  expect(wayTo(view({ addresses }), "ruby", "2001:db8::1")).toBeNull();
  for (const odd of ["fe80::1%idmz", "crystal", "1::2::3:4:5:6:7:8:9", ""]) expect(wayTo(view({ addresses }), "ruby", odd)).toBeNull();
});

it("an own end on another interface: something else than the routes decides, and nothing is said", () => {
  const addresses = [own("10.20.5.11", "bond0.10", 24), own("10.30.5.11", "eth9", 24)];
  expect(wayTo(view({ routes, addresses }), "ruby", "10.20.5.12", "10.20.5.11")).toBe("bond0");
  expect(wayTo(view({ routes, addresses }), "ruby", "10.20.5.12", "10.30.5.11")).toBeNull();
  // Not one of those that were read: the routes alone speak.
  expect(wayTo(view({ routes, addresses }), "ruby", "10.20.5.12", "10.40.5.11")).toBe("bond0");
});

it("two that fit alike, and a node that is not heard now, say nothing", () => {
  const twice = [...routes, { interface: "eth7", destination: "10.20.5.0", prefixLength: 24 }];
  expect(wayTo(view({ routes: twice }), "ruby", "10.20.5.12")).toBeNull();
  const gone = project(cluster(silent(nodeFacts("ruby", { host: host({ routes }) }))), around(T0 + 60_000), new Map());
  expect(wayTo(gone, "ruby", "10.20.5.12")).toBeNull();
});
