// SPDX-License-Identifier: Apache-2.0

import { memo } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { mirrorOfKey, sayPortal, shortIqn } from "../iscsi";
import { defineLayer } from "./define";

/** What each node serves over iSCSI, beside what it stands on. */
export const targetsLayer = defineLayer({
  name: "iSCSI targets",
  place: "services",
  source: "iscsi",
  what: "iSCSI targets",
  kind: "target",
  isAt: ({ from }, node) => from.node === node,
  Cell: memo(function TargetsOf({ entries, node }: { entries: readonly Entry<"target">[]; node: string }) {
    return entries.map(([key, entity]) => entity.from.node === node && <Target key={key} entity={entity} />);
  }),
});

/** One target in the stack: its name, what it is, where it listens and on what. */
export function Target({ entity }: { entity: EntityOf<"target"> }) {
  const { target, said, luns } = entity;
  const on = [...new Set(luns.flatMap(({ mirror }) => mirrorOfKey(mirror)?.name ?? []))];
  const portals = target.portalGroups.flatMap((group) => group.portals.map(sayPortal));
  return (
    <>
      <div className="dev">
        <span>
          <code title={target.iqn}>{shortIqn(target.iqn)}</code> {on.length > 0 && <span className="tag">on {on.join(", ")}</span>}
        </span>
        <StateWord small said={said} />
      </div>
      <p className="d3 s12">{portals.length === 0 ? "listens nowhere" : portals.join(", ")}</p>
      {said.why && said.level !== "ok" && said.level !== "old" && <p className="d2 s12">{unbroken(said.why)}</p>}
    </>
  );
}
