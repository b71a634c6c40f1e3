// SPDX-License-Identifier: Apache-2.0
import type { Iscsi, IscsiPortalGroup, IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import type { BlockDevice } from "@/agent/protocol/model/mounts";
import { cluster, drbd, iscsiSession, mountsOf, nodeFacts, portalGroup } from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";

// Fixed values for tests; nothing that runs imports this file.

export const IQN = "iqn.lab:o1";
export const target = (more: Partial<IscsiPortalGroup> = {}, iqn = IQN): IscsiTarget => ({ iqn, portalGroups: [portalGroup(more)] });
export const serving = (...targets: IscsiTarget[]): Iscsi => ({ targets, sessions: null, unread: [] });
export const using = (...sessions: IscsiSession[]): Iscsi => ({ targets: null, sessions, unread: [] });

export interface San {
  ruby?: Iscsi;
  crystal?: Iscsi;
  hv01?: Iscsi;
  /** The block devices of ruby. */
  blocks?: BlockDevice[];
  of?: { ruby?: Parameters<typeof rubySide>; crystal?: Parameters<typeof crystalSide> };
  change?: (nodes: { ruby: NodeFacts; crystal: NodeFacts; hv01: NodeFacts }) => NodeFacts[];
}

/** Two storage nodes, of which ruby serves, and a client that is logged in. */
export function san({
  ruby = serving(target()),
  crystal = serving(),
  hv01 = using(iscsiSession()),
  blocks = [],
  of = {},
  change = Object.values,
}: San = {}): ClusterFacts {
  return cluster(
    ...change({
      ruby: nodeFacts("ruby", {
        iscsi: ruby,
        drbd: drbd([rubySide(...(of.ruby ?? []))], { settings: [rubySettings] }),
        mounts: mountsOf([], blocks),
      }),
      crystal: nodeFacts("crystal", { iscsi: crystal, drbd: drbd([crystalSide(...(of.crystal ?? []))], { settings: [crystalSettings] }) }),
      hv01: nodeFacts("hv01", { iscsi: hv01 }, { role: "client" }),
    }),
  );
}
