// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Versions } from "@/agent/protocol/model/versions";
import type { ClusterFacts, NodeFacts } from "./facts";
import { joinWords } from "./words";

type Row = NonNullable<EntityOf<"node">["versions"]>[number];

/** What is compared across the members of a cluster, in the order of the stack. */
const COMPARED: readonly {
  what: string;
  of: (node: NodeFacts, value: Versions) => string | null;
  /** No node is without one: where none is said it was not read. */
  isEverywhere?: true;
}[] = [
  { what: "System", isEverywhere: true, of: (_, value) => value.os },
  { what: "Kernel", isEverywhere: true, of: (node) => node.sources.host?.lastOk?.value.kernel ?? null },
  { what: "DRBD module", of: (node, value) => value.drbdLoaded ?? node.sources.drbd?.lastOk?.value.module?.version ?? null },
  { what: "DRBD utilities", of: (_, value) => value.drbdUtils },
  { what: "Pacemaker", of: (_, value) => value.pacemaker },
  { what: "Corosync", of: (_, value) => value.corosync },
  { what: "resource-agents", of: (_, value) => value.resourceAgents },
  { what: "vblade", of: (_, value) => value.vblade },
];

/**
 * A node's versions, each marked where another node of the same role has another one; undefined while they were never read.
 * What is nowhere in the cluster is no row; what only this node lacks is one without a version.
 */
export function versionRows(facts: ClusterFacts, node: NodeFacts): Row[] | undefined {
  const value = node.sources.versions?.lastOk?.value;
  if (!value) return undefined;
  const others = [...facts.nodes.values()].filter(({ agentId, role }) => agentId !== node.agentId && role === node.role);
  return COMPARED.flatMap(({ what, of, isEverywhere = false }) => {
    const version = of(node, value);
    if (version === null && isEverywhere) return [];
    const elsewhere = new Map<string, string[]>();
    for (const other of others) {
      const its = other.sources.versions?.lastOk?.value;
      const version = its ? of(other, its) : null;
      if (version !== null) elsewhere.set(version, [...(elsewhere.get(version) ?? []), other.node]);
    }
    if (version === null && elsewhere.size === 0) return [];
    const differing = [...elsewhere].filter(([one]) => one !== version);
    const phrases = differing.map(([one, names]) => `${joinWords(names)} ${names.length === 1 ? "has" : "have"} ${one}`);
    if (what === "DRBD module" && isOtherOnDisk(value)) phrases.unshift(`${value.drbdInstalled} is installed`);
    return [{ what, version, differs: phrases.length === 0 ? null : phrases.join("; ") }];
  });
}

/** The module in the kernel is not the one that the next load would take. */
export function isOtherOnDisk({ drbdLoaded, drbdInstalled }: Versions): boolean {
  return drbdLoaded !== null && drbdInstalled !== null && drbdLoaded !== drbdInstalled;
}
