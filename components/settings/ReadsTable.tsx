// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Age, Since } from "@/components/live/Age";
import { standingOf } from "@/components/live/standing";
import { outcomeOf } from "@/components/node/SourcesTable";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatPace, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { gapsOf } from "./what-next";

/** What can be read on a node and what not, why, and what to do about it. Live. */
export function ReadsTable({ slug, sources }: { slug: string; sources: readonly EntityOf<"source">[] }) {
  if (sources.length === 0) return <p className="remark d3">nothing has been read here yet</p>;
  return (
    <table className="p cards">
      <ColumnHeads names={["Source", "Reads", "State", "Why, and what next"]} />
      <tbody>
        {sources.map((source) => (
          <tr key={source.source}>
            <th scope="row">{SOURCE_WORDS[source.source].name}</th>
            <td data-th="Reads" className="d2">
              {source.how}
              {source.everyMs !== null && <small>every {formatPace(source.everyMs)}</small>}
            </td>
            <td data-th="State">
              <State slug={slug} source={source} />
            </td>
            <td data-th="Why, and what next">
              <Why source={source} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ slug, source }: { slug: string; source: EntityOf<"source"> }) {
  const standing = standingOf(source);
  return (
    <>
      <StateWord said={outcomeOf(standing, source.status)} />{" "}
      {standing.is === "old" ? (
        <span className="age is-old">
          <Since atMs={standing.sinceMs} />
        </span>
      ) : (
        standing.is !== "pending" && <Age slug={slug} of={keyOf.source(source.node, source.source)} />
      )}
    </>
  );
}

function Why({ source }: { source: EntityOf<"source"> }) {
  const gaps = gapsOf(source);
  if (source.status === "pending") return <span className="d3">The agent has not said anything of it yet.</span>;
  // The state says it all: the same sentence in most rows would hide the others.
  if (source.status === "absent" || (gaps.length === 0 && source.freshness === "live")) return null;
  if (gaps.length === 0) return <span className="d3">read whole when it was last heard</span>;
  return (
    <ul className="gaps">
      {gaps.map(({ what, why, next }) => (
        <li key={what ?? ""}>
          {what !== null && <b>{what}: </b>}
          {unbroken(why)} <span className="d3">{next}</span>
        </li>
      ))}
    </ul>
  );
}
