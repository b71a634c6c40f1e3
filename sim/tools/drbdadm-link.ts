// SPDX-License-Identifier: Apache-2.0
import { joinLink, leaveLink } from "@/sim/model/copy-life";
import { clusterOf, copyOf, type Mirror, type MirrorLink, mirrorOf } from "@/sim/model/model";
import { done, type ToolAnswer, type ToolCall, ToolEnd, type ToolReach } from "./tool";

/** The kernel's own refusal. Source: ERR_NET_CONFIGURED, drbd.h of 8.4; exit code of drbdsetup for it. */
const EXIT_KERNEL = 10;

/** `drbdadm disconnect` and `connect`: one side lets go of its peers, or looks for them again. */
export function drbdadmLink(
  call: ToolCall,
  reach: ToolReach,
  command: "connect" | "disconnect",
  { mirror, links }: { mirror: Mirror; links: readonly MirrorLink[] },
): ToolAnswer {
  const self = call.node.name;
  if (command === "connect" && !links.some(({ state, by }) => state === "standAlone" && (by === self || by === null))) {
    const { minor } = copyOf(mirror, self);
    throw new ToolEnd(
      EXIT_KERNEL,
      `${mirror.name}: Failure: (125) Device has a net-config (use disconnect first)\nCommand 'drbdsetup connect ${minor}' terminated with exit code ${EXIT_KERNEL}`,
    );
  }
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, call.cluster.slug);
    const own = mirrorOf(cluster, mirror.name);
    for (const link of own.links.filter(({ a, b }) => links.some((one) => one.a === a && one.b === b))) {
      if (command === "disconnect") leaveLink(scene, cluster, own, link, self);
      else joinLink(scene, cluster, own, link, self);
    }
  });
  return done();
}
