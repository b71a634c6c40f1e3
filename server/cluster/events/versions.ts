// SPDX-License-Identifier: Apache-2.0
import type { Versions } from "@/agent/protocol/model/versions";
import { type Change, type Telling, type Told, told } from "./tell";

/** What is told, by its name for people. Packages change on the disk; only the module says what runs. */
const TOLD: readonly { name: string; of: (value: Versions) => string | null; verb?: string }[] = [
  { name: "the system", of: ({ os }) => os },
  { name: "the DRBD module", of: ({ drbdLoaded }) => drbdLoaded, verb: "loaded" },
  { name: "the DRBD module", of: ({ drbdInstalled }) => drbdInstalled, verb: "installed" },
  { name: "DRBD utilities", of: ({ drbdUtils }) => drbdUtils },
  { name: "Pacemaker", of: ({ pacemaker }) => pacemaker },
  { name: "Corosync", of: ({ corosync }) => corosync },
  { name: "resource-agents", of: ({ resourceAgents }) => resourceAgents },
  { name: "vblade", of: ({ vblade }) => vblade },
];

/** Another version than was read before. One that was not said, before or now, says nothing of a change. */
export function tellVersions({ node, before, after }: Change<Versions>): Telling {
  const news = TOLD.flatMap(({ name, of, verb }): Told[] => {
    const was = before && of(before);
    const now = of(after);
    if (was === null || now === null || was === now) return [];
    return [told(node, `${node}: ${name} is ${now}${verb ? `, ${verb}` : ""}, was ${was}`, "ok", "version")];
  });
  return { told: news, memory: {} };
}
