// SPDX-License-Identifier: Apache-2.0
import { pacemaker, resource } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { both, members, mirror, of, type Proofs } from "./scenes.factories";

const g_mail = () => [resource("g_mail", "ruby")];
const started = (...nodes: string[]) =>
  of(both({ operations: nodes.map((node) => ({ resource: "g_mail", node, task: "start", tookMs: 100, isOk: true })) }));
const installed = {
  os: "Debian GNU/Linux 12 (bookworm)",
  drbdLoaded: "8.4.11",
  drbdInstalled: "8.4.11",
  drbdUtils: "9.22.0",
  pacemaker: "2.1.5-1",
  corosync: "3.1.7",
  resourceAgents: "4.12.0",
  vblade: null,
  unread: [],
};
const software = (more: Partial<{ [K in keyof typeof installed]: string | null }>) => {
  const { unread } = installed;
  return of(mirror([], [], { ruby: { versions: { ...installed, unread } }, crystal: { versions: { ...installed, ...more, unread } } }));
};
/** crystal, to which g_mail may come, with or without the agent that it needs. */
const needing = (name: string, isThere: boolean | null) => {
  const { unread } = installed;
  const needs = [{ resource: "g_mail", kind: "agent" as const, name, isThere }];
  const value = pacemaker(members(), g_mail());
  return of(pair({ pacemaker: value }, { pacemaker: value, versions: { ...installed, needs, unread } }));
};

export const SOFTWARE: Proofs = {
  "mixed-pacemaker": { fires: software({ pacemaker: "3.0.1-1" }), not: software({ pacemaker: "2.1.5-2" }) },
  "node-lacks": { fires: software({ drbdUtils: null }), not: software({ resourceAgents: null }) },
  "takeover-lacks": {
    fires: needing("ocf:heartbeat:exportfs", false),
    // Nobody could look.
    not: needing("ocf:heartbeat:exportfs", null),
  },
  "version-drift": { fires: software({ resourceAgents: "4.11.0" }), not: software({ pacemaker: "2.1.5-2" }) },
  "drbd-reload": { fires: software({ drbdInstalled: "9.2.1" }), not: software({ drbdInstalled: null }) },
  "never-proven": { fires: started("ruby"), not: started("ruby", "crystal") },
};
