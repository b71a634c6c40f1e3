// SPDX-License-Identifier: Apache-2.0

import Link from "next/link";
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { RowRuns, TakeDown } from "@/components/commands/FleetCells";
import { MaintenanceNotes } from "@/components/commands/MaintenanceNotes";
import { Age, When } from "@/components/live/Age";
import { Env } from "@/components/ui/Env";
import { formatCount, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { worstFirst } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import { ProofOfAll } from "@/components/verify/Proof";
import { toldByHeadline } from "./findings";
import { type FleetCluster, isCalm, levelOf, sayAll } from "./fleet";
import { MirrorLine } from "./MirrorLine";

const FINDINGS_SHOWN = 3;
const MIRRORS_SHOWN = 6;
const NODES_SHOWN = 6;

/** One cluster: a troubled one takes the lines it needs, a calm one takes one. */
export const ClusterRow = memo(function ClusterRow({ one, mayEnrol = false }: { one: FleetCluster; mayEnrol?: boolean }) {
  if (isCalm(one)) return <CalmRow one={one} />;
  const { slug, cluster, nodes, mirrors, verifies } = one;
  const told = toldByHeadline(cluster, one.findings);
  // What the headline tells, and what the strip above it tells, is not told again.
  const findings = one.findings.filter((line) => line !== told && line.finding.rule !== "maintenance");
  const level = levelOf(one);
  // While one agent is heard the row is not old: its silent nodes say so themselves.
  const isOld = (level === "old" || level === "unknown") && nodes.every(([, node]) => node.link !== "live");
  const byRole = [...nodes].sort(([, a], [, b]) => Number(a.role === "client") - Number(b.role === "client"));
  const urgent = nodes.length > NODES_SHOWN ? byRole.sort(([, a], [, b]) => worstFirst(a.state.level, b.state.level)) : byRole;
  const plates = urgent.slice(0, NODES_SHOWN);
  const folded = urgent.slice(NODES_SHOWN);
  const more = findings.length - FINDINGS_SHOWN;
  const shown = [...mirrors].sort(([, a], [, b]) => worstFirst(a.said.level, b.said.level)).slice(0, MIRRORS_SHOWN);
  return (
    <article className={isOld ? "cl faded" : "cl"} aria-label={cluster?.title ?? slug}>
      <MaintenanceNotes maintenances={one.maintenances} />
      <Name one={one} />
      <div className="verdict-of">
        <p className="say">
          <Icon shape={level} />
          <span>{unbroken(cluster?.headline.word) ?? "Nothing is known of it yet"}</span>
        </p>
        {cluster && (cluster.headline.why || cluster.sinceMs !== null) && (
          <p className="why">
            {unbroken(cluster.headline.why)}{" "}
            {cluster.sinceMs !== null && (
              <span className="d3 nw">
                Since <When atMs={cluster.sinceMs} />.
              </span>
            )}
          </p>
        )}
        {told?.finding.alert?.acknowledged && <p className="d2 s12">{told.finding.alert.acknowledged.by} is at it</p>}
        {cluster?.rulesOff && (
          <p className="d2 s12">
            {formatCount(cluster.rulesOff.length, "rule")} {cluster.rulesOff.length === 1 ? "is" : "are"} switched off
          </p>
        )}
        <RowRuns runs={one.runs} />
        {findings.length > 0 && (
          <ul className="find">
            {findings.slice(0, FINDINGS_SHOWN).map(({ key, level: its, finding, within }, index) => (
              <li key={key}>
                <Icon shape={its} />
                <span>
                  {unbroken(finding.title)}
                  {finding.alert?.acknowledged && <span className="d3">: {finding.alert.acknowledged.by} is at it</span>}
                  {within.length > 0 && <span className="d3">, and what follows from it</span>}
                  {more > 0 && index === FINDINGS_SHOWN - 1 && <span className="d3"> and {more} more</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="nodes">
        {plates.map(([key, node]) => (
          <NodePlate key={key} slug={slug} of={key} node={node} />
        ))}
        {folded.length > 0 && (
          <p className="d3">
            and{" "}
            {sayAll(
              "more node",
              folded.map(([, node]) => node.state.word),
            )}
          </p>
        )}
        {nodes.length === 0 && (
          <p className="d3">
            no node enrolled yet
            {mayEnrol && (
              <>
                {" "}
                <Link className="go" href="/settings/nodes">
                  Add a node
                </Link>
              </>
            )}
          </p>
        )}
        <p>
          <TakeDown verdicts={one.verdicts} />
        </p>
      </div>
      <div className="mirrors">
        {shown.map(([key, mirror]) => (
          <MirrorLine
            key={key}
            mirror={mirror}
            verify={verifies.find(([its]) => its === keyOf.verify(mirror.resource, mirror.volume))?.[1]}
            href={`/c/${slug}/drbd/${encodeURIComponent(mirror.resource)}`}
          />
        ))}
        {mirrors.length > MIRRORS_SHOWN && <p className="d3 s12">and {mirrors.length - MIRRORS_SHOWN} more</p>}
        {mirrors.length === 0 && <p className="d3 s12">no mirror known</p>}
      </div>
    </article>
  );
});

function Name({ one: { slug, cluster } }: { one: FleetCluster }) {
  return (
    <div className="name">
      <h2>
        <Link href={`/c/${slug}`} data-row>
          {cluster?.title ?? slug}
        </Link>{" "}
        <Env environment={cluster?.environment ?? null} />
        {cluster?.madeOf && <small>{cluster.madeOf}</small>}
      </h2>
    </div>
  );
}

function sayRole({ nodes }: FleetCluster, its: EntityOf<"node">["role"], what: string): string {
  return sayAll(
    what,
    nodes.flatMap(([, { role, state }]) => (role === its ? [state.word] : [])),
  );
}

function CalmRow({ one }: { one: FleetCluster }) {
  return (
    <article className="cl calm" aria-label={one.cluster?.title ?? one.slug}>
      <Name one={one} />
      <div className="verdict-of">
        <p className="say">
          <Icon shape="ok" />
          <span>{one.cluster?.headline.word}</span>
          {one.cluster?.rulesOff && <span className="d2 s12">{formatCount(one.cluster.rulesOff.length, "rule")} switched off</span>}
          <TakeDown verdicts={one.verdicts} />
        </p>
      </div>
      <div className="d3">
        {sayRole(one, "member", "node")}
        {one.nodes.some(([, { role }]) => role === "client") && `, ${sayRole(one, "client", "client")}`}
      </div>
      <div className="d3">
        {sayAll(
          "mirror",
          one.mirrors.map(([, mirror]) => mirror.said.word),
        )}
        <ProofOfAll verifies={one.verifies} />
      </div>
    </article>
  );
}

/** Full: up. Part: not as it should be. Empty: held. Dashed: silent. */
export function plateOf({ link, state }: EntityOf<"node">): string {
  if (link !== "live" || state.level === "old") return "plate lost";
  if (state.level === "ok") return "plate up";
  if (state.level === "held") return "plate held";
  if (state.level === "bad") return "plate bad";
  return state.level === "risk" || state.level === "differs" ? "plate risk" : "plate";
}

function NodePlate({ slug, of, node }: { slug: string; of: string; node: EntityOf<"node"> }) {
  return (
    <div className="nd">
      <i className={plateOf(node)} />
      <Link href={`/c/${slug}/n/${node.name}`}>
        <b>{node.name}</b>
      </Link>
      <span className="nd-says">
        <StateWord said={node.state} />
        {node.link !== "live" && (
          <>
            {" "}
            <Age slug={slug} of={of} />
          </>
        )}
      </span>
    </div>
  );
}
