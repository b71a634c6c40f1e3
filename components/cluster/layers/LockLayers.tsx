// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import type { Entry } from "@/components/live/store";
import { StateWord } from "@/components/ui/StateWord";
import { defineLayer } from "./define";

/** OCFS2's cluster stack, with the cluster it runs in. */
export const ocfs2Layer = defineLayer({
  name: "OCFS2",
  place: "disks",
  forClients: true,
  source: "ocfs2",
  what: "OCFS2",
  kind: "ocfs2",
  isAt: ({ from }, node) => from.node === node,
  Cell: memo(function Ocfs2Cell({ entries, node }: { entries: readonly Entry<"ocfs2">[]; node: string }) {
    const entity = entries.find(([, { from }]) => from.node === node)?.[1];
    if (!entity) return null;
    const clusters = entity.ocfs2.running ?? entity.ocfs2.configured ?? [];
    return (
      <div className="disks">
        <p className="disk">
          <span>{clusters.map(({ name }) => name).join(", ")}</span>
          <StateWord small said={entity.said} />
        </p>
        {clusters.map(({ name, nodes }) => (
          <p key={name} className="over">
            {nodes.map((one) => one.name).join(", ")}
          </p>
        ))}
      </div>
    );
  }),
});

/** The lockspaces of the kernel's DLM. */
export const dlmLayer = defineLayer({
  name: "DLM",
  place: "disks",
  source: "dlm",
  what: "DLM",
  kind: "dlm",
  isAt: ({ from }, node) => from.node === node,
  Cell: memo(function DlmCell({ entries, node }: { entries: readonly Entry<"dlm">[]; node: string }) {
    const entity = entries.find(([, { from }]) => from.node === node)?.[1];
    if (!entity) return null;
    return (
      <ul className="disks">
        {entity.dlm.lockspaces.map(({ name }) => (
          <li key={name} className="disk">
            <code>{name}</code>
            <StateWord small said={entity.spaceSaid[name] ?? entity.said} />
          </li>
        ))}
        {entity.dlm.lockspaces.length === 0 && <li className="d3 s12">no lockspace</li>}
      </ul>
    );
  }),
});
