// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { valueIn } from "./cib-resources";
import { timeoutMs } from "./cib-timeouts";
import { child, childrenOf, whole, word, writtenTruth } from "./fields";

type Setup = NonNullable<Pacemaker["fenceSetup"]>;
type Level = Setup["levels"][number];

/**
 * How fencing is set up beside its devices' own parameters: which devices are watched, in which order they are used for whom,
 * and whether a device may be used where no constraint names it.
 * Shape: `<fencing-topology><fencing-level target|target-pattern|target-attribute+target-value index devices/>`.
 * Source: fencing-1.1.rng to fencing-2.4.rng; unpack_config of lib/pengine/unpack.c.
 */
export function readFenceSetup(configuration: XmlElement, option: (name: string) => string | null): Setup {
  const resources = child(configuration, "resources");
  const templates = new Map(childrenOf(resources, "template").map((template) => [word(template, "id"), template]));
  const topology = child(configuration, "fencing-topology");
  return {
    symmetric: writtenTruth(option("symmetric-cluster") ?? option("symmetric_cluster")) ?? true,
    watchdogTimeout: option("stonith-watchdog-timeout") ?? option("fencing-watchdog-timeout"),
    devices: (resources === null ? [] : primitivesIn(resources)).flatMap((primitive) => {
      const template = templates.get(word(primitive, "template")) ?? null;
      const resource = word(primitive, "id");
      if (resource === null || (word(primitive, "class") ?? word(template, "class")) !== "stonith") return [];
      return [{ resource, monitorEveryMs: monitorOf(primitive) ?? (template === null ? null : monitorOf(template)) }];
    }),
    levels: childrenOf(topology, "fencing-level").flatMap(readLevel),
  };
}

function readLevel(level: XmlElement): Level[] {
  const index = whole(level, "index");
  if (index === null) return [];
  const attribute = word(level, "target-attribute");
  return [
    {
      index,
      target: word(level, "target"),
      pattern: word(level, "target-pattern"),
      attribute: attribute === null ? null : { name: attribute, value: level.attributes["target-value"] ?? "" },
      devices: (word(level, "devices") ?? "").split(",").flatMap((name) => name.trim() || []),
    },
  ];
}

/** The shortest pace at which it is watched; an operation without an interval is asked once, at the start. */
function monitorOf(owner: XmlElement): number | null {
  const paces = childrenOf(child(owner, "operations"), "op").flatMap((op) => {
    if (word(op, "name") !== "monitor" || writtenTruth(word(op, "enabled")) === false) return [];
    const nested = [...childrenOf(op, "meta_attributes"), ...childrenOf(op, "instance_attributes")];
    const everyMs = timeoutMs(word(op, "interval") ?? valueIn(nested, "interval"));
    return everyMs === null || everyMs === 0 ? [] : [everyMs];
  });
  return paces.length === 0 ? null : Math.min(...paces);
}

function primitivesIn(element: XmlElement): XmlElement[] {
  return element.children.flatMap((inner) => (inner.name === "primitive" ? [inner] : inner.name === "template" ? [] : primitivesIn(inner)));
}
