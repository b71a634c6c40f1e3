// SPDX-License-Identifier: Apache-2.0

import type { EntityOf } from "@/agent/protocol/console/view";
import { Since } from "@/components/live/Age";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

/** What a node's bonds still survive, and the ports that they had and have no more. */
export function BondEndurance({ bonds }: { bonds: readonly EntityOf<"bond">[] }) {
  const enduring = bonds.flatMap(({ bond, endurance }) => (endurance ? [{ name: bond.name, endurance }] : []));
  const missing = bonds.flatMap(({ bond, missing = [] }) => missing.map((one) => ({ ...one, bond: bond.name })));
  if (enduring.length + missing.length === 0) return null;
  return (
    <ul className="endures">
      {missing.map(({ bond, port, sinceMs, sinceBoot }) => (
        <li key={`${bond}/${port}`} className="risk">
          <Icon shape="risk" /> <code>{port}</code> missing from <code>{bond}</code>
          {sinceBoot ? " since the last boot" : ""}, <Since atMs={sinceMs} />
        </li>
      ))}
      {enduring.map(({ name, endurance }) => (
        <li key={name} className={endurance.failures === 0 ? "risk" : "d3"}>
          {/* One switch for all is how it was built, not what happened to it: said, and not an alarm. */}
          {endurance.failures === 0 && <Icon shape="risk" />} <code>{name}</code> {unbroken(endurance.says)}
        </li>
      ))}
    </ul>
  );
}
