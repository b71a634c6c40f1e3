// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { formatCount } from "@/components/ui/format";

type Resource = EntityOf<"resource">;

/** A service as a row: one that is inside no other, what it is made of, and what of it failed. */
export interface ServiceRow {
  service: Resource;
  /** "IPaddr2, Filesystem": the kinds of its members. */
  madeOf: string;
  /** Members that are not as the service itself is, worst told by themselves. */
  odd: readonly Resource[];
  failures: Resource["failures"];
  /** The agents of its members, as Pacemaker names them. */
  agents: readonly string[];
}

const known = new WeakMap<object, readonly ServiceRow[]>();

/** Services with their members folded in, in the order of their names. The same resources give the same rows. */
export function serviceRows(resources: readonly Entry<"resource">[]): readonly ServiceRow[] {
  const rows = known.get(resources) ?? fold(resources);
  known.set(resources, rows);
  return rows;
}

interface Made {
  members: readonly Resource[];
  row: ServiceRow;
}
const made = new WeakMap<Resource, Made>();

function fold(resources: readonly Entry<"resource">[]): readonly ServiceRow[] {
  const byId = new Map(resources.map(([, resource]) => [resource.id, resource]));
  return resources
    .map(([, resource]) => resource)
    .filter(({ parents }) => parents.every((parent) => !byId.has(parent)))
    .map((service) => {
      const members = leavesOf(service, byId, new Set());
      const before = made.get(service);
      // A row whose service and members are the same is the same: its cell is not drawn again.
      if (before && before.members.length === members.length && before.members.every((member, index) => member === members[index]))
        return before.row;
      const row = rowOf(service, members);
      made.set(service, { members, row });
      return row;
    });
}

function rowOf(service: Resource, members: readonly Resource[]): ServiceRow {
  const kinds = members.flatMap(({ agent, id }) => agent?.split(":").at(-1) ?? (id === service.id ? [] : [id]));
  return {
    service,
    madeOf: [...new Set(kinds)].join(", "),
    odd: members.filter((member) => member !== service && !isAsItShouldBe(member.said) && member.said.word !== service.said.word),
    agents: members.flatMap(({ agent }) => agent ?? []),
    failures: [...new Set([service, ...members])].flatMap(({ failures }) => failures),
  };
}

/** The rows that have a place on a node. */
export function servicesOn(rows: readonly ServiceRow[], node: string): readonly ServiceRow[] {
  return rows.filter(({ service }) => service.places.some((place) => place.node === node));
}

/** The rows that have a place nowhere: they are shown between the nodes. */
export function servicesNowhere(rows: readonly ServiceRow[]): readonly ServiceRow[] {
  return rows.filter(({ service }) => service.places.length === 0);
}

/** What the cluster runs for itself: an agent of DRBD's own, or a fence device. */
type Upkeep = "drbd" | "fencing";

function upkeepOf({ service, agents }: ServiceRow): Upkeep | null {
  const isAll = (is: (agent: string) => boolean) => agents.length > 0 && agents.every(is);
  if (isAll((agent) => agent.startsWith("stonith:"))) return "fencing";
  return service.type === "promotable" && isAll((agent) => /^ocf::?linbit:drbd$/.test(agent)) ? "drbd" : null;
}

/** Ok, or running in a maintenance that is told of the whole cluster. */
function isAsItShouldBe({ level, word, why }: Said): boolean {
  return level === "ok" || (level === "held" && why === null && word !== "stopped");
}

/** Nothing of it, here or elsewhere, asks for a person. */
function isQuiet({ service, odd, failures }: ServiceRow, node: string): boolean {
  const here = service.places.filter((place) => place.node === node).map(({ said }) => said);
  return (
    odd.length === 0 &&
    failures.length === 0 &&
    service.opinions.length === 0 &&
    [service.said, ...here].every((said) => said.why === null && isAsItShouldBe(said))
  );
}

function isPromoted({ role }: Resource["places"][number]): boolean {
  return role === "Promoted" || role === "Master";
}

/**
 * The node that a service is taken away from when its name is dragged: of a mirror's clone the one where it is promoted.
 * `column`: the node under whose name it stands; null where services have no column. Null: from here it is not taken away.
 */
export function takenFrom({ type, places }: Resource, column: string | null): string | null {
  const homes = (type === "promotable" ? places.filter(isPromoted) : places).map(({ node }) => node);
  if (column !== null) return homes.includes(column) ? column : null;
  return homes.length === 1 ? (homes[0] ?? null) : null;
}

/** Who says what a node runs, where the node itself is silent; null where it is heard. */
export function speakerFor(resources: readonly Entry<"resource">[], node: string, isSilent: boolean): string | null {
  const from = resources[0]?.[1].from.node;
  return isSilent && from !== undefined && from !== node ? from : null;
}

/** One line, and the services that it stands for. */
export interface QuietLine {
  says: string;
  services: readonly Resource[];
}

/** A node's services apart from its upkeep; of the upkeep one line per kind as long as it is quiet. */
export function quietServices(rows: readonly ServiceRow[], node: string): { own: readonly ServiceRow[]; lines: readonly QuietLine[] } {
  const folded = rows.filter((row) => upkeepOf(row) !== null && isQuiet(row, node));
  const lines: QuietLine[] = [];
  const mirrors = folded.filter((row) => upkeepOf(row) === "drbd");
  if (mirrors.length > 0) lines.push({ says: sayClones(mirrors, node), services: mirrors.map(({ service }) => service) });
  const fences = folded.filter((row) => upkeepOf(row) === "fencing").map(({ service }) => service);
  if (fences.length > 0) lines.push({ says: `fencing: ${fences.map(({ id }) => id).join(", ")} started`, services: fences });
  return { own: rows.filter((row) => !folded.includes(row)), lines };
}

/** "3 DRBD clones, 2 promoted here": what Pacemaker says, so that it can be held against the mirrors below. */
function sayClones(rows: readonly ServiceRow[], node: string): string {
  const promoted = rows.filter(({ service }) => service.places.some((place) => place.node === node && isPromoted(place))).length;
  return `${formatCount(rows.length, "DRBD clone")}, ${promoted === 0 ? "none" : promoted} promoted here`;
}

function leavesOf(resource: Resource, byId: ReadonlyMap<string, Resource>, seen: Set<string>): readonly Resource[] {
  seen.add(resource.id);
  const children = resource.children.flatMap((id) => {
    const child = byId.get(id);
    return child && !seen.has(id) ? [child] : [];
  });
  return children.length === 0 ? [resource] : children.flatMap((child) => leavesOf(child, byId, seen));
}
