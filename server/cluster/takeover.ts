// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { Versions } from "@/agent/protocol/model/versions";
import type { NodeFacts } from "./facts";
import { nodesFor, signOf } from "./places-for";
import { byName } from "./words";

type Lack = NonNullable<EntityOf<"node">["lacks"]>[number];

/** As deep as one service is bound to another: beyond any real chain. */
const MAX_CHAIN = 8;

const plain = (id: string) => id.replace(/:\d+$/, "");

/** What a cluster's configuration says of places, worked out once a reading. */
interface Places {
  /** Whether a service may come to a node at all, by its own constraints and those of what it must be together with. */
  mayRun(resource: string, node: string): boolean;
  runsOn(resource: string, node: string): boolean;
}

const known = new WeakMap<Pacemaker, Places>();

function placesOf(value: Pacemaker): Places {
  const before = known.get(value);
  if (before) return before;
  const members = value.nodes.map(({ name }) => name);
  const parents = new Map(value.resources.map(({ id, parents: of }) => [plain(id), of]));
  const running = new Set(value.resources.flatMap(({ id, nodes, active }) => (active ? nodes.map((node) => `${plain(id)} ${node}`) : [])));
  const allowed = new Map<string, ReadonlySet<string> | null>();
  const idsOf = (id: string) => [id, ...(parents.get(id) ?? [])];
  const allowedFor = (id: string) => {
    const found = allowed.get(id);
    if (found !== undefined) return found;
    const made = nodesFor(idsOf(id), value, members);
    allowed.set(id, made);
    return made;
  };
  const partners = (id: string) =>
    value.constraints.flatMap(({ kind, resource, with: other, score }) =>
      kind === "colocation" && other !== null && idsOf(id).includes(resource ?? "") && score === "INFINITY" && signOf(score) === 1
        ? [other]
        : [],
    );
  const mayRun = (id: string, node: string, depth = 0): boolean =>
    (allowedFor(id)?.has(node) ?? true) && (depth >= MAX_CHAIN || partners(id).every((other) => mayRun(other, node, depth + 1)));
  const places: Places = { mayRun, runsOn: (id, node) => running.has(`${id} ${node}`) };
  known.set(value, places);
  return places;
}

const remembered = new WeakMap<Versions, { value: Pacemaker; lacks: Lack[] }>();

/**
 * What a node lacks of what services need that may come to it, each once, with the services. What runs there now has all it needs.
 * `value`: the cluster as it is shown.
 */
export function lacksOf(node: NodeFacts, value: Pacemaker): readonly Lack[] {
  const versions = node.sources.versions?.lastOk?.value;
  if (!versions?.needs) return [];
  const last = remembered.get(versions);
  if (last?.value === value) return last.lacks;
  const { mayRun, runsOn } = placesOf(value);
  const lacks = new Map<string, Lack>();
  for (const { resource, kind, name, isThere } of versions.needs) {
    if (isThere !== false || runsOn(resource, node.node) || !mayRun(resource, node.node)) continue;
    const key = `${kind} ${name}`;
    lacks.set(key, { kind, name, resources: [...(lacks.get(key)?.resources ?? []), resource].sort(byName) });
  }
  const list = [...lacks.values()];
  remembered.set(versions, { value, lacks: list });
  return list;
}
