// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { useState } from "react";
import type { AgentList } from "@/agent/protocol/console/api";
import type { EntityOf } from "@/agent/protocol/console/view";
import { When } from "@/components/live/Age";
import { isHeard } from "@/components/live/standing";
import { Env } from "@/components/ui/Env";
import { Field } from "@/components/ui/Field";
import { StateWord } from "@/components/ui/StateWord";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";
import { LastWord } from "./AgentsTable";
import { Asked } from "./Asked";
import { EndTrust } from "./EndTrust";
import { LINKS } from "./links";
import { ReadsTable } from "./ReadsTable";

type Agent = AgentList["agents"][number];

export interface NodeSettingsViewProps {
  slug: string;
  name: string;
  cluster: EntityOf<"cluster"> | undefined;
  sources: readonly EntityOf<"source">[];
  /** The node as it is heard; undefined while it is not known. */
  node: EntityOf<"node"> | undefined;
  /** Null while it is asked for; "none" when no agent is trusted there. */
  agent: Agent | "none" | null;
  error: Error | null;
  onLabel: (id: string, label: string | null) => Promise<unknown>;
  onEndTrust: (id: string) => Promise<unknown>;
}

/** One node as it is set up here: its agent, what people call it, and what it can read. */
export function NodeSettingsView({ slug, name, cluster, sources, node, agent, error, onLabel, onEndTrust }: NodeSettingsViewProps) {
  const [doing, setDoing] = useState<"label" | "endTrust" | null>(null);
  const close = () => setDoing(null);
  return (
    <>
      <p className="s12 d3">
        <Link className="go" href="/settings/nodes">
          Nodes
        </Link>{" "}
        in {cluster?.title ?? slug} <Env environment={cluster?.environment ?? null} />
      </p>
      <h1>{name}</h1>
      <section aria-labelledby="agent">
        <h2 id="agent">Its agent</h2>
        <Asked answer={agent} error={error}>
          {(known) => (known === "none" ? <NoAgent name={name} /> : <AgentFacts agent={known} node={node} onDo={setDoing} />)}
        </Asked>
      </section>
      <section aria-labelledby="reads">
        <h2 id="reads">What it can read</h2>
        <p className="d2">
          Live from the agent. <code>quarterdeck-agent explain</code> on the node says the same, also without a console. What is not on this
          node needs nothing, unless it should be there.
        </p>
        <ReadsTable slug={slug} sources={sources} />
      </section>
      <section aria-labelledby="rename">
        <h2 id="rename">Another name</h2>
        <p className="d2">
          {name} is what the node calls itself and what its agent signs with, so it is not changed here. For what people call the machine
          there is the label. When the host itself was renamed: <Link href="/settings/nodes">make a command</Link> for the new name, run it
          on the node, then end the trust in {name}; the history of {name} stays under its name.
        </p>
      </section>
      {agent !== null && agent !== "none" && doing === "label" && <Label agent={agent} onLabel={onLabel} onClose={close} />}
      {agent !== null && agent !== "none" && doing === "endTrust" && <EndTrust agent={agent} onEndTrust={onEndTrust} onClose={close} />}
    </>
  );
}

function NoAgent({ name }: { name: string }) {
  return (
    <p className="d2">
      No agent on {name} is trusted here.{" "}
      <Link className="go" href="/settings/nodes">
        Make a command to enrol it
      </Link>
    </p>
  );
}

interface AgentFactsProps {
  agent: Agent;
  node: EntityOf<"node"> | undefined;
  onDo: (what: "label" | "endTrust") => void;
}

function AgentFacts({ agent, node, onDo }: AgentFactsProps) {
  return (
    <>
      <dl className="f">
        <div>
          <dt>Label</dt>
          <dd>{agent.label ?? <span className="d3">none</span>}</dd>
        </div>
        <div>
          <dt>Link</dt>
          <dd>
            <StateWord said={LINKS[agent.link]} />
          </dd>
        </div>
        <div>
          <dt>Last word</dt>
          <dd className="in-line">
            <LastWord agent={agent} />
          </dd>
        </div>
        <div>
          <dt>Role</dt>
          <dd>{agent.role === "member" ? "member: runs Pacemaker or DRBD" : "client: only uses the storage"}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>{agent.agentVersion ?? <span className="d3">not said</span>}</dd>
        </div>
        <div>
          <dt>Enrolled</dt>
          <dd>
            <When atMs={agent.enrolledAtMs} />
            {agent.enrolledBy === null ? <span className="d3">, by whom was not kept</span> : `, by ${agent.enrolledBy}`}
          </dd>
        </div>
        <div>
          <dt>May do</dt>
          <dd>
            <MayDo node={node} />
          </dd>
        </div>
      </dl>
      <p className="acts">
        <Act word="Label…" label={`Change the label of ${agent.node}…`} onClick={() => onDo("label")} />
        <Act word="End trust…" label={`End trust in the agent on ${agent.node}…`} onClick={() => onDo("endTrust")} />
      </p>
    </>
  );
}

/** What the node's own policy file lets the console do there, as its agent last said. */
function MayDo({ node }: { node: EntityOf<"node"> | undefined }) {
  if (node?.steps === undefined) return <span className="d3">not said</span>;
  const isHeardNow = isHeard(node.link);
  return (
    <>
      {node.steps.length === 0 ? "nothing: this agent only reads" : node.steps.join(", ")}
      {!isHeardNow && <small>when it was last heard</small>}
      <small>
        by its own policy file, which <code>quarterdeck-agent explain</code> names
      </small>
    </>
  );
}

interface LabelProps {
  agent: Agent;
  onLabel: (id: string, label: string | null) => Promise<unknown>;
  onClose: () => void;
}

function Label({ agent, onLabel, onClose }: LabelProps) {
  return (
    <ActDialog
      title={`Label of ${agent.node}`}
      verb="Save the label"
      onAct={(form) => onLabel(agent.id, form("label").trim() || null)}
      onClose={onClose}
    >
      <Field
        label="Label"
        name="label"
        maxLength={60}
        defaultValue={agent.label ?? ""}
        hint={`Shown beside ${agent.node}: a place, an inventory number. Empty for none.`}
      />
    </ActDialog>
  );
}
