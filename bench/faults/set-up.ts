// SPDX-License-Identifier: Apache-2.0
import { tells } from "../harness/screens";
import { type FaultCase, ofFault } from "./case";

/** What somebody set up wrongly, each lane where no other lane looks. */
export const SET_UP_LANES: readonly (readonly FaultCase[])[] = [
  [
    { ...ofFault("san-a", "ban-fencing", "crystal"), shows: tells(/^No other node may fence crystal/), paceMs: 0, share: 0.3 },
    { ...ofFault("san-a", "shrink-mtu", "ruby", "e2p3"), shows: tells(/^ruby: e2p3 is smaller/), paceMs: 5_000, share: 0.1 },
    { ...ofFault("san-a", "allow-two", "ruby", "store"), shows: tells(/^store: allow-two-primaries differs/), paceMs: 60_000, share: 0.04 },
  ],
  [
    {
      ...ofFault("attic", "bypass-mirror", "glouton", "archive"),
      shows: tells(/^glouton: vg_archive-root stands on/),
      paceMs: 5_000,
      share: 0.1,
    },
    { ...ofFault("attic", "shrink-mtu", "glouton", "bond0"), shows: tells(/^MTUs 1500 and 9000 along/), paceMs: 5_000, share: 0.1 },
    { ...ofFault("attic", "drift-corosync", "jade"), shows: tells(/^corosync.conf differs: totem.token/), paceMs: 33_000, share: 0.04 },
  ],
  [
    { ...ofFault("north", "break-level", "bergen"), shows: tells(/^Fencing of bergen: level 1 cannot work/), paceMs: 0, share: 0.3 },
    { ...ofFault("north", "drift-corosync", "bergen"), shows: tells(/^corosync.conf differs: totem.token/), paceMs: 30_000, share: 0.04 },
  ],
];
