// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

type Service = EntityOf<"resource"> & { parameters: Readonly<Record<string, string>> };

/** Primitives of one agent whose parameters were read. */
function withParameters(view: ViewSoFar, ...agents: readonly string[]): [string, Service][] {
  return every(view, "resource").flatMap(([key, { parameters, ...service }]) =>
    parameters !== undefined && service.said.level !== "old" && agents.includes(service.agent?.split(":").at(-1) ?? "")
      ? [[key, { ...service, parameters }] as [string, Service]]
      : [],
  );
}

/** Targets and LUNs of one cluster that are not all told the same implementation: the agent guesses, and not alike on each node. */
export const iscsiImplementation = defineRule({
  name: "iscsi-implementation",
  doc: {
    area: "paths",
    title: "Targets and LUNs name different implementations",
    means:
      "A LUN without the implementation of its target is made by whatever the agent finds on the node: it fails, or appears elsewhere.",
    levels: ["risk"],
    fires: "iSCSITarget and iSCSILogicalUnit primitives name different implementations, or some name one and others none.",
    not: "All of one, or none that names any; primitives whose parameters come from templates or rules.",
    todo: 'Set the same implementation ("lio-t") on every one of them.',
    needs: [55, 57],
  },
  find(view) {
    const all = withParameters(view, "iSCSITarget", "iSCSILogicalUnit");
    const byValue = new Map<string, string[]>();
    for (const [, { id, parameters }] of all) {
      const value = parameters.implementation ?? "none";
      byValue.set(value, [...(byValue.get(value) ?? []), id].sort(byName));
    }
    if (byValue.size < 2) return [];
    const parts = [...byValue].map(([value, ids]) => `${value} for ${joinWords(ids)}`).sort(byName);
    return [
      {
        id: "iscsi-implementation",
        level: "risk" as const,
        title: "iSCSI targets and LUNs name different implementations",
        why: `${joinWords(parts)}. What names none is made by whatever the agent finds on the node.`,
        todo: "Set the same implementation on every target and LUN.",
        about: all.map(([key]) => key),
      },
    ];
  },
});

/** Two targets of one number: the second one to start on a node does not. */
export const iscsiTid = defineRule({
  name: "iscsi-tid",
  doc: {
    area: "paths",
    title: "Two targets have one tid",
    means: "Where the implementation counts targets by number, the second one does not start on a node that has the first.",
    levels: ["risk"],
    fires: "Two iSCSITarget primitives have the same tid, and their implementation is not LIO, which has no numbers.",
    not: "Targets of LIO, and targets without a tid.",
    todo: "Give each target a tid of its own.",
    needs: [55],
  },
  find(view) {
    const byTid = new Map<string, [string, Service][]>();
    for (const entry of withParameters(view, "iSCSITarget")) {
      const { tid, implementation } = entry[1].parameters;
      if (tid === undefined || implementation === undefined || implementation.startsWith("lio")) continue;
      byTid.set(tid, [...(byTid.get(tid) ?? []), entry]);
    }
    return [...byTid].flatMap(([tid, targets]) =>
      targets.length < 2
        ? []
        : [
            {
              id: `iscsi-tid:${tid}`,
              level: "risk" as const,
              title: `${joinWords(targets.map(([, { id }]) => id).sort(byName))} have one tid, ${tid}`,
              why: "Where both come to one node, the second does not start.",
              todo: "Give each target a tid of its own.",
              about: targets.map(([key]) => key),
            },
          ],
    );
  },
});

/** A client's session under Pacemaker that is not tried again: a move of its target can leave it without its disk. */
export const iscsiRecovery = defineRule({
  name: "iscsi-recovery",
  doc: {
    area: "paths",
    title: "A client's session is not recovered",
    means: "Without try_recovery the agent calls a session that is just moving failed, and stops what stands on it.",
    levels: ["risk"],
    fires: "A primitive of the agent iscsi has no try_recovery, or not true.",
    not: "try_recovery=true, and clients that Pacemaker does not run: their recovery_tmo is looked at instead.",
    todo: 'Set try_recovery="true" on it.',
    needs: [56],
  },
  find(view) {
    return withParameters(view, "iscsi").flatMap(([key, { id, parameters }]) =>
      ["true", "yes", "1", "on"].includes(parameters.try_recovery?.toLowerCase() ?? "")
        ? []
        : [
            {
              id: `iscsi-recovery:${id}`,
              level: "risk" as const,
              title: `${id} has no try_recovery`,
              why: "While its target moves the agent calls the session failed, and what stands on it is stopped.",
              todo: `crm resource param ${id} set try_recovery true`,
              about: [key],
            },
          ],
    );
  },
});
