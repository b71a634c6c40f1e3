// SPDX-License-Identifier: Apache-2.0
import { clusterOf, type Fleet, memberOf, nodeOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { tells } from "../harness/screens";
import { AGAIN, type FaultCase, HELD_MS, inSync, ofFault, SILENCE, type Stage } from "./case";
import { SET_UP_LANES } from "./set-up";

const session = (fleet: Fleet) => nodeOf(fleet, "hv01").node.iscsi?.sessions.find(({ id }) => id === 1);

function standby(slug: string, name: string, isWanted: boolean) {
  return ({ change }: Stage) =>
    change((scene) => {
      const cluster = clusterOf(scene.fleet, slug);
      const member = memberOf(cluster, name);
      if (member) member.isStandby = isWanted;
      touch(scene, cluster);
    });
}

/** No line of a kernel and no bell of `ip monitor` tells of it. */
function unheardPort(isUp: boolean) {
  return ({ change }: Stage) =>
    change(({ fleet }) => {
      for (const { members } of nodeOf(fleet, "crystal").node.bonds) for (const port of members) if (port.name === "e1p2") port.isUp = isUp;
    });
}

const isArrayWhole = (fleet: Fleet) => nodeOf(fleet, "hv06").node.arrays.every(({ legs }) => legs.every(({ state }) => state === "inSync"));

/** What may happen side by side without getting in each other's way: each lane in its order. */
export const LANES: readonly (readonly FaultCase[])[] = [
  ...SET_UP_LANES,
  [
    {
      ...ofFault("san-a", "disconnect", "ruby", "mail"),
      ...{ shows: tells(/do not replicate .*mail|nly \w+ holds .*mail/), paceMs: 0, share: 1, isGone: inSync("san-a", "mail") },
    },
    {
      ...ofFault("san-a", "split-brain", "ruby", "mail"),
      ...{ shows: tells(/Split brain: .* of mail/), paceMs: 0, share: 0.1, isCalm: inSync("san-a", "mail") },
    },
    {
      ...ofFault("san-a", "run-verify", "ruby", "mail"),
      ...{ paceMs: 0, share: 0.1 },
      shows: (shown) =>
        [...shown.values()].some((one) => one.kind === "mirror" && one.pairs.some(({ progress }) => progress?.kind === "verify")),
    },
  ],
  [
    {
      ...{ cluster: "san-a", name: "port down, unheard", make: unheardPort(false), mend: unheardPort(true) },
      ...{ shows: tells(/^crystal: idmz has 3 of 4 ports/), paceMs: 2_000, share: 1 },
    },
  ],
  [
    { ...ofFault("san-a", "pull-cable", "ruby", "e3p3"), shows: tells(/^ruby: idmz has 3 of 4 ports/), paceMs: 0, share: 0.3 },
    { ...ofFault("san-a", "lose-port", "ruby", "e3p2"), shows: tells(/^ruby: e3p2 missing from idmz1/), paceMs: 0, share: 0.2 },
    {
      ...ofFault("san-a", "cut-ring", "ruby", "crystal", "1"),
      ...{ shows: tells(/^Ring 1 between crystal and ruby is down/), paceMs: 3_000, share: 0.2 },
    },
  ],
  [
    {
      ...ofFault("san-a", "lose-session", "hv01", "session1"),
      ...{ shows: tells(/^hv01: session1 .*FAILED/), paceMs: 5_000, share: 0.1 },
      isThere: (fleet) => session(fleet)?.state === "FAILED",
      isGone: (fleet) => session(fleet)?.state === "LOGGED_IN" && session(fleet)?.isConnected === true,
    },
    { ...ofFault("san-a", "drop-portal", "p_target_o1"), shows: tells(/^ruby: target .*:o1 has no portal/), paceMs: 5_000, share: 0.1 },
    {
      ...ofFault("san-a", "remount-ro", "crystal", "/srv/mail"),
      ...{ shows: tells(/^crystal: \/srv\/mail went read-only/), paceMs: 5_000, share: 0.1 },
    },
    { ...ofFault("san-a", "slow-disk", "ruby"), shows: tells(/^ruby waits for its disks/), paceMs: 5_000, share: 0.1 },
  ],
  [
    {
      ...{
        cluster: "attic",
        name: "standby, without a bell",
        make: standby("attic", "glouton", true),
        mend: standby("attic", "glouton", false),
      },
      ...{ shows: tells(/^glouton is in standby/), paceMs: 5_000, share: 0.1 },
    },
    {
      ...ofFault("attic", "cut-agent", "hv05"),
      ...{ shows: tells(/^No word from hv05/), paceMs: 0, share: 0.1, settling: SILENCE, settlingOfEnd: AGAIN, restMs: HELD_MS },
    },
    {
      ...ofFault("attic", "disconnect", "jade", "scans"),
      ...{ shows: tells(/do not replicate .*scans|nly \w+ holds .*scans/), paceMs: 0, share: 0.2, isGone: inSync("attic", "scans") },
    },
    {
      ...ofFault("attic", "fail-leg", "hv06", "e11.6"),
      ...{ shows: tells(/^hv06: md0 .*has 1 of 2 legs/), paceMs: 5_000, share: 0.06, isGone: isArrayWhole },
    },
  ],
  [
    {
      ...{ cluster: "north", name: "standby", make: standby("north", "tromso", true), mend: standby("north", "tromso", false) },
      ...{ shows: tells(/^tromso is in standby/), paceMs: 0, share: 1 },
    },
    {
      ...ofFault("north", "disconnect", "bergen", "spool"),
      ...{ shows: tells(/do not replicate .*spool|nly \w+ holds .*spool/), paceMs: 0, share: 0.3, isGone: inSync("north", "spool") },
    },
    { ...ofFault("north", "fail-device", "tromso", "vdc"), shows: tells(/^tromso: pool backup: degraded/), paceMs: 5_000, share: 0.1 },
    { ...ofFault("north", "forbid-tool", "tromso", "zpool"), shows: tells(/^ZFS on tromso cannot be read/), paceMs: 5_000, share: 0.06 },
    {
      ...ofFault("north", "hang-tool", "tromso", "zpool"),
      ...{ shows: tells(/^ZFS on tromso cannot be read/), paceMs: 5_000, share: 0.04 },
      settling: { ms: 4_000, why: "4 s that zpool is waited for" },
    },
    { ...ofFault("north", "step-clock", "narvik", "3600"), shows: tells(/^narvik's clock is 1\sh ahead/), paceMs: 1_000, share: 0.1 },
    {
      ...ofFault("north", "full-journal", "tromso"),
      ...{ shows: tells(/^No word from tromso/), paceMs: 0, share: 0.04, settling: SILENCE, settlingOfEnd: AGAIN, restMs: HELD_MS },
    },
  ],
];
