// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "../collectors/define";
import { readResources } from "../collectors/pacemaker/crm-mon-resources";
import { child, childrenOf, flag, requiredWord, whole, word } from "../collectors/pacemaker/fields";
import type { Placement, SimulatedAction, SimulatedOperation } from "../protocol/steps";
import { readXml, type XmlElement } from "../xml";

/** What a simulated transition would do. */
export interface Simulation {
  actions: SimulatedAction[];
  operations: SimulatedOperation[];
  /** Both this and `operations` are empty where the transition was only planned (`-R`), not played through. */
  placements: Placement[];
}

/** Operations that only look or tell, or end such. */
const SILENT = new Set(["monitor", "notify", "cancel"]);

/**
 * Parses what `crm_simulate -S --output-as=xml` prints, or with `-R`, which has no outcome.
 *
 * Shape: `<pacemaker-result>` with `<actions>` (left out when there are none), `<transition>`, `<revised_cluster_status>` and, at
 * its end, `<status code>`. An action that Pacemaker would like but may not take has blocked="true": its reason then ends in
 * "(blocked)", as the tool's own text has it.
 * Source: crm_simulate-2.8.rng to crm_simulate-2.24.rng, node-action and rsc-action of Pacemaker 2.1.
 * @throws ParseError when it is not such a document, or says that it failed
 */
export function parseSimulation(text: string, how: "played" | "planned" = "played"): Simulation {
  const root = readXml(text);
  if (root.name !== "pacemaker-result") throw new ParseError(`not crm_simulate's XML: it is <${root.name.slice(0, 40)}>`);
  const code = whole(child(root, "status"), "code");
  if (code !== 0) throw new ParseError(`crm_simulate's XML ends ${code === null ? "without a status" : `with status ${code}`}`);
  const revised = child(root, "revised_cluster_status");
  if (revised === null && how === "played") throw new ParseError("crm_simulate's XML shows no outcome");
  return {
    actions: (child(root, "actions")?.children ?? []).map(readAction).filter((action) => action !== null),
    operations: childrenOf(child(root, "transition"), "rsc_action").map(readOperation).filter(isTelling),
    placements: revised === null ? [] : placementsOf(revised),
  };
}

function readAction(element: XmlElement): SimulatedAction | null {
  switch (element.name) {
    case "rsc_action":
      return {
        resource: requiredWord(element, "resource"),
        action: requiredWord(element, "action"),
        node: word(element, "node") ?? word(element, "source"),
        to: word(element, "dest"),
        role: word(element, "role"),
        nextRole: word(element, "next-role"),
        reason: reasonOf(element),
      };
    case "node_action":
      return {
        resource: null,
        action: taskOf(requiredWord(element, "task")),
        node: requiredWord(element, "node"),
        to: null,
        role: null,
        nextRole: null,
        reason: reasonOf(element),
      };
    default: // an element of a newer schema
      return null;
  }
}

/** "Fence (reboot)" is told as "fence": how is the cluster's setting, not the plan's. */
function taskOf(task: string): string {
  return (task.split(" (", 1)[0] ?? task).toLowerCase();
}

function reasonOf(element: XmlElement): string | null {
  const reason = word(element, "reason")?.slice(0, 480) ?? null;
  if (flag(element, "blocked") !== true) return reason;
  return reason === null ? "(blocked)" : `${reason} (blocked)`;
}

function readOperation(element: XmlElement): SimulatedOperation {
  return { resource: requiredWord(element, "resource"), operation: requiredWord(element, "op"), node: requiredWord(element, "node") };
}

function isTelling({ operation }: SimulatedOperation): boolean {
  return !SILENT.has(operation);
}

/** Every instance on every node it would be on; one that would be nowhere has no node. */
function placementsOf(revised: XmlElement): Placement[] {
  // Only where they stand is asked for, so what an older printer leaves out is no gap here.
  const { resources } = readResources({ ...revised, name: "pacemaker-result" }, [], new Set());
  return resources.flatMap(({ id, nodes, role }) => (nodes.length === 0 ? [null] : nodes).map((node) => ({ resource: id, node, role })));
}
