// SPDX-License-Identifier: Apache-2.0

import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { LEFT_BY_TOOL } from "@/agent/protocol/left-constraint";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { DragName } from "@/components/commands/DragName";
import { anchorOf } from "@/components/live/anchor";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { Opinions } from "./NodeHead";
import { type ServiceRow, takenFrom } from "./services";

interface ServiceProps {
  row: ServiceRow;
  node: string | null;
  /** Set where the node itself is silent: who says that all is well there. */
  speaker?: string | null;
}

/** One service at one of its places, or (without a node) nowhere. */
export const Service = memo(function Service({ row, node, speaker = null }: ServiceProps) {
  const { service, madeOf, odd } = row;
  const place = service.places.find((one) => one.node === node);
  const own = place?.said ?? service.said;
  // Hearsay of a silent node is never a tick.
  const said = speaker !== null && own.level === "ok" ? { ...own, level: "unknown" as const, word: `${own.word}, says ${speaker}` } : own;
  const failures = row.failures.filter((failure) => node === null || failure.node === node);
  // What is about the whole service stands once, at its first place; links to the service lead there.
  const isFirst = place === undefined || place === service.places[0];
  return (
    <div className="svc" {...(isFirst && { id: anchorOf(keyOf.resource(service.id)), tabIndex: -1 })}>
      <div>
        <DragName id={service.id} node={takenFrom(service, node)} />
        {madeOf && <p>{madeOf}</p>}
        {service.pending !== undefined && (
          <p className="act">
            <Icon shape="busy" /> {service.pending}
          </p>
        )}
        {service.isManaged === false && said.level !== "held" && (
          <p className="held">
            <Icon shape="held" /> not managed by Pacemaker
          </p>
        )}
        {said.why && <p className="d2">{unbroken(said.why)}</p>}
        {odd.map((member) => (
          <p key={member.id}>
            <code>{member.id}</code> <StateWord small said={member.said} />
          </p>
        ))}
        {failures.map((failure) => (
          <p key={`${failure.resource}/${failure.task}/${failure.node}`} className="risk">
            <Icon shape="risk" /> {sayFailure(failure)}
          </p>
        ))}
        {isFirst && <Opinions opinions={service.opinions} />}
      </div>
      <p className="svc-end">
        <StateWord small said={said} />
        <ActionsButton about={keyOf.resource(service.id)} subject={service.id} />
      </p>
    </div>
  );
});

/** "monitor of p_ip failed: not running (7), 3 times" */
function sayFailure(failure: EntityOf<"resource">["failures"][number]): string {
  const why = failure.exitReason || failure.exitStatus || "no reason given";
  const code = failure.exitCode === null ? "" : ` (${failure.exitCode})`;
  const count = failure.failCount === null ? "" : `, fail count ${failure.failCount}`;
  return `${failure.task} of ${failure.resource} failed: ${why}${code}${count}`;
}

/** A ban or another constraint a person should know, drawn between the nodes. */
export function Barrier({ constraint }: { constraint: EntityOf<"constraint"> }) {
  const { resource } = constraint.constraint;
  const { word } = constraint.said;
  const isNamed = resource === null || word.includes(resource);
  const isBan = constraint.constraint.score?.startsWith("-") ?? false;
  return (
    <div className="ban-of">
      <div className="barrier">
        <span className="st">
          <Icon shape={isBan ? "ban" : constraint.said.level} />
          {isNamed ? word : `${resource} ${word}`}
        </span>
      </div>
      {constraint.said.why && <p className="note d3 s11">{unbroken(constraint.said.why)}</p>}
      {LEFT_BY_TOOL.test(constraint.constraint.id) && (
        <p className="note">
          <ActionsButton about={keyOf.constraint(constraint.constraint.id)} subject={constraint.constraint.id} />
        </p>
      )}
    </div>
  );
}
