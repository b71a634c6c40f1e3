// SPDX-License-Identifier: Apache-2.0
import { StateWord } from "@/components/ui/StateWord";
import type { PathGraph } from "./graph";
import { type WayLine, wordsOf } from "./words";

/** The same picture as lists: for who cannot see it, and for screens too narrow for it. */
export function PathsList({ graph }: { graph: PathGraph }) {
  return (
    <section className="ways" aria-labelledby="ways-title">
      <h3 id="ways-title">The same in words</h3>
      {wordsOf(graph).map(([top, ...below]) =>
        top === undefined ? null : (
          <div key={top.key}>
            <h4>
              <Line line={top} />
            </h4>
            <ol aria-label={`What ${top.text} stands on`}>
              {below.map((line) => (
                <li key={line.key} style={{ paddingLeft: `${line.depth * 14}px` }}>
                  <Line line={line} />
                </li>
              ))}
            </ol>
          </div>
        ),
      )}
    </section>
  );
}

function Line({ line: { text, about, said, crosses, way, stands, because } }: { line: WayLine }) {
  return (
    <>
      {crosses !== "" && <span className="d3">{crosses}: </span>}
      {way !== null && (
        <>
          <StateWord small said={way} />{" "}
        </>
      )}
      <b>{text}</b>
      {about !== null && <span className="d3"> {about}</span>} <StateWord small said={said} />
      {stands === "break" && <span className="mark">, {said.level === "bad" ? "broken" : "at risk"} here</span>}
      {stands === "consequence" && <span className="d3"> because of {because.join(", ")}</span>}
    </>
  );
}
