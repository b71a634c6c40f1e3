// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { useActing } from "@/components/commands/acting";
import { DragName } from "@/components/commands/DragName";
import { Icon } from "@/components/ui/Icon";
import { Service } from "./Service";
import { type QuietLine, quietServices, type ServiceRow, takenFrom } from "./services";

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
            <Quiet key={line.says} line={line} node={node} speaker={speaker} />
          ))}
        </div>
      )}
    </>
  );
}

/** A line for services that nothing ails; opened, each with what can be done about it. */
function Quiet({ line: { says, services }, node, speaker }: { line: QuietLine; node: string; speaker: string | null }) {
  const isActing = useActing() !== null;
  const words = speaker === null ? says : `${says}, says ${speaker}`;
  if (!isActing) return <p>{words}</p>;
  return (
    <details>
      <summary>{words}</summary>
      <ul>
        {services.map((service) => (
          <li key={service.id}>
            {service.type === "promotable" ? (
              <DragName id={service.id} node={takenFrom(service, node)} as="code" />
            ) : (
              <code>{service.id}</code>
            )}{" "}
            <ActionsButton about={keyOf.resource(service.id)} subject={service.id} />
          </li>
        ))}
      </ul>
    </details>
  );
}
