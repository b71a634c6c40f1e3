// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { StateWord } from "@/components/ui/StateWord";
import { defineLayer } from "./define";

type Rings = readonly Entry<"ring">[];
type Pair = EntityOf<"ring">["pairs"][number];

/** Corosync's rings: each node's own address on them, and between the nodes who hears whom. */
export const rings = defineLayer({
  name: "Rings",
  place: "network",
  source: "corosync",
  what: "rings",
  kind: "ring",
  isAt: ({ ends }, node) => ends.some((end) => end.node === node),
  Cell: memo(Ends),
  Between: memo(Between),
});

function Ends({ entries, node }: { entries: Rings; node: string }) {
  return (
    <ul className="rings">
      {entries.map(([key, { link, ends }]) => {
        const end = ends.find((one) => one.node === node);
        return (
          <li key={key}>
            <span className="d3">ring {link}</span> <code>{end ? (end.address ?? "address not said") : "not on it"}</code>
            {end && end.said.level !== "ok" && <StateWord small said={end.said} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Between two nodes a wire per ring; among more, a line per ring with the pairs that are not well. */
function Between({ entries, nodes }: { entries: Rings; nodes: string }) {
  const names = nodes.split(" ");
  return (
    <ul className={names.length === 2 ? "rings wires" : "rings"}>
      {entries.map(([key, { link, said, pairs, ends }]) => {
        const word = /^\d/.test(said.word) ? `ring ${link}: ${said.word}` : `ring ${link} ${said.word}`;
        if (names.length === 2)
          return (
            <li key={key} className={`wire ${LINES[said.level] ?? "w-cut"}`} style={{ "--c": COLOURS[said.level] }}>
              <span>{said.level === "ok" ? word : <StateWord small said={{ level: said.level, word }} />}</span>
            </li>
          );
        const amiss = pairs.filter((pair) => pair.said.level !== "ok");
        return (
          <li key={key}>
            <StateWord small said={{ level: said.level, word }} />
            {amiss.length === 0 && said.level === "ok" && <span className="d3 s12">between all {ends.length}</span>}
            {amiss.map((pair) => (
              <span key={`${pair.a} ${pair.b}`} className="s12 d2">
                {sayPair(pair)}
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

/** "bergen and narvik: down", or the sentence that names both already. */
function sayPair({ a, b, said }: Pair): string {
  return said.word.includes(a) && said.word.includes(b) ? said.word : `${a} and ${b}: ${said.word}`;
}

const LINES: Partial<Record<string, string>> = { ok: "w-connected", old: "w-old", unknown: "w-old" };
const COLOURS: Partial<Record<string, string>> = { bad: "var(--bad)", risk: "var(--risk)" };
