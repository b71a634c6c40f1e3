// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { valueIn } from "./cib-resources";
import { childrenOf, word } from "./fields";

type Parameters = NonNullable<Pacemaker["parameters"]>;

/** What is read of each agent's parameters: never a password, an address of a device, or anything by which one could act. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  iSCSITarget: ["implementation", "tid", "iqn"],
  iSCSILogicalUnit: ["implementation", "target_iqn", "lun"],
  iscsi: ["target", "try_recovery"],
  ZFS: ["pool"],
  mdraid: ["md_dev"],
  Raid1: ["raiddev"],
};
const OF_FENCING = ["pcmk_host_check", "pcmk_host_list", "pcmk_host_map"];

/**
 * The parameters that say how iSCSI is served, whom a fencing device fences and which pool or array a service brings up, as written; what is not written is not in it.
 * A primitive whose parameters come from a template, or stand under a rule, is left out: then they are not known for sure.
 */
export function readParameters(resources: XmlElement): Parameters {
  return resources.children.flatMap((inner) => {
    if (inner.name === "template") return [];
    return inner.name === "primitive" ? ofPrimitive(inner) : readParameters(inner);
  });
}

function ofPrimitive(primitive: XmlElement): Parameters {
  const resource = word(primitive, "id");
  const allowed = word(primitive, "class") === "stonith" ? OF_FENCING : ALLOWED[word(primitive, "type") ?? ""];
  const sets = childrenOf(primitive, "instance_attributes");
  const isConditional = sets.some((set) => set.attributes["id-ref"] !== undefined || childrenOf(set, "rule").length > 0);
  if (resource === null || allowed === undefined || word(primitive, "template") !== null || isConditional) return [];
  const values: Record<string, string> = {};
  for (const name of allowed) {
    const value = valueIn(sets, name);
    if (value !== null) values[name] = value;
  }
  return [{ resource, values }];
}
