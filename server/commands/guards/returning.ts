// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { defineGuard } from "../define";
import { mirrorsOn } from "../look";

/** A node that is taken back counts for its mirrors only once it is synced: until then no other one may go. */
export const mirrorsResyncFirst = defineGuard({
  name: "mirrors-resync-first",
  number: "3.11",
  check({ view, touched }) {
    const { to } = touched;
    if (to === null) return [];
    const behind = mirrorsOn(view, to).filter(([, { holders = [] }]) => !holders.includes(to));
    if (behind.length === 0) return [];
    const names = joinWords(behind.map(([, mirror]) => mirrorName(mirror)));
    const message = `${names} ${behind.length === 1 ? "has" : "have"} to resync to ${to} first: until that is done no other node may go.`;
    return [{ level: "warn", message, about: [...behind.map(([key]) => key), keyOf.node(to)] }];
  },
});
