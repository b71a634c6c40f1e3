// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { AuditVerdict } from "@/agent/protocol/console/commands";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { formatCount } from "@/components/ui/format";
import { Icon, type Shape } from "@/components/ui/Icon";

/** Asks the console to compute the chain anew, and the agents which heads they were shown. */
export function ChainCheck({ userRole }: { userRole: UserRole }) {
  const [isAsked, setAsked] = useState(false);
  const verdict = useQuery({
    queryKey: ["audit-verdict"],
    queryFn: () => ask("GET", "/api/v1/audit/verify?agents=1", answers.auditVerdict),
    enabled: isAsked,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (userRole !== "admin") return <p className="d3 s12 chain">Whether the chain is whole can be checked by an admin.</p>;
  return (
    <section className="chain" aria-label="The chain">
      <p className="acts">
        <Button small onClick={() => (isAsked ? verdict.refetch() : setAsked(true))} disabled={verdict.isFetching}>
          {verdict.isFetching ? "checking the chain" : isAsked ? "Check the chain again" : "Check the chain"}
        </Button>
        {!isAsked && (
          <span className="d3 s12">Every entry holds the hash of the one before; the agents keep the heads they were shown.</span>
        )}
      </p>
      <Refusal error={verdict.error} />
      <div role="status">{verdict.data && !verdict.isFetching && <ChainVerdict verdict={verdict.data} />}</div>
    </section>
  );
}

export function ChainVerdict({ verdict: { isWhole, entries, head, faults, agents } }: { verdict: AuditVerdict }) {
  const agreeing = agents.filter(({ agrees }) => agrees === true);
  const others = agents.filter(({ agrees }) => agrees !== true);
  return (
    <>
      <p>
        <Icon shape={isWhole ? "ok" : "bad"} />{" "}
        <b className={isWhole ? "" : "bad"}>{isWhole ? "The chain is whole." : "The chain is broken."}</b>{" "}
        {formatCount(entries, "entry", "entries")}
        {head && (
          <>
            , head {head.seq} <code title={head.hash}>{head.hash.slice(0, 12)}…</code>
          </>
        )}
        .
      </p>
      {faults.length > 0 && (
        <ul className="effects">
          {faults.map((fault) => (
            <li key={fault}>
              <Icon shape="bad" />
              <span>{fault}</span>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && <Agents agents={others} label="Agents that do not agree" />}
      {agreeing.length > 0 && (
        <details>
          <summary>
            <Icon shape="ok" /> {formatCount(agreeing.length, "agent")} {agreeing.length === 1 ? "agrees" : "agree"}
          </summary>
          <Agents agents={agreeing} label="Agents that agree" />
        </details>
      )}
      {agents.length === 0 && <p className="d3">No agent could be asked: what is written here is only held against itself.</p>}
    </>
  );
}

function Agents({ agents, label }: { agents: AuditVerdict["agents"]; label: string }) {
  return (
    <ul className="effects" aria-label={label}>
      {agents.map(({ node, cluster, says, agrees }) => (
        <li key={`${cluster} ${node}`}>
          <Icon shape={shapeOf(agrees)} />
          <span>
            <b>{node}</b> of {cluster}: {says}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** An agent that cannot tell does not agree. */
function shapeOf(agrees: boolean | null): Shape {
  return agrees === null ? "unknown" : agrees ? "ok" : "bad";
}
