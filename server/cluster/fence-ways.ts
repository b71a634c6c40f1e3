// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { nodesFor, signOf } from "./places-for";
import { byName } from "./words";

type Fence = NonNullable<EntityOf<"node">["fence"]>;
type Setup = NonNullable<Pacemaker["fenceSetup"]>;

/** The nodes that a device says it fences: all, these, or null where it is asked itself. */
function targetsOf(parameters: Readonly<Record<string, string>>): ReadonlySet<string> | "all" | null {
  const { pcmk_host_check: check, pcmk_host_list: list, pcmk_host_map: map } = parameters;
  const way = check ?? (list || map ? "static-list" : "dynamic-list");
  if (way === "none") return "all";
  if (way !== "static-list") return null;
  const names = (list ?? "").split(/[\s,;]+/);
  const mapped = (map ?? "").split(/[\s;]+/).map((one) => one.split(/[:=]/)[0] ?? "");
  return new Set([...names, ...mapped].filter((name) => name !== ""));
}

interface Device {
  id: string;
  isOff: boolean;
  targets: ReadonlySet<string> | "all" | null;
  /** Nodes that may use it; null where a rule decides, or the constraints were not read. */
  from: ReadonlySet<string> | null;
}

function devicesOf(value: Pacemaker, setup: Setup, members: readonly string[]): Device[] {
  const parameters = new Map((value.parameters ?? []).map(({ resource, values }) => [resource, values]));
  return setup.devices.map(({ resource }) => {
    const instances = value.resources.filter(({ id }) => id.replace(/:\d+$/, "") === resource);
    const own = parameters.get(resource);
    return {
      id: resource,
      isOff: instances.length > 0 && instances.every(({ targetRole }) => targetRole?.toLowerCase() === "stopped"),
      targets: own === undefined ? null : targetsOf(own),
      // Fencing takes no part in the placement of services, but a node that the device's constraints forbid does not have it.
      // Source: cib_device_update of daemons/fenced, Pacemaker 1.1 to 2.1.
      from: value.fenceSetup ? nodesFor([resource, ...instances.flatMap(({ parents }) => parents)], value, members) : null,
    };
  });
}

/** The levels for a node, in their order; null where a pattern names nodes: an expression of the administrator's is not tried here. */
function levelsFor(name: string, value: Pacemaker, { levels }: Setup): Setup["levels"] | null {
  if (levels.some(({ pattern }) => pattern !== null)) return null;
  const attributes = value.nodes.find((node) => node.name === name)?.attributes ?? {};
  const isFor = ({ target, attribute }: Setup["levels"][number]) =>
    target === name || (attribute !== null && attributes[attribute.name] === attribute.value);
  return levels.filter(isFor).sort((x, y) => x.index - y.index);
}

const known = new WeakMap<Pacemaker, ReadonlyMap<string, Fence>>();

/** By which devices each node can be fenced, and from where, as the configuration has it; empty where its parts were not read. */
export function fenceWays(value: Pacemaker): ReadonlyMap<string, Fence> {
  const before = known.get(value);
  if (before) return before;
  const made = build(value);
  known.set(value, made);
  return made;
}

function build(value: Pacemaker): ReadonlyMap<string, Fence> {
  if (value.parameters === undefined || value.stonithEnabled !== true) return new Map();
  const setup = value.fenceSetup ?? onlyDevices(value);
  const members = value.nodes.filter(({ type }) => type === undefined || type === "member").map(({ name }) => name);
  const devices = devicesOf(value, setup, members);
  const hasWatchdog = signOf(setup.watchdogTimeout?.replace(/[a-z]+$/i, "") ?? null) === 1 || setup.watchdogTimeout === "-1";
  return new Map(members.map((name) => [name, { ...waysTo(name, devices, levelsFor(name, value, setup)), hasWatchdog }]));
}

/** From agents that do not read the set-up: the devices by their class. From where they may be used is then not known. */
function onlyDevices({ resources }: Pacemaker): Setup {
  const ids = resources.flatMap(({ id, agent }) => (agent.startsWith("stonith:") ? [id.replace(/:\d+$/, "")] : []));
  const devices = [...new Set(ids)].map((resource) => ({ resource, monitorEveryMs: null }));
  return { symmetric: true, watchdogTimeout: null, devices, levels: [] };
}

function waysTo(name: string, devices: readonly Device[], levels: Setup["levels"] | null): Omit<Fence, "hasWatchdog"> {
  if (levels === null) return { isKnown: false, ways: [], broken: [] };
  // Where there are levels for it, Pacemaker asks no other device.
  const inLevels = new Map(levels.flatMap(({ index, devices: names }) => names.map((id) => [id, index] as const)));
  const asked = levels.length === 0 ? devices : devices.filter(({ id }) => inLevels.has(id));
  const ways = asked.flatMap(({ id, isOff, targets, from }) => {
    if (isOff || (targets !== null && targets !== "all" && !targets.has(name))) return [];
    return [
      {
        device: id,
        level: inLevels.get(id) ?? null,
        isSure: targets !== null,
        // Pacemaker has no node fence itself while another one is there.
        from: from === null ? null : [...from].filter((one) => one !== name).sort(byName),
      },
    ];
  });
  const broken = levels.flatMap(({ index, devices: names }) =>
    names.flatMap((id) => {
      const device = devices.find((one) => one.id === id);
      if (!device) return [{ level: index, device: id, why: "is not there" }];
      if (device.isOff) return [{ level: index, device: id, why: "is switched off" }];
      return ways.some((way) => way.device === id) ? [] : [{ level: index, device: id, why: `is not for ${name}` }];
    }),
  );
  return { isKnown: ways.every(({ isSure, from }) => isSure && from !== null), ways, broken };
}
