// SPDX-License-Identifier: Apache-2.0
import { takeFromPeer } from "@/sim/model/invalidate-life";
import { clusterOf, type Mirror, type MirrorLink, mirrorOf } from "@/sim/model/model";
import { done, type ToolAnswer, type ToolCall, ToolEnd, type ToolReach } from "./tool";

/** Source: SS_NEED_CONNECTION of drbd_strings.c; exit code of drbdsetup for a state change that failed. */
const EXIT_STATE_CHANGE = 11;

/** `drbdadm invalidate`: this side's data is overwritten with a peer's: all of it, or with `--reset-bitmap=no` what is marked. */
export function drbdadmInvalidate(
  call: ToolCall,
  reach: ToolReach,
  options: ReadonlyMap<string, string>,
  { mirror, links }: { mirror: Mirror; links: readonly MirrorLink[] },
): ToolAnswer {
  const [link] = links;
  const isWhole = options.get("reset-bitmap") !== "no";
  if (link?.state !== "connected")
    throw new ToolEnd(EXIT_STATE_CHANGE, `${mirror.name}: State change failed: (-15) Need a connection to start verify or resync`);
  if (link.sync !== null)
    throw new ToolEnd(EXIT_STATE_CHANGE, `${mirror.name}: State change failed: (-8) Can not start OV/resync since it is already active`);
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, call.cluster.slug);
    const own = mirrorOf(cluster, mirror.name);
    const line = own.links.find(({ a, b }) => a === link.a && b === link.b);
    if (line) takeFromPeer(scene, cluster, own, line, call.node.name, isWhole);
  });
  return done();
}
