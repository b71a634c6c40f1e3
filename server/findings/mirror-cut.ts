// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, MirrorPair, Said } from "@/agent/protocol/console/view";
import { NO_GOOD_COPY } from "@/server/cluster/mirrors";
import { rankOf } from "@/server/cluster/said";
import { SPLIT_BRAIN } from "@/server/cluster/split-brain";
import { asSentence, joinWords } from "@/server/cluster/words";
import { openDisconnect } from "@/server/repair/runs";
import { defineRule, every, goneNodes, mirrorName, silentNodes, type ViewSoFar } from "./define";
import { aboutOf, OVER, STILL_SO } from "./standing";

function todoOf(said: Said | undefined): string {
  // StandAlone is left by hand only; everything else connects by itself when it can.
  return said?.level === "bad" || said?.why?.includes("StandAlone")
    ? "Look for “Split-Brain detected” in both kernel logs before connecting them again."
    : "Look at the line between them, and whether DRBD is up on both.";
}

/** Two nodes do not replicate. Told once per pair of nodes; where only one good copy is left, that finding tells it unless this is worse. */
export const mirrorCut = defineRule({
  name: "mirror-cut",
  doc: {
    area: "mirrors",
    title: "Two nodes do not replicate; split brain",
    means: "The line of a mirror is cut. Proven split brain: DRBD itself said so, or both sides wrote. Suspected: a side is StandAlone.",
    levels: ["risk", "bad"],
    fires: "Both sides are heard and the pair is not connected; worse when both are Primary, or a kernel log holds Split-Brain detected.",
    not: "A node that is gone (that is its finding), one let go for a repair, and StandAlone alone is no proof.",
    todo: "Look for Split-Brain detected in both logs before connecting; the mirror's page has the steps.",
    needs: [3, 23, 25],
  },
  find(view) {
    const gone = goneNodes(view);
    const silent = silentNodes(view);
    const byPair = new Map<string, { key: string; mirror: EntityOf<"mirror">; pair: MirrorPair }[]>();
    for (const [key, mirror] of every(view, "mirror")) {
      for (const pair of mirror.pairs) {
        if (pair.line !== "cut" || (pair.said.level !== "risk" && pair.said.level !== "bad")) continue;
        if (gone.has(pair.a) || gone.has(pair.b)) continue;
        // Let go on purpose, for a repair: that is told by itself.
        if (isLetGoForRepair(view, mirror, pair)) continue;
        if (pair.said.level === "risk" && (mirror.onlyHolder || mirror.said.word === NO_GOOD_COPY)) continue;
        const id = `${pair.a}+${pair.b}`;
        byPair.set(id, [...(byPair.get(id) ?? []), { key, mirror, pair }]);
      }
    }
    return [...byPair].map(([id, cut]) => {
      const names = joinWords(cut.map(({ mirror }) => mirrorName(mirror)));
      const [lead] = [...cut].sort((x, y) => rankOf(x.pair.said.level) - rankOf(y.pair.said.level));
      const writers = (lead?.mirror.copies ?? []).filter((copy) => copy.role === "Primary").map(({ node }) => node);
      const isTorn = writers.length > 1;
      const isSilent = lead !== undefined && (silent.has(lead.pair.a) || silent.has(lead.pair.b));
      const isSplit = lead?.pair.said.word === SPLIT_BRAIN;
      const torn = joinWords(cut.filter(({ pair }) => pair.said.word === SPLIT_BRAIN).map(({ mirror }) => mirrorName(mirror)));
      const both = isTorn ? ` ${joinWords(writers)} are both Primary: each may be writing its own data.` : "";
      return {
        id: `mirror-cut:${id}`,
        level: isTorn ? ("bad" as const) : (lead?.pair.said.level ?? ("risk" as const)),
        title: isSplit
          ? `Split brain: ${joinWords(id.split("+"))} hold different data of ${torn}`
          : `${joinWords(id.split("+"))} do not replicate ${names}`,
        ...(isSplit ? { headline: `split brain, ${joinWords(id.split("+"))} hold different data of ${torn}` } : {}),
        why: `${lead?.pair.said.why ?? asSentence(lead?.pair.said.word ?? "")}${both}`,
        todo: isSplit
          ? "The mirror's page has the steps. Do not connect or promote anything before they are decided."
          : isSilent
            ? null
            : todoOf(lead?.pair.said),
        about: cut.map(({ key }) => key),
      };
    });
  },
  // A line that is let go for a repair, or leaves only one good copy, is as cut as before: that is told instead.
  over: (id, view) => {
    const pairs = every(view, "mirror").flatMap(([, mirror]) => mirror.pairs.filter(({ a, b }) => `${a}+${b}` === aboutOf(id)));
    return pairs.some(({ line, said }) => line === "cut" && (said.level === "risk" || said.level === "bad")) ? STILL_SO : OVER;
  },
});

function isLetGoForRepair(view: ViewSoFar, { resource, volume }: EntityOf<"mirror">, { a, b, said }: MirrorPair): boolean {
  const ask = { resource, volume, from: a, to: b };
  return said.level === "risk" && (openDisconnect(view, ask) ?? openDisconnect(view, { ...ask, from: b, to: a })) !== null;
}
