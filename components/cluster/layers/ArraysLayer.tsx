// SPDX-License-Identifier: Apache-2.0
import { Fragment, memo } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { formatBytes } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { defineLayer } from "./define";

type Leg = EntityOf<"array">["legs"][number];

/** md arrays: each with its legs and where they lead. */
export const arraysLayer = defineLayer({
  name: "Arrays",
  place: "disks",
  forClients: true,
  source: "md",
  what: "md arrays",
  kind: "array",
  isAt: ({ from }, node) => from.node === node,
  Cell: memo(function ArraysCell({ entries, node }: { entries: readonly Entry<"array">[]; node: string }) {
    return (
      <ul className="disks">{entries.map(([key, entity]) => entity.from.node === node && <ArrayLine key={key} entity={entity} />)}</ul>
    );
  }),
});

function ArrayLine({ entity: { array, said, legs } }: { entity: EntityOf<"array"> }) {
  return (
    <li>
      <p className="disk">
        <span>
          <code>{array.name}</code>{" "}
          <span className="d3">{[array.level, array.sizeBytes !== null && formatBytes(array.sizeBytes)].filter(Boolean).join(", ")}</span>
        </span>
        <StateWord small said={said} />
      </p>
      <Legs legs={legs} />
    </li>
  );
}

/** The devices of an array or a pool; of one that is well its name is enough. */
export function Legs({ legs }: { legs: readonly Pick<Leg, "name" | "at" | "said">[] }) {
  return (
    <p className="over">
      {legs.map((leg, index) => (
        <Fragment key={leg.name}>
          {index > 0 && ", "}
          <LegName leg={leg} />
          {leg.said.level !== "ok" && (
            <>
              {" "}
              <StateWord small said={leg.said} />
            </>
          )}
        </Fragment>
      ))}
    </p>
  );
}

/** "e0.1 at jade" */
export function LegName({ leg }: { leg: Pick<Leg, "name" | "at"> }) {
  return (
    <span className="leg">
      <code>{leg.name}</code>
      {leg.at !== null && ` at ${leg.at}`}
    </span>
  );
}
