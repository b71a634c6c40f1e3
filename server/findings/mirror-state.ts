// SPDX-License-Identifier: Apache-2.0
import { NO_GOOD_COPY } from "@/server/cluster/mirrors";
import { formatPercent } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";
import { isStuck } from "./resync-stuck";

/** A resync runs, waits or lags while more than one good copy is left. */
export const mirrorMoves = defineRule({
  name: "mirror-moves",
  doc: {
    area: "mirrors",
    title: "A resync runs while two copies are good",
    means: "Nothing is at risk; at risk when it is paused or behind.",
    levels: ["busy", "risk"],
    fires: "A resync or a copy that lags, beside another good one.",
    not: "A resync of the only other copy: that is one good copy.",
    todo: "Wait.",
    needs: [14],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) => {
      if (mirror.onlyHolder || mirror.said.word === NO_GOOD_COPY) return [];
      return mirror.pairs.flatMap((pair) => {
        const isBehind = pair.line === "differs" && pair.said.level === "risk";
        // One that does not go on is told by itself.
        if (isStuck(pair)) return [];
        if ((pair.line !== "resync" && !isBehind) || (pair.said.level !== "busy" && pair.said.level !== "risk")) return [];
        const name = mirrorName(mirror);
        return [
          {
            id: `mirror-moves:${name}:${pair.a}+${pair.b}`,
            level: pair.said.level,
            title: `${name}: ${pair.said.word}${pair.progress ? ` ${formatPercent(pair.progress.percent)}` : ""}`,
            why: pair.said.why ?? "The other copies are good meanwhile.",
            todo: null,
            about: [key],
          },
        ];
      });
    });
  },
});

/** Connected, both UpToDate, and still not the same. */
export const mirrorDiffers = defineRule({
  name: "mirror-differs",
  doc: {
    area: "mirrors",
    title: "Out of sync while UpToDate",
    means: "Connected, both UpToDate, and still blocks are marked as different.",
    levels: ["differs"],
    fires: "A side counts out-of-sync bytes while connected and both are UpToDate.",
    not: "A resync or verify that runs.",
    todo: "Find the cause first: the same blocks twice point at a disk. Another verify repairs nothing.",
    needs: [16, 26, 113],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) =>
      mirror.pairs.flatMap((pair) =>
        pair.said.level === "differs"
          ? [
              {
                id: `mirror-differs:${mirrorName(mirror)}:${pair.a}+${pair.b}`,
                level: "differs" as const,
                title: `${mirrorName(mirror)} ${pair.said.word}`,
                why: pair.said.why ?? "Blocks are marked out of sync.",
                todo: "Find the cause before repairing: the same blocks in two verify runs point at a disk, others at buffers changed in flight. Then repair step by step; another verify repairs nothing.",
                about: [key],
              },
            ]
          : [],
      ),
    );
  },
});

/** Words the console does not know, on nodes that are heard: not good, not bad, to be looked at. */
export const mirrorUnknown = defineRule({
  name: "mirror-unknown",
  doc: {
    area: "mirrors",
    title: "A mirror cannot be judged",
    means: "A word that this console does not know, on nodes that are heard.",
    levels: ["unknown"],
    fires: "The mirror's own judgement is unknown though both sides are live.",
    not: "Two sides that do not meet, and silent nodes.",
    todo: "Look at DRBD on the nodes themselves.",
    needs: [25],
  },
  find(view, { told }) {
    // Two sides that do not meet are each alone, and that is why.
    const apart = new Set(told.flatMap(({ rule, about }) => (rule === "mirror-apart" ? about : [])));
    const live = new Set(
      every(view, "source").flatMap(([, source]) =>
        source.source === "drbd" && source.freshness === "live" && source.status === "ok" ? [source.node] : [],
      ),
    );
    return every(view, "mirror").flatMap(([key, mirror]) => {
      if (apart.has(key)) return [];
      if (mirror.said.level !== "unknown" || mirror.onlyHolder || !mirror.copies.every((copy) => copy.drbd === null || live.has(copy.node)))
        return [];
      const name = mirrorName(mirror);
      return [
        {
          id: `mirror-unknown:${name}`,
          level: "unknown" as const,
          title: `${name} cannot be judged: ${mirror.said.word}`,
          why: mirror.said.why ?? "",
          todo: "Look at DRBD on the nodes themselves.",
          about: [key],
        },
      ];
    });
  },
});

/** Two Primaries that the settings do not allow on purpose. */
export const twoPrimaries = defineRule({
  name: "two-primaries",
  doc: {
    area: "mirrors",
    title: "Two Primaries that are not allowed",
    means: "Both sides may write, and the settings do not allow it on purpose.",
    levels: ["risk"],
    fires: "Both roles are Primary, and allow-two-primaries is not set in the settings that were read.",
    not: "allow-two-primaries set: a legal state.",
    todo: "Unless a cluster file system runs on it, make one side Secondary.",
    needs: [11, 30],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) =>
      mirror.said.word === "two Primaries"
        ? [
            {
              id: `two-primaries:${mirrorName(mirror)}`,
              level: "risk" as const,
              title: `${mirrorName(mirror)} is Primary on two nodes`,
              why: mirror.said.why ?? "",
              todo: "Unless a cluster file system runs on it, make one side Secondary.",
              about: [key],
            },
          ]
        : [],
    );
  },
});
