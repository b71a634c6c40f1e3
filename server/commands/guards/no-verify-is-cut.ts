// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { defineGuard } from "../define";
import { touchedMirrors } from "../look";

/** A verify that loses its peer is aborted: what it compared so far proves nothing. */
export const noVerifyIsCut = defineGuard({
  name: "no-verify-is-cut",
  number: "1.11",
  check(context) {
    const { from, isWholeNode } = context.touched;
    if (from === null || !isWholeNode) return [];
    const running = touchedMirrors(context).filter(([, { pairs }]) =>
      pairs.some(({ a, b, line }) => line === "verify" && [a, b].includes(from)),
    );
    if (running.length === 0) return [];
    const names = joinWords(running.map(([, mirror]) => mirrorName(mirror)));
    const message = `A verify of ${names} runs: it would be aborted, and would prove nothing. Wait until it has ended.`;
    return [{ level: "warn", message, about: running.map(([key]) => key) }];
  },
});
