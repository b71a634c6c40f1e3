// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { BondPort } from "@/agent/protocol/model/bonding";

type BondEntity = EntityOf<"bond">;

/** The tree of a node's bonds as lines: each bond, then its ports, nested to any depth. */
export type BondRow =
  | { kind: "bond"; depth: number; bond: BondEntity }
  | { kind: "port"; depth: number; bond: BondEntity; port: BondPort; said: Said | undefined; partnerMac: string | null };

export function bondRows(bonds: readonly BondEntity[]): readonly BondRow[] {
  const byName = new Map(bonds.map((entity) => [entity.bond.name, entity]));
  const seen = new Set<string>();
  const rows: BondRow[] = [];
  const walk = (entity: BondEntity, depth: number): void => {
    if (seen.has(entity.bond.name)) return;
    seen.add(entity.bond.name);
    rows.push({ kind: "bond", depth, bond: entity });
    for (const port of entity.bond.ports) {
      const nested = byName.get(port.name);
      if (nested) walk(nested, depth + 1);
      else
        rows.push({
          kind: "port",
          depth: depth + 1,
          bond: entity,
          port,
          said: entity.portSaid[port.name],
          partnerMac: partnerOf(entity, port),
        });
    }
  };
  const isTop = ({ bond }: BondEntity) => bond.parent === null || !byName.has(bond.parent);
  for (const entity of bonds) if (isTop(entity)) walk(entity, 0);
  // Bonds that only name each other as parents have no top: they are shown all the same.
  for (const entity of bonds) walk(entity, 0);
  return rows;
}

/** The kernel's long words for a bond's mode, by what everyone writes in its options. Source: bond_main.c, Linux 6.12. */
const MODES: ReadonlyMap<string, string> = new Map([
  ["load balancing (round-robin)", "balance-rr"],
  ["fault-tolerance (active-backup)", "active-backup"],
  ["load balancing (xor)", "balance-xor"],
  ["fault-tolerance (broadcast)", "broadcast"],
  ["IEEE 802.3ad Dynamic link aggregation", "802.3ad"],
  ["transmit load balancing", "balance-tlb"],
  ["adaptive load balancing", "balance-alb"],
]);

/** "IEEE 802.3ad Dynamic link aggregation" is 802.3ad to everyone who says it; what is not known stays as read. */
export function shortMode(mode: string): string {
  return MODES.get(mode.replace(/ \(fail_over_mac [^)]*\)$/, "")) ?? /\(([^)]+)\)/.exec(mode)?.[1] ?? mode;
}

/** "…73:aa:10:01": the end that tells two switches apart. */
export function shortMac(mac: string): string {
  return mac.length > 12 ? `…${mac.slice(-11)}` : mac;
}

/** The switch a port leads to: its LACP partner, or where it is down that of its bond. */
function partnerOf({ bond }: BondEntity, port: BondPort): string | null {
  return named(port.partnerMac) ?? named(bond.lacp?.partnerMac ?? null);
}

function named(mac: string | null): string | null {
  return mac === null || /^[0:]+$/.test(mac) ? null : mac;
}

/** A switch between two nodes: the lines of each side that lead to it, and where its box stands. Units: rows. */
export interface SwitchBox {
  mac: string;
  top: number;
  bottom: number;
  left: readonly number[];
  right: readonly number[];
  says: string;
  isWhole: boolean;
}

type PortRow = Extract<BondRow, { kind: "port" }>;

/** A port whose link was read, and read just now. */
export function isKnownPort({ said }: PortRow): boolean {
  return said !== undefined && said.level !== "old" && said.level !== "unknown";
}

/** "3 of 4 ports up"; a port that is not read now is neither up nor down: "2 of 4 ports up, 2 not read". */
export function sayPorts(ports: readonly PortRow[]): { says: string; isWhole: boolean } {
  const known = ports.filter(isKnownPort);
  const up = known.filter(({ port }) => port.link === "up").length;
  const unread = ports.length - known.length;
  const says = `${up} of ${ports.length} ports up${unread === 0 ? "" : `, ${unread} not read`}`;
  return { says, isWhole: up === known.length };
}

/** The smallest box that holds its two lines of text, in rows. */
const LEAST_ROWS = 2;

/** The switches between two nodes, from the top down; null when their boxes would lie over each other. */
export function switchBoxes(left: readonly BondRow[], right: readonly BondRow[]): { boxes: readonly SwitchBox[]; isDrawable: boolean } {
  const macs = [...new Set([...left, ...right].flatMap((row) => (row.kind === "port" && row.partnerMac !== null ? [row.partnerMac] : [])))];
  const linesOf = (rows: readonly BondRow[], mac: string) =>
    rows.flatMap((row, index) => (row.kind === "port" && row.partnerMac === mac ? [index] : []));
  const portsAt = (rows: readonly BondRow[], lines: readonly number[]) =>
    lines.flatMap((line) => {
      const row = rows[line];
      return row?.kind === "port" ? [row] : [];
    });
  const boxes = macs.map((mac) => {
    const its = { left: linesOf(left, mac), right: linesOf(right, mac) };
    const all = [...its.left, ...its.right];
    const top = Math.min(...all);
    return {
      mac,
      ...its,
      top,
      bottom: Math.max(...all, top + LEAST_ROWS - 1),
      ...sayPorts([...portsAt(left, its.left), ...portsAt(right, its.right)]),
    };
  });
  boxes.sort((one, other) => one.top - other.top);
  const isDrawable = boxes.every((box, index) => index === 0 || box.top > (boxes[index - 1]?.bottom ?? -1));
  return { boxes, isDrawable };
}
