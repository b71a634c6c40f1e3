// SPDX-License-Identifier: Apache-2.0
import { type EntityKind, Level } from "@/agent/protocol/console/view";
import { entitiesOf, gauge, type Metrics, type Sample } from "./define";

const clusterInfo = gauge("quarterdeck_cluster_info", "What people call the cluster; value is always 1", [
  "cluster",
  "title",
  "environment",
]);
const level = gauge(
  "quarterdeck_level",
  `How something is judged: ${Level.options.join(", ")}. One sample, of the level it has now; value is always 1`,
  ["cluster", "kind", "name", "level"],
);
const safe = gauge(
  "quarterdeck_node_safe_to_stop",
  'The standing answer to "Is it safe to take this node down now?": 1 for the one of yes, no and unknown that it is, 0 for the others',
  ["cluster", "node", "answer"],
);
const findings = gauge("quarterdeck_findings", "Findings that hold now, by how grave they are", ["cluster", "level"]);
const findingSince = gauge(
  "quarterdeck_finding_since_timestamp_seconds",
  "Since when the finding holds. `about` is the first thing it is about",
  ["cluster", "rule", "level", "about"],
);
const maintenanceEnd = gauge(
  "quarterdeck_maintenance_end_timestamp_seconds",
  'When a declared maintenance is to end; node is "*" for the whole cluster',
  ["cluster", "node"],
);
const undeclared = gauge(
  "quarterdeck_maintenance_undeclared",
  'Maintenance that somebody switched on elsewhere, so that nobody said whose it is; node is "*" for the whole cluster; value is always 1',
  ["cluster", "node"],
);
const commands = gauge("quarterdeck_commands_running", "Commands of this console that are under way", ["cluster"]);

/** What is judged as one thing with a name. The rest is told by its own figures, or is no thing (an event, a line). */
const JUDGED = [
  "aoe",
  "array",
  "bond",
  "constraint",
  "corosync",
  "dlm",
  "drbd",
  "export",
  "mirror",
  "mount",
  "ocfs2",
  "pool",
  "resource",
  "ring",
  "session",
  "swap",
  "target",
] as const satisfies readonly EntityKind[];

export const judgements: Metrics = {
  title: "Verdicts and findings",
  families: [clusterInfo, level, safe, findings, findingSince, maintenanceEnd, undeclared, commands],
  samplesOf: ({ facts, view }) => {
    const cluster = facts.slug;
    const found = entitiesOf(view, "finding");
    return [
      ...clusterInfo.of({ cluster, title: facts.title, environment: facts.environment ?? "" }, 1),
      ...entitiesOf(view, "cluster").flatMap(({ entity }) =>
        level.of({ cluster, kind: "cluster", name: cluster, level: entity.headline.level }, 1),
      ),
      ...entitiesOf(view, "node").flatMap(({ name, entity }) => level.of({ cluster, kind: "node", name, level: entity.state.level }, 1)),
      ...JUDGED.flatMap((kind) =>
        entitiesOf(view, kind).flatMap(({ name, entity }) => level.of({ cluster, kind, name, level: entity.said.level }, 1)),
      ),
      ...entitiesOf(view, "safety").flatMap(({ entity: { node, answer: given } }) =>
        ["yes", "no", "unknown"].flatMap((answer) => safe.of({ cluster, node, answer }, answer === given)),
      ),
      ...Level.options.flatMap((one) => findings.of({ cluster, level: one }, found.filter(({ entity }) => entity.level === one).length)),
      ...found.flatMap(({ entity: { rule, level: own, about, sinceMs } }) =>
        findingSince.of({ cluster, rule, level: own, about: about[0] ?? "" }, sinceMs / 1_000),
      ),
      ...entitiesOf(view, "maintenance").flatMap(({ name: node, entity: { declared } }): readonly Sample[] =>
        declared ? maintenanceEnd.of({ cluster, node }, declared.endsAtMs / 1_000) : undeclared.of({ cluster, node }, 1),
      ),
      ...commands.of({ cluster }, entitiesOf(view, "run").filter(({ entity }) => entity.endedAtMs === null).length),
    ];
  },
};
