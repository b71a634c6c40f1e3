// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { BondsOf } from "@/components/cluster/BondTree";
import { isOldState, Opinions } from "@/components/cluster/NodeHead";
import type { Picture } from "@/components/cluster/picture";
import { Changes, Findings } from "@/components/cluster/Rail";
import { ServiceList } from "@/components/cluster/ServiceList";
import { serviceRows, servicesOn, speakerFor } from "@/components/cluster/services";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { MaintenanceNotes } from "@/components/commands/MaintenanceNotes";
import { SafetyAnswer } from "@/components/commands/SafetyAnswer";
import { withRoots } from "@/components/fleet/findings";
import { Age, Since } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { isHeard } from "@/components/live/standing";
import { TIMELINE } from "@/components/shell/places";
import { Env } from "@/components/ui/Env";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { KernelLines } from "./KernelLines";
import { NodeFactsList } from "./NodeFactsList";
import { NodeMirrors } from "./NodeMirrors";
import { Sections } from "./Sections";
import { SourcesTable } from "./SourcesTable";

interface NodeViewProps {
  picture: Picture;
  node: EntityOf<"node">;
  kernel: EntityOf<"kernel"> | undefined;
  /** What the console keeps of it; missing: nothing. */
  kept?: ReactNode;
}

/** One node: what it is and carries, what others say of it, what it lets us read, and all of it. */
export function NodeView({ picture, node, kernel, kept }: NodeViewProps) {
  const { slug, sources, cluster } = picture;
  const key = keyOf.node(node.name);
  const rows = servicesOn(serviceRows(picture.of("resource")), node.name);
  const from = picture.of("resource")[0]?.[1].from;
  const bonds = picture.of("bond").flatMap(([, entity]) => (entity.from.node === node.name ? [entity] : []));
  // "node:ruby", and what belongs to it: "bond:ruby/idmz", "source:ruby/drbd", "drbd:store/0@ruby".
  const own = new Set([key, keyOf.corosync(node.name), keyOf.ocfs2(node.name), keyOf.dlm(node.name)]);
  const isOwn = (of: string) => own.has(of) || of.slice(of.indexOf(":") + 1).startsWith(`${node.name}/`) || of.endsWith(`@${node.name}`);
  const findings = withRoots(picture.of("finding"), ({ about }) => about.some(isOwn));
  const sourceOf = (source: SourceName) => {
    const of = keyOf.source(node.name, source);
    return { slug, of, source: sources.get(of) };
  };
  // A client that is up and has lost its disk: that is what matters there.
  const head = node.role === "client" && node.state.level === "ok" && node.carries.level !== "ok" ? node.carries : node.state;
  const pacemaker = from
    ? { slug, of: keyOf.source(from.node, from.source), source: sources.get(keyOf.source(from.node, from.source)) }
    : sourceOf("pacemaker");
  // Why it went is what a person who opens the page of a lost node asks first; else it is history.
  const isLost = !isHeard(node.link) || node.state.level === "bad";
  return (
    <main className="page node-page">
      <MaintenanceNotes maintenances={picture.of("maintenance").filter(([, { node: of }]) => of === null || of === node.name)} />
      <div className="main">
        <section className={isOldState(node) ? "who-is stale" : "who-is"}>
          <p className="q">
            {node.name} {node.label && <span className="s12 d3">{node.label} </span>}
            <Env environment={cluster?.environment ?? null} /> <Age slug={slug} of={key} />
          </p>
          <h1>
            <Icon shape={head.level} />
            <span className={head.level === "bad" ? "bad" : ""}>{head.word}</span>
            {node.isDc && <span className="t">, DC</span>}
          </h1>
          {!isHeard(node.link) && (
            <p className="age is-old">
              <Icon shape="old" /> no word <Since atMs={node.lastWordAtMs} />
            </p>
          )}
          {node.state.why && <p className="d2">{unbroken(node.state.why)}</p>}
          {head === node.carries ? (
            <p className="carries">
              {unbroken(node.carries.why)} {node.name} itself is {node.state.word}.
            </p>
          ) : (
            <p className="carries">
              {node.carries.level !== "ok" && <Icon shape={node.carries.level} />} {unbroken(node.carries.word)}{" "}
              {unbroken(node.carries.why)}
            </p>
          )}
          <Opinions opinions={node.opinions} />
          <p className="node-acts">
            <ActionsButton about={key} subject={node.name} />
          </p>
        </section>
        <SafetyAnswer slug={slug} node={node.name} />
        {findings.length > 0 && <Findings findings={findings} />}
        {isLost && kept}
        {node.role === "member" && (
          <>
            <section aria-labelledby="n-services">
              <h2 id="n-services">Services here {from && <Age slug={slug} of={pacemaker.of} />}</h2>
              <Reading {...pacemaker} what="services" isEmpty={rows.length === 0} aged={false}>
                <div className="heads">
                  <ServiceList rows={rows} node={node.name} speaker={speakerFor(picture.of("resource"), node.name, !isHeard(node.link))} />
                </div>
              </Reading>
            </section>
            <section aria-labelledby="n-mirrors">
              <h2 id="n-mirrors">
                Copies here <Age slug={slug} of={keyOf.source(node.name, "drbd")} />
              </h2>
              <NodeMirrors picture={picture} node={node.name} reading={sourceOf("drbd")} />
            </section>
          </>
        )}
        <Sections picture={picture} node={node.name} />
        <section aria-labelledby="n-kernel">
          <h2 id="n-kernel">
            Last kernel lines <span className="age">streamed, so they outlive a fencing</span>
          </h2>
          <Reading {...sourceOf("kernelLog")} what="kernel lines" isEmpty={(kernel?.lines.length ?? 0) === 0} aged={false}>
            <KernelLines lines={kernel?.lines ?? []} />
          </Reading>
        </section>
        {!isLost && kept}
        <section aria-labelledby="n-read">
          <h2 id="n-read">What is read here</h2>
          <SourcesTable slug={slug} sources={[...sources.values()].filter((source) => source.node === node.name)} />
        </section>
      </div>
      <aside className="rail" aria-label="Facts">
        <section>
          <h2>
            <span>Facts</span> <Age slug={slug} of={keyOf.source(node.name, "host")} />
          </h2>
          <Reading {...sourceOf("host")} what="facts" isEmpty={node.host === null} aged={false}>
            <NodeFactsList node={node} pacemaker={node.role === "member" ? (cluster?.pacemaker ?? null) : null} />
          </Reading>
        </section>
        <section>
          <h2>
            <span>Bonds</span> <Age slug={slug} of={keyOf.source(node.name, "bonding")} />
          </h2>
          <Reading {...sourceOf("bonding")} what="bonds" isEmpty={bonds.length === 0} aged={false}>
            <BondsOf bonds={bonds} />
          </Reading>
        </section>
        <Sections picture={picture} node={node.name} inRail />
        <Changes
          events={picture.of("event").filter(([, event]) => event.node === node.name || event.subject === node.name)}
          all={TIMELINE.of(slug, { node: node.name })}
        />
      </aside>
    </main>
  );
}
