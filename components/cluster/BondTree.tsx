// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { BondEndurance } from "./BondEndurance";
import { type BondRow, bondRows, shortMac, shortMode } from "./bond-rows";

/** One node's bonds as lines that lead to the middle. */
export function BondTree({ rows, isLeft, withSwitches = false }: { rows: readonly BondRow[]; isLeft: boolean; withSwitches?: boolean }) {
  return (
    <ul className={isLeft ? "bt left" : "bt"}>
      {rows.map((row) => (
        <li key={row.kind === "bond" ? row.bond.bond.name : `${row.bond.bond.name}/${row.port.name}`} style={{ "--d": row.depth }}>
          {row.kind === "bond" ? <BondLine entity={row.bond} /> : <PortLine row={row} withSwitch={withSwitches} />}
        </li>
      ))}
    </ul>
  );
}

function BondLine({ entity }: { entity: EntityOf<"bond"> }) {
  return (
    <>
      <span className="who">
        <code>{entity.bond.name}</code> <span className="d3">{shortMode(entity.bond.mode)}</span>
      </span>
      <span className="how">
        {entity.kernelSays && <span className="d3 kernel">{entity.kernelSays}</span>}
        <StateWord small said={entity.said} />
      </span>
    </>
  );
}

function PortLine({ row, withSwitch }: { row: Extract<BondRow, { kind: "port" }>; withSwitch: boolean }) {
  const { port, said, partnerMac } = row;
  // Where no switch is drawn beside the tree, its MAC stands at the port.
  const behind = withSwitch && partnerMac !== null ? <span className="d3 mac">switch {shortMac(partnerMac)}</span> : null;
  const fails = port.failureCount === null ? null : formatCount(port.failureCount, "fail");
  const level = said?.level ?? "unknown";
  if (level === "ok")
    return (
      <span className="how port">
        {behind}
        <span>{fails}</span>
        <Icon shape="ok" />
        <code>{port.name}</code>
      </span>
    );
  // The console's word for a port that is down counts its failures already.
  const own = said?.word ?? `link ${port.link}`;
  const word = fails === null || /\bfails?\b/.test(own) ? own : `${own}, ${fails}`;
  return (
    <span className={level === "bad" ? "how port bad" : level === "risk" ? "how port risk" : "how port"}>
      {behind}
      <span>{word}</span>
      <Icon shape={level === "bad" ? "cut" : level} plain={level === "bad"} />
      <code>{port.name}</code>
    </span>
  );
}

/** Bonds of one node by themselves, as on the node's page. */
export function BondsOf({ bonds }: { bonds: readonly EntityOf<"bond">[] }) {
  return (
    <>
      <BondTree rows={bondRows(bonds)} isLeft withSwitches />
      <BondEndurance bonds={bonds} />
    </>
  );
}
