// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Bond } from "@/agent/protocol/model/bonding";
import { counted, joinWords } from "./words";

/** A port that carries, and the switch behind it as LACP names it. */
export interface Leaf {
  name: string;
  partnerMac: string | null;
}

type Endurance = NonNullable<EntityOf<"bond">["endurance"]>;

/** "…73:aa:10:01": the end that tells two switches apart. */
function shortMac(mac: string): string {
  return `…${mac.slice(-11)}`;
}

/**
 * What a bond still survives. Any port that carries is enough, so it survives the loss of all but one; and it survives a
 * switch when a port elsewhere carries. A switch is known only where every port that carries names its LACP partner.
 */
export function enduranceOf(carrying: readonly Leaf[]): Endurance {
  const failures = Math.max(0, carrying.length - 1);
  const links = failures === 0 ? "no link failure more is tolerated" : `tolerates ${counted(failures, "more link failure")}`;
  const bySwitch = new Map<string, string[]>();
  for (const { name, partnerMac } of carrying) {
    if (partnerMac === null) return { failures, switches: [], says: links };
    bySwitch.set(partnerMac, [...(bySwitch.get(partnerMac) ?? []), name]);
  }
  const switches = [...bySwitch].map(([mac, ports]) => ({ mac, ports }));
  const [only] = switches;
  if (!only) return { failures, switches, says: links };
  const says = switches.length === 1 ? `all of it hangs on the switch ${shortMac(only.mac)}` : anySwitch(switches.length);
  return { failures, switches, says: `${links}; ${says}` };
}

function anySwitch(count: number): string {
  return count === 2 ? "either switch may fail" : `any one of ${count} switches may fail`;
}

/** "e3p2 is missing since the last boot": what a bond had before and has no more, as a sentence. */
export function missingSentence(bond: Bond, missing: NonNullable<EntityOf<"bond">["missing"]>): string {
  const sayOne = (ports: readonly { port: string }[]) => `${joinWords(ports.map(({ port }) => port))} ${ports.length === 1 ? "is" : "are"}`;
  const atBoot = missing.filter(({ sinceBoot }) => sinceBoot);
  const later = missing.filter(({ sinceBoot }) => !sinceBoot);
  return [
    atBoot.length > 0 ? `${sayOne(atBoot)} missing from ${bond.name} since the last boot.` : "",
    later.length > 0 ? `${sayOne(later)} no longer a port of ${bond.name}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
