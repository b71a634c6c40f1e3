// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from "react";
import type { EntityKind, EntityOf, From } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { type Picture, readAt } from "@/components/cluster/picture";
import { NodeAoe } from "./NodeAoe";
import { NodeArrays } from "./NodeArrays";
import { NodeCorosync } from "./NodeCorosync";
import { NodeDlm, NodeOcfs2 } from "./NodeLocks";
import { NodeMounts } from "./NodeMounts";
import { NodePools } from "./NodePools";
import { NodeSessions } from "./NodeSessions";
import { NodeTargets } from "./NodeTargets";
import { NodeVersions, versionsOf } from "./NodeVersions";

/** One part of a node's page that shows what one source says there. */
export interface NodeSection {
  title: string;
  source: SourceName;
  /** What is not there when it is not there: "AoE" gives "no AoE here". */
  what: string;
  /** Beside the main column, where facts and bonds stand. */
  inRail?: boolean;
  /** Left out while it was read well and holds nothing: another part of the same source tells that. */
  hides?: boolean;
  isEmpty: (picture: Picture, node: string) => boolean;
  Body: ComponentType<{ picture: Picture; node: string }>;
}

type ReadKind = { [K in EntityKind]: EntityOf<K> extends { from: From } ? K : never }[EntityKind];

function hasNone(...kinds: readonly ReadKind[]): NodeSection["isEmpty"] {
  return (picture, node) => kinds.every((kind) => readAt(picture.of(kind), node).length === 0);
}

/** The parts of a node's page that stand where their source does, from the top down. A new one is a file here and one line. */
export const SECTIONS: readonly NodeSection[] = [
  {
    title: "Mounts",
    source: "mounts",
    what: "mounts",
    isEmpty: hasNone("mount", "swap"),
    Body: NodeMounts,
  },
  {
    title: "Arrays",
    source: "md",
    what: "md arrays",
    isEmpty: hasNone("array"),
    Body: NodeArrays,
  },
  {
    title: "ZFS pools",
    source: "zfs",
    what: "ZFS pools",
    isEmpty: hasNone("pool"),
    Body: NodePools,
  },
  {
    title: "AoE",
    source: "aoe",
    what: "AoE",
    isEmpty: hasNone("aoe", "export"),
    Body: NodeAoe,
  },
  {
    title: "iSCSI targets",
    source: "iscsi",
    what: "iSCSI targets",
    hides: true,
    isEmpty: hasNone("target"),
    Body: NodeTargets,
  },
  {
    title: "iSCSI sessions",
    source: "iscsi",
    what: "iSCSI sessions",
    hides: true,
    isEmpty: hasNone("session"),
    Body: NodeSessions,
  },
  {
    title: "Versions",
    source: "versions",
    what: "versions",
    inRail: true,
    isEmpty: (picture, node) => versionsOf(picture, node).length === 0,
    Body: NodeVersions,
  },
  {
    title: "OCFS2",
    source: "ocfs2",
    what: "OCFS2",
    isEmpty: hasNone("ocfs2"),
    Body: NodeOcfs2,
  },
  {
    title: "DLM",
    source: "dlm",
    what: "DLM",
    isEmpty: hasNone("dlm"),
    Body: NodeDlm,
  },
  {
    title: "Corosync",
    source: "corosync",
    what: "Corosync",
    isEmpty: hasNone("corosync"),
    Body: NodeCorosync,
  },
];
