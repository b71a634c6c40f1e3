// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { roleIs } from "@/server/cluster/service-roles";
import { every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isDrbd, type Mirror, mirrorsNamedBy, nodeOf, type Resource, touchedMirrors, touchedResources } from "../look";
import { copyWords } from "./other-copy-is-up-to-date";
import { endOf } from "./simulation";

/** Agents that stand on a block device, where DRBD is nobody's resource. */
const ON_A_DEVICE = /:(Filesystem|LVM|LVM-activate|iSCSITarget|iSCSILogicalUnit|ZFS|AoEtarget|exportfs|Raid1|mdraid)$/;

/** The mirrors that would become Primary on the target. */
function promotedMirrors(context: GuardContext, to: string): readonly [string, Mirror][] {
  const { view, preview, touched } = context;
  const all = touchedMirrors(context);
  const drbds = every(view, "resource").flatMap(([, resource]) => (isDrbd(resource) ? [resource] : []));
  if (drbds.length === 0) return touchedResources(context).some(({ agent }) => agent !== null && ON_A_DEVICE.test(agent)) ? all : [];
  const end = endOf(context);
  const isMeant = (resource: Resource) => {
    // Before there is a simulation only what is named itself is known to go.
    if (preview === null || end === null) return touchedResources(context).includes(resource);
    const isThereNow = resource.places.some(({ node, role }) => node === to && roleIs(role) === "promoted");
    return !isThereNow && (end.get(resource.id) ?? []).some(({ node, role }) => node === to && roleIs(role) === "promoted");
  };
  const meant = drbds.filter(isMeant);
  const named = new Map(meant.flatMap((resource) => mirrorsNamedBy(view, resource)));
  // A resource whose id does not say which mirror it is may be any of them.
  if (meant.some((resource) => mirrorsNamedBy(view, resource).length === 0)) return all;
  return touched.isWholeNode ? all : [...named];
}

/** A service on a mirror goes only where the mirror is complete and connected. */
export const targetHoldsTheMirror = defineGuard({
  name: "target-holds-the-mirror",
  number: "4.2",
  check(context) {
    const { view, touched } = context;
    const { to } = touched;
    if (to === null || !nodeOf(view, to)) return [];
    return promotedMirrors(context, to).flatMap(([key, mirror]): Found[] => {
      if ((mirror.holders ?? []).includes(to)) return [];
      const name = mirrorName(mirror);
      const copy = mirror.copies.find(({ node }) => node === to);
      const about = [key, keyOf.node(to)];
      if (!copy) return [{ level: "block", message: `${to} has no copy of ${name}: nothing that stands on it can run there.`, about }];
      const how = copyWords(context, mirror, copy);
      return [{ level: "type", message: `${to} has no complete copy of ${name}: ${how}. Wait until it is synced and connected.`, about }];
    });
  },
});
