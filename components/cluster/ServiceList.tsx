// SPDX-License-Identifier: Apache-2.0
import { Icon } from "@/components/ui/Icon";
import { Service } from "./Service";
import { quietServices, type ServiceRow } from "./services";

/** The services of one node: those that people use each by itself, DRBD's clones and fence devices in a line each while nothing ails them. */
export function ServiceList({ rows, node, speaker }: { rows: readonly ServiceRow[]; node: string; speaker: string | null }) {
  const { own, lines } = quietServices(rows, node);
  return (
    <>
      {own.map((row) => (
        <Service key={row.service.id} row={row} node={node} speaker={speaker} />
      ))}
      {own.length === 0 && (
        <p className="remark d3">
          <Icon shape="absent" /> no service here
        </p>
      )}
      {lines.length > 0 && (
        <div className="quiet">
          {lines.map((line) => (
            <p key={line}>{speaker === null ? line : `${line}, says ${speaker}`}</p>
          ))}
        </div>
      )}
    </>
  );
}
