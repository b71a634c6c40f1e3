// SPDX-License-Identifier: Apache-2.0
import { advanceAoe } from "./aoe-life";
import { joinCorosync, joinPacemaker, loseMember } from "./cluster-life";
import { advanceMirrors, agreeLink, findLink, loseLink } from "./drbd-life";
import { fenceMember } from "./fence-life";
import { advanceIscsi } from "./iscsi-life";
import { advanceArrays } from "./md-life";
import { clusterOf, type Due, type Fleet, type Trace } from "./model";
import { bootNode, finishBoot } from "./power";
import type { Scene } from "./scene";
import { stepServices } from "./service-life";

/** The world a moment later, and what that moment left behind. The given fleet stays as it is. */
export function tick(fleet: Fleet, dtMs: number): { fleet: Fleet; traces: Trace[] } {
  return play(fleet, (scene) => advanceTo(scene, scene.fleet.atMs + dtMs));
}

/** Does something to a copy of the world, at its own time. */
export function play(fleet: Fleet, change: (scene: Scene) => void): { fleet: Fleet; traces: Trace[] } {
  const scene: Scene = { fleet: structuredClone(fleet), traces: [] };
  change(scene);
  return scene;
}

function advanceTo(scene: Scene, untilMs: number): void {
  for (;;) {
    const next = earliest(scene.fleet.agenda);
    if (next === null || next.atMs > untilMs) break;
    scene.fleet.agenda.splice(scene.fleet.agenda.indexOf(next), 1);
    advance(scene, next.atMs);
    perform(scene, next);
  }
  advance(scene, untilMs);
}

function earliest(agenda: readonly Due[]): Due | null {
  return agenda.reduce<Due | null>((first, due) => (first === null || due.atMs < first.atMs ? due : first), null);
}

function advance(scene: Scene, untilMs: number): void {
  const dtMs = untilMs - scene.fleet.atMs;
  if (dtMs <= 0) return;
  scene.fleet.atMs = untilMs;
  for (const cluster of scene.fleet.clusters) {
    advanceMirrors(scene, cluster, dtMs);
    advanceAoe(scene, cluster, dtMs);
    advanceIscsi(scene, cluster, dtMs);
    advanceArrays(scene, cluster, dtMs);
  }
}

function perform(scene: Scene, { cluster: slug, act }: Due): void {
  const cluster = clusterOf(scene.fleet, slug);
  switch (act.kind) {
    case "linkLost":
      loseLink(scene, cluster, act);
      break;
    case "linkFound":
      findLink(scene, cluster, { mirror: act.mirror, a: act.a, b: act.b });
      break;
    case "linkAgreed":
      agreeLink(scene, cluster, act);
      break;
    case "memberLost":
      loseMember(scene, cluster, act.node);
      break;
    case "memberFenced":
      fenceMember(scene, cluster, act.node);
      break;
    case "poweredOn":
      bootNode(scene, cluster, act.node);
      break;
    case "booted":
      finishBoot(scene, cluster, act.node);
      break;
    case "corosyncJoined":
      joinCorosync(scene, cluster, act.node);
      break;
    case "pacemakerJoined":
      joinPacemaker(scene, cluster, act.node);
      break;
    case "step":
      stepServices(scene, cluster);
      break;
  }
}
