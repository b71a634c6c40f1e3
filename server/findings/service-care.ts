// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { asSentence, byName, counted, formatDuration, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every, type ViewSoFar } from "./define";
import { aboutOf, OVER, STILL_SO } from "./standing";

/** From this share of its timeout on an operation is told: the next slow disk makes it fail, and a failed stop is a fencing. */
const NEAR = 0.8;

/** Whether the whole cluster is in maintenance, or every one of these nodes. */
export function isHeldStill(view: ViewSoFar, nodes: readonly string[]): boolean {
  if (clusterOf(view)?.pacemaker?.maintenance === true) return true;
  const held = nodes.map((name) => view.get(keyOf.node(name)));
  return (
    held.length > 0 && held.every((node) => node?.kind === "node" && (node.isInMaintenance === true || node.state.word === "maintenance"))
  );
}

/** Services that Pacemaker neither starts nor stops, one by one: told in one line. */
export const serviceUnmanaged = defineRule({
  name: "service-unmanaged",
  doc: {
    area: "cluster",
    title: "A service is unmanaged",
    means: "Pacemaker neither starts nor stops it: nobody moves it when its node fails.",
    levels: ["held"],
    fires: "is-managed is false of a service, by Pacemaker's own word.",
    not: "The whole cluster in maintenance, or all its nodes: that is told by itself.",
    todo: "Give it back: crm resource manage NAME (pcs resource manage NAME).",
    needs: [93, 98],
  },
  find(view) {
    const left = every(view, "resource").filter(
      ([, { parents, isManaged, said, places }]) =>
        parents.length === 0 &&
        isManaged === false &&
        said.level !== "old" &&
        !isHeldStill(
          view,
          places.map(({ node }) => node),
        ),
    );
    if (left.length === 0) return [];
    const names = left.map(([, { id }]) => id).sort(byName);
    return [
      {
        id: "service-unmanaged",
        level: "held" as const,
        title: `Pacemaker leaves ${joinWords(names)} alone`,
        why: `${names.length === 1 ? "It is" : "They are"} unmanaged: nobody moves ${names.length === 1 ? "it" : "them"} when a node fails.`,
        todo: `When the work is done: crm_resource --meta -r ${names[0]} -d is-managed.`,
        about: left.map(([key]) => key),
      },
    ];
  },
  // In a maintenance all are left alone, and that alone is told.
  over: (_, view) =>
    every(view, "resource").some(([, { parents, isManaged }]) => parents.length === 0 && isManaged === false) ? STILL_SO : OVER,
});

/** Operations that failed and whose service runs all the same: it was recovered, and the count still stands. */
export const operationFailed = defineRule({
  name: "operation-failed",
  doc: {
    area: "cluster",
    title: "An operation failed",
    means: "The service runs again, but its failures still count: enough of them, and it may not run there any more.",
    levels: ["absent"],
    fires: "Pacemaker lists a failed operation of a service that is well.",
    not: "A service that is itself failed, blocked or stopped: that is told as such.",
    todo: "Look why it failed, then crm_resource --cleanup.",
    needs: [84, 90],
  },
  find(view) {
    return every(view, "resource").flatMap(([key, { id, failures, said, children }]) => {
      if (failures.length === 0 || children.length > 0 || (said.level !== "ok" && said.level !== "busy")) return [];
      const each = failures.map(({ task, node, exitStatus, exitReason, failCount }) => {
        const count = failCount !== null && failCount !== "0" && failCount !== "1" ? `, ${failCount} times` : "";
        return `${task} on ${node}${count}: ${exitReason || exitStatus || "no reason given"}`;
      });
      const nodes = [...new Set(failures.map(({ node }) => node))].sort(byName);
      return [
        {
          id: `operation-failed:${id}`,
          level: "absent" as const,
          title: `${id}: ${counted(failures.length, "operation")} failed on ${joinWords(nodes)}`,
          why: each.slice(0, 3).map(asSentence).join(" "),
          todo: `When the reason is known: crm_resource --cleanup -r ${id}`,
          about: [key, ...nodes.map(keyOf.node)],
        },
      ];
    });
  },
  // It may have become what is wrong with the service.
  over: (id, view) => {
    const service = view.get(keyOf.resource(aboutOf(id)));
    return service?.kind === "resource" && service.failures.length > 0 ? STILL_SO : OVER;
  },
});

/** An operation that took nearly as long as it may. */
export const operationSlow = defineRule({
  name: "operation-slow",
  doc: {
    area: "cluster",
    title: "An operation nearly timed out",
    means: "The next one may not end in time; a stop that times out is a fencing.",
    levels: ["risk"],
    fires: `The newest start, stop, promote or demote took ${NEAR * 100} % of its timeout or more.`,
    not: "Operations whose timeout the configuration does not say.",
    todo: "Raise the timeout, or find what makes it slow.",
    needs: [81, 86, 89],
  },
  find(view) {
    return every(view, "resource").flatMap(([key, { id, timings = [], said }]) => {
      const near = timings.filter(({ tookMs, timeoutMs }) => timeoutMs !== null && timeoutMs > 0 && tookMs >= NEAR * timeoutMs);
      const [worst] = [...near].sort((a, b) => b.tookMs / (b.timeoutMs ?? 1) - a.tookMs / (a.timeoutMs ?? 1));
      if (!worst || said.level === "old") return [];
      const { node, task, tookMs, timeoutMs } = worst;
      return [
        {
          id: `operation-slow:${id}`,
          level: "risk" as const,
          title: `${id}: ${task} on ${node} took ${formatDuration(tookMs)} of ${formatDuration(timeoutMs ?? 0)}`,
          why: task === "stop" ? "A stop that times out has the node fenced." : "One that times out fails the service.",
          todo: `Raise the timeout of ${task} of ${id}, or find what makes it slow on ${node}.`,
          about: [key, keyOf.node(node)],
        },
      ];
    });
  },
});
