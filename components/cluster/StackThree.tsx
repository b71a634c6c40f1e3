// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { memo, type ReactNode } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, MirrorPair } from "@/agent/protocol/console/view";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { isHeard, standingOf } from "@/components/live/standing";
import { formatBytes, formatCount, formatPercent } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { Proof } from "@/components/verify/Proof";
import { Ages } from "./Ages";
import { BondEndurance } from "./BondEndurance";
import { bondRows, sayPorts, shortMac, shortMode } from "./bond-rows";
import { CopySquare, CopyWords } from "./Copy";
import { DeviceTable } from "./DeviceTable";
import { DrbdReading } from "./DrbdReading";
import { FoldedMirrors, foldMirrors } from "./FoldedMirrors";
import { MirrorActions, mirrorLabel, mirrorName } from "./Lane";
import { LayersTable } from "./layers/LayersTable";
import { LayersThree } from "./layers/LayersThree";
import { NodeHead } from "./NodeHead";
import { lineColour, sayBoth, sayProgress } from "./PairLine";
import type { Picture } from "./picture";
import { verifyOf } from "./picture";
import { Row3 } from "./Row3";
import { Barrier, Service } from "./Service";
import { ServicesAt } from "./ServicesAt";
import { serviceRows, servicesNowhere } from "./services";

type Node = EntityOf<"node">;
type Mirror = EntityOf<"mirror">;

/** The stack of three nodes: everything centred on its node's column, wires between neighbours, a bracket for the outer pair. */
export function StackThree({
  picture,
  nodes,
  clients,
}: {
  picture: Picture;
  nodes: readonly [Node, Node, Node];
  clients: readonly Node[];
}) {
  const { slug, sources } = picture;
  const resources = picture.of("resource");
  const constraints = picture.of("constraint");
  const rows = serviceRows(resources);
  const nowhere = servicesNowhere(rows);
  const from = resources[0]?.[1].from;
  const { shown, folded } = foldMirrors(picture.of("mirror"));
  const old = new Set(nodes.filter(({ name }) => standingOf(sources.get(keyOf.source(name, "drbd"))).is === "old").map(({ name }) => name));
  return (
    <>
      {clients.length > 0 && <DeviceTable picture={picture} clients={clients} />}
      <LayersTable picture={picture} place="clients" />
      <Row3
        kind="head first"
        label="Nodes"
        name={<span className="sr">Nodes</span>}
        nodes={nodes}
        cell={(node) => <NodeHead slug={slug} node={node} />}
      />
      <Row3
        kind="svcs"
        label="Services"
        name="Services"
        small={
          from && (
            <>
              Pacemaker, {from.node} <Age slug={slug} of={keyOf.source(from.node, from.source)} />
            </>
          )
        }
        nodes={nodes}
        cell={(node) => <ServicesAt slug={slug} sources={sources} resources={resources} node={node.name} isSilent={!isHeard(node.link)} />}
        below={
          (nowhere.length > 0 || constraints.length > 0) && (
            <div className="below">
              {nowhere.map((row) => (
                <Service key={row.service.id} row={row} node={null} />
              ))}
              {constraints.map(([key, constraint]) => (
                <Barrier key={key} constraint={constraint} />
              ))}
            </div>
          )
        }
      />
      <LayersThree picture={picture} place="services" nodes={nodes} />
      <Row3
        kind="reads"
        label="Mirrors"
        name="Mirrors"
        small="DRBD"
        nodes={nodes}
        cell={(node) => <DrbdReading slug={slug} sources={sources} drbds={picture.of("drbd")} node={node.name} />}
      />
      {shown.map(([key, mirror]) => (
        <Mirror3 key={key} slug={slug} mirror={mirror} verify={verifyOf(picture, mirror)} nodes={nodes} old={[...old].join(" ")} />
      ))}
      <FoldedMirrors slug={slug} mirrors={folded} />
      <LayersThree picture={picture} place="disks" nodes={nodes} />
      <Bonds3 picture={picture} nodes={nodes} />
      <LayersThree picture={picture} place="network" nodes={nodes} />
    </>
  );
}

const Mirror3 = memo(function Mirror3(props: {
  slug: string;
  mirror: Mirror;
  verify: EntityOf<"verify"> | undefined;
  nodes: readonly [Node, Node, Node];
  old: string;
}) {
  const { slug, mirror, verify, nodes, old } = props;
  const pairOf = (one: Node, other: Node) =>
    mirror.pairs.find(({ a, b }) => (a === one.name && b === other.name) || (a === other.name && b === one.name));
  const outer = pairOf(nodes[0], nodes[2]);
  const name = mirrorName(mirror);
  return (
    <Row3
      kind="m3"
      label={mirrorLabel(mirror)}
      name={<Link href={`/c/${slug}/drbd/${encodeURIComponent(mirror.resource)}`}>{name}</Link>}
      small={
        <>
          {mirror.sizeBytes !== null && <span>{formatBytes(mirror.sizeBytes)}</span>}{" "}
          <span>{formatCount(mirror.copies.length, "copy", "copies")}</span> <Proof verify={verify} /> <MirrorActions mirror={mirror} />
        </>
      }
      nodes={nodes}
      old={new Set(old.split(" "))}
      cell={(node) => {
        const copy = mirror.copies.find((one) => one.node === node.name);
        if (!copy)
          return (
            <div className="wd d3">
              <Icon shape="absent" /> no copy here
            </div>
          );
        return (
          <>
            <div className="wd">
              <CopyWords copy={copy} />
            </div>
            <CopySquare copy={copy} />
          </>
        );
      }}
      between={(index) => {
        const pair = index === 0 ? pairOf(nodes[0], nodes[1]) : pairOf(nodes[1], nodes[2]);
        return pair && <PairWire pair={pair} />;
      }}
      below={
        outer && (
          <div className="o">
            <div className={`br w-${outer.line}`} style={lineColour(outer)}>
              <PairWords pair={outer} named />
            </div>
          </div>
        )
      }
    />
  );
});

function PairWire({ pair }: { pair: MirrorPair }) {
  return (
    <div className={`pw w-${pair.line}`} style={lineColour(pair)}>
      <PairWords pair={pair} />
    </div>
  );
}

/** A pair's word; the outer pair names its nodes, for it touches neither neighbour. */
function PairWords({ pair, named = false }: { pair: MirrorPair; named?: boolean }) {
  const { said, progress } = pair;
  const names = `${pair.a} and ${pair.b}`;
  const how = progress === null ? "" : ` ${formatPercent(progress.percent)}, ${sayProgress(progress).join(", ")}`;
  const word = `${named ? `${names} ` : ""}${said.word}${how}`;
  return (
    <span data-p={`${pair.a}, ${pair.b}`} title={sayBoth(pair) ?? undefined}>
      {said.level === "ok" ? word : <StateWord said={{ level: said.level, word }} />}
    </span>
  );
}

/** Is a bond this top bond, or part of it at any depth? */
function isUnder({ bond, from }: EntityOf<"bond">, top: string, all: readonly EntityOf<"bond">[]): boolean {
  if (bond.name === top) return true;
  const parent = all.find((one) => one.from.node === from.node && one.bond.name === bond.parent);
  return parent !== undefined && isUnder(parent, top, all);
}

/** Bonds by name across the nodes, and under them one bar per switch that LACP names. */
function Bonds3({ picture, nodes }: { picture: Picture; nodes: readonly [Node, Node, Node] }) {
  const { slug, sources } = picture;
  const entities = picture.of("bond").map(([, entity]) => entity);
  const tops = [...new Set(entities.filter(({ bond }) => bond.parent === null).map(({ bond }) => bond.name))].sort();
  const reading = (node: Node, children: ReactNode, isEmpty: boolean, tells = true) => {
    const of = keyOf.source(node.name, "bonding");
    return (
      <Reading slug={slug} of={of} source={sources.get(of)} what="bonds" isEmpty={isEmpty} tells={tells} aged={false}>
        {children}
      </Reading>
    );
  };
  if (tops.length === 0) return <Row3 kind="bond" label="Bonds" name="Bonds" nodes={nodes} cell={(node) => reading(node, null, true)} />;
  return tops.map((name, index) => {
    const trees = nodes.map((node) => {
      const its = entities.filter(({ from }) => from.node === node.name);
      const top = its.find(({ bond }) => bond.name === name);
      return top ? bondRows([top, ...its.filter((one) => one !== top && one.bond.parent !== null)]) : [];
    });
    const ports = trees.flat().flatMap((row) => (row.kind === "port" && row.partnerMac !== null ? [row] : []));
    const macs = [...new Set(ports.map(({ partnerMac }) => partnerMac))];
    return (
      <Row3
        key={name}
        kind={index === 0 ? "bond" : "bond next"}
        label={`Bonds ${name}`}
        name={index === 0 ? "Bonds" : ""}
        small={index === 0 && <Ages slug={slug} sources={sources} nodes={nodes.map((node) => node.name)} source="bonding" />}
        nodes={nodes}
        cell={(node) => {
          const top = entities.find(({ bond, from }) => bond.name === name && from.node === node.name);
          return reading(
            node,
            top && (
              <div className="pt">
                <span>
                  <code>{name}</code> <span className="d3">{shortMode(top.bond.mode)}</span> <StateWord small said={top.said} />
                </span>
                {top.kernelSays && <span className="d3 s11">{top.kernelSays}</span>}
                <BondEndurance bonds={entities.filter((one) => one.from.node === node.name && isUnder(one, name, entities))} />
              </div>
            ),
            top === undefined,
            index === 0,
          );
        }}
        below={macs.map((mac) => {
          const { says, isWhole } = sayPorts(ports.filter(({ partnerMac }) => partnerMac === mac));
          return (
            <div className="bus" key={mac}>
              <b>partner {shortMac(mac ?? "")}</b>
              <span className={isWhole ? "d3" : "risk"}>{says}</span>
            </div>
          );
        })}
      />
    );
  });
}
