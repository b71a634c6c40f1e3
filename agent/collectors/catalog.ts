// SPDX-License-Identifier: Apache-2.0
import { SourceName } from "@/agent/protocol/sources";
import { aoe } from "./aoe/collector";
import { bonding } from "./bonding/collector";
import { corosync } from "./corosync/collector";
import type { Collector } from "./define";
import { dlm } from "./dlm/collector";
import { drbd } from "./drbd/collector";
import { host } from "./host/collector";
import { iscsi } from "./iscsi/collector";
import { kernelLog } from "./kernel-log/collector";
import { md } from "./md/collector";
import { mounts } from "./mounts/collector";
import { ocfs2 } from "./ocfs2/collector";
import { pacemaker } from "./pacemaker/collector";
import { versions } from "./versions/collector";
import { zfs } from "./zfs/collector";

/** Collectors by the name of their source. */
export type Catalog = { readonly [N in SourceName]?: Collector<N> };

/** Everything this agent can read. */
export const CATALOG: Catalog = { drbd, bonding, aoe, pacemaker, host, kernelLog, md, mounts, zfs, versions, iscsi, corosync, ocfs2, dlm };

/** Something done with a collector of any source. */
export type Visit = <N extends SourceName>(collector: Collector<N>) => void;

/** Visits the collectors in the order of the protocol's list. */
export function eachCollector(catalog: Catalog, visit: Visit): void {
  for (const name of SourceName.options) visitOne(catalog, name, visit);
}

function visitOne<N extends SourceName>(catalog: Catalog, name: N, visit: Visit): void {
  const collector = catalog[name];
  if (collector) visit(collector);
}
