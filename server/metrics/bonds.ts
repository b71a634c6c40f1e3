// SPDX-License-Identifier: Apache-2.0
import { counter, entitiesOf, gauge, isCurrent, type Metrics } from "./define";

const OF_BOND = ["cluster", "node", "bond"] as const;
const OF_PORT = [...OF_BOND, "port"] as const;
const tolerates = gauge(
  "quarterdeck_bond_tolerated_failures",
  "Link failures that the outermost bond still survives, through all bonds inside it; no sample where a port's state is not known",
  OF_BOND,
);
const ports = gauge("quarterdeck_bond_ports", "Ports of the bond, counted through all depths", OF_BOND);
const portsUp = gauge("quarterdeck_bond_ports_up", "Ports of the bond that carry, counted through all depths", OF_BOND);
const missing = gauge("quarterdeck_bond_ports_missing", "Ports that the bond had once and has no more", OF_BOND);
const portUp = gauge("quarterdeck_bond_port_up", "1 while the kernel says that the port's link is up", OF_PORT);
const failures = counter(
  "quarterdeck_bond_port_link_failures_total",
  "Link failures of the port since it joined, as the kernel counts",
  OF_PORT,
);
const aggregator = gauge("quarterdeck_bond_port_aggregator_id", "The LACP aggregator that the port stands in", OF_PORT);

export const bonds: Metrics = {
  title: "Bonds",
  families: [tolerates, ports, portsUp, missing, portUp, failures, aggregator],
  samplesOf: ({ facts, view }) =>
    entitiesOf(view, "bond").flatMap(({ entity: { from, bond, endurance, missing: gone, ...counts } }) => {
      if (!isCurrent(view, from)) return [];
      const of = { cluster: facts.slug, node: from.node, bond: bond.name };
      return [
        ...tolerates.of(of, endurance?.failures),
        ...ports.of(of, counts.ports),
        ...portsUp.of(of, counts.portsUp),
        ...missing.of(of, gone?.length ?? 0),
        ...bond.ports.flatMap(({ name: port, link, failureCount, aggregatorId }) => [
          ...portUp.of({ ...of, port }, link === "up"),
          ...failures.of({ ...of, port }, failureCount),
          ...aggregator.of({ ...of, port }, aggregatorId),
        ]),
      ];
    }),
};
