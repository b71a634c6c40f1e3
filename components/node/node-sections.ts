// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from "react";
import type { SourceName } from "@/agent/protocol/sources";
import type { Picture } from "@/components/cluster/picture";
import { NodeAoe } from "./NodeAoe";
import { arraysOf, NodeArrays } from "./NodeArrays";
import { NodeCorosync } from "./NodeCorosync";
import { NodeDlm, NodeOcfs2 } from "./NodeLocks";
import { disksOf, NodeMounts } from "./NodeMounts";
import { NodePools, poolsOf } from "./NodePools";
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

/** The parts of a node's page that stand where their source does, from the top down. A new one is a file here and one line. */
export const SECTIONS: readonly NodeSection[] = [
  {
    title: "Mounts",
    source: "mounts",
    what: "mounts",
    isEmpty: (picture, node) => Object.values(disksOf(picture, node)).every((list) => list.length === 0),
    Body: NodeMounts,
  },
  {
    title: "Arrays",
    source: "md",
    what: "md arrays",
    isEmpty: (picture, node) => arraysOf(picture, node).length === 0,
    Body: NodeArrays,
  },
  {
    title: "ZFS pools",
    source: "zfs",
    what: "ZFS pools",
    isEmpty: (picture, node) => poolsOf(picture, node).length === 0,
    Body: NodePools,
  },
  {
    title: "AoE",
    source: "aoe",
    what: "AoE",
    isEmpty: (picture, node) => ![...picture.aoes, ...picture.exports].some(([, { from }]) => from.node === node),
    Body: NodeAoe,
  },
  {
    title: "iSCSI targets",
    source: "iscsi",
    what: "iSCSI targets",
    hides: true,
    isEmpty: (picture, node) => !picture.targets.some(([, { from }]) => from.node === node),
    Body: NodeTargets,
  },
  {
    title: "iSCSI sessions",
    source: "iscsi",
    what: "iSCSI sessions",
    hides: true,
    isEmpty: (picture, node) => !picture.sessions.some(([, { from }]) => from.node === node),
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
    isEmpty: (picture, node) => !picture.ocfs2s.some(([, { from }]) => from.node === node),
    Body: NodeOcfs2,
  },
  {
    title: "DLM",
    source: "dlm",
    what: "DLM",
    isEmpty: (picture, node) => !picture.dlms.some(([, { from }]) => from.node === node),
    Body: NodeDlm,
  },
  {
    title: "Corosync",
    source: "corosync",
    what: "Corosync",
    isEmpty: (picture, node) => !picture.corosyncs.some(([, { from }]) => from.node === node),
    Body: NodeCorosync,
  },
];
