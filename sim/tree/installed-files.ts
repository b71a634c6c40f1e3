// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimNode } from "@/sim/model/model";
import type { TreeFile, TreePart } from "./node-files";

/** The agents and units of a cluster's services, as the CIB names them. */
export function agentsIn({ pacemaker }: Cluster): string[] {
  const own = pacemaker.services.flatMap(({ primitives }) => primitives.map(({ agent }) => agent));
  return [...new Set([...own, "ocf:linbit:drbd"])].sort();
}

/** "systemd:cups", "ocf:heartbeat:IPaddr2" */
function fileOf(agent: string): [string, TreeFile] {
  const [standard = "", provider = "", type = ""] = agent.split(":");
  return standard === "systemd"
    ? [`/usr/lib/systemd/system/${provider}.service`, { text: "[Unit]\n" }]
    : [`/usr/lib/ocf/resource.d/${provider}/${type}`, { text: "#!/bin/sh\n" }];
}

/** Of what is installed on a member: the agents and units that its cluster's services need. Only their names are looked at. */
export function installedParts(cluster: Cluster, node: SimNode): TreePart[] {
  if (node.pacemakerVersion === null) return [];
  const own = agentsIn(cluster).filter((agent) => !node.lacks.includes(agent));
  return [
    {
      name: "installed",
      mark: own.join(" "),
      files: () => ({
        // Pacemaker's own are on every member: the folders are there whatever else is not.
        "/usr/lib/ocf/resource.d/heartbeat/Dummy": { text: "#!/bin/sh\n" },
        "/usr/lib/ocf/resource.d/linbit/drbd-attr": { text: "#!/bin/sh\n" },
        "/usr/lib/systemd/system/pacemaker.service": { text: "[Unit]\n" },
        ...Object.fromEntries(own.map(fileOf)),
      }),
    },
  ];
}
