// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Age, Since } from "@/components/live/Age";
import { standingOf } from "@/components/live/standing";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatPace } from "@/components/ui/format";
import { StateWord, type Worded } from "@/components/ui/StateWord";

/** Everything that is read on a node: how, how often, how old, and why not where it cannot be read. */
export function SourcesTable({ slug, sources }: { slug: string; sources: readonly EntityOf<"source">[] }) {
  if (sources.length === 0) return <p className="remark d3">nothing has been read here yet</p>;
  return (
    <table className="p src">
      <caption className="sr">What is read on this node</caption>
      <ColumnHeads names={["Read", "From", "How it went"]} />
      <tbody>
        {sources.map((source) => (
          <tr key={source.source}>
            <th scope="row">{SOURCE_WORDS[source.source].name}</th>
            <td>
              {source.how}
              {source.everyMs !== null && source.freshness !== "recorded" && `, every ${formatPace(source.everyMs)}`}
            </td>
            <td>
              <Outcome slug={slug} source={source} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Outcome({ slug, source }: { slug: string; source: EntityOf<"source"> }) {
  const of = keyOf.source(source.node, source.source);
  const standing = standingOf(source);
  return (
    <>
      <StateWord small said={outcomeOf(standing, source.status)} />{" "}
      {standing.is === "old" ? (
        <span className="age is-old">
          <Since atMs={standing.sinceMs} />
        </span>
      ) : (
        standing.is !== "pending" && <Age slug={slug} of={of} />
      )}
      {source.error && <small>{source.error.message}</small>}
      {source.unread.map(({ what, message }) => (
        <small key={what}>
          {what}: {message}
        </small>
      ))}
    </>
  );
}

export function outcomeOf(standing: ReturnType<typeof standingOf>, status: EntityOf<"source">["status"]): Worded {
  switch (standing.is) {
    case "fresh":
      return { level: "ok", word: "read" };
    case "absent":
      return { level: "absent", word: "not on this node" };
    case "pending":
      return { level: "unknown", word: "not read yet" };
    case "failed":
      return { level: "unknown", word: "could not read it" };
    case "old":
      return { level: "old", word: status === "failed" ? "cannot be read" : "not read" };
  }
}
