// SPDX-License-Identifier: Apache-2.0
"use client";
import type { Picture } from "@/components/cluster/picture";
import { EmptyState } from "@/components/ui/EmptyState";
import { StateWord } from "@/components/ui/StateWord";
import { selectPaths } from "./graph";
import { PathsFlow } from "./PathsFlow";
import { PathsList } from "./PathsList";
import { breaksOf } from "./words";
import "./paths.css";

/** What is broken and what stands on it, in words; the picture; and the whole picture in words. */
export function PathsView({ picture }: { picture: Picture }) {
  const graph = selectPaths(picture.of);
  if (graph.parts.length === 0)
    return (
      <EmptyState title="No path is known here">
        <p>A path begins at a device of an AoE or iSCSI initiator, or at a mirror. No node has told of one yet.</p>
      </EmptyState>
    );
  const breaks = breaksOf(graph);
  const unknowns = graph.parts.filter(({ stands }) => stands === "unknown").length;
  return (
    <section className="paths" aria-labelledby="paths-title">
      <h2 id="paths-title">From the clients’ devices down to the disks</h2>
      {breaks.length === 0 ? (
        <p className="d2">
          Nothing known is wrong on any path{unknowns === 0 ? "." : `; of ${unknowns} parts the state is not known, they are dotted.`}
        </p>
      ) : (
        <ul className="breaks" aria-label="Where paths are broken or at risk">
          {breaks.map(({ name, said, takes }) => (
            <li key={name}>
              <b>{name}</b> <StateWord said={said} />
              {takes.length > 0 && <span className="d3">, and because of it {takes.join(", ")}</span>}
            </li>
          ))}
        </ul>
      )}
      <PathsFlow graph={graph} />
      <PathsList graph={graph} />
    </section>
  );
}
