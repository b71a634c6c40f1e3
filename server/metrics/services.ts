// SPDX-License-Identifier: Apache-2.0
import { entitiesOf, gauge, isCurrent, type Metrics } from "./define";

const leftOver = gauge(
  "quarterdeck_constraints_left",
  "Location constraints that a tool left behind and that go on deciding, by what left them",
  ["cluster", "kind"],
);
const fencing = gauge("quarterdeck_fencing_history", "Entries of Pacemaker's fence history, by whom they are about and how they ended", [
  "cluster",
  "target",
  "action",
  "status",
]);
const opinions = gauge(
  "quarterdeck_dissenting_nodes",
  "Nodes whose Pacemaker sees the cluster otherwise than the side that is shown: two sides of a partition",
  ["cluster"],
);

const KINDS = ["cli-ban", "cli-prefer", "cli-standby", "drbd-fence-by-handler"] as const;

export const services: Metrics = {
  title: "Services",
  families: [leftOver, fencing, opinions],
  samplesOf: ({ facts: { slug: cluster }, view }) => {
    const pacemaker = entitiesOf(view, "cluster")[0]?.entity.pacemaker;
    // The word that is shown is an old one: nothing of it is told.
    if (!pacemaker || !isCurrent(view, pacemaker.from)) return [];
    const ids = entitiesOf(view, "constraint").map(({ entity }) => entity.constraint.id);
    const counts = new Map<string, { labels: { cluster: string; target: string; action: string; status: string }; count: number }>();
    for (const { entity } of entitiesOf(view, "fencing")) {
      const { target, action, status } = entity.fencing;
      const key = JSON.stringify([target, action, status]);
      const labels = { cluster, target, action, status };
      counts.set(key, { labels, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    const dissent = entitiesOf(view, "cluster")[0]?.entity.dissent ?? [];
    return [
      ...KINDS.flatMap((kind) => leftOver.of({ cluster, kind }, ids.filter((id) => id.startsWith(`${kind}-`)).length)),
      ...[...counts.values()].flatMap(({ labels, count }) => fencing.of(labels, count)),
      ...opinions.of({ cluster }, dissent.length),
    ];
  },
};
