// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { isHeard, standingOf } from "@/components/live/standing";
import type { Entry } from "@/components/live/store";
import { Ages } from "./Ages";
import { DeviceLayer, ExportLayer, PassingWires } from "./AoeLayers";
import { BondEndurance } from "./BondEndurance";
import { BondTree } from "./BondTree";
import { bondRows } from "./bond-rows";
import { DeviceTable } from "./DeviceTable";
import { DrbdReading } from "./DrbdReading";
import { FoldedMirrors, foldMirrors } from "./FoldedMirrors";
import { Lane } from "./Lane";
import { Layer } from "./Layer";
import { LayersTable } from "./layers/LayersTable";
import { LayersTwo } from "./layers/LayersTwo";
import { targetsLayer } from "./layers/TargetsLayer";
import { NodeHead } from "./NodeHead";
import type { Picture } from "./picture";
import { verifyOf } from "./picture";
import { Barrier, Service } from "./Service";
import { ServicesAt } from "./ServicesAt";
import { Switches } from "./Switches";
import { serviceRows, servicesNowhere } from "./services";
import { type ExportRow, type Wiring, wiringOf } from "./wires";

type Node = EntityOf<"node">;

export interface StackTwoProps {
  picture: Picture;
  a: Node;
  b: Node;
  clients: readonly Node[];
}

/** The stack of two nodes: clients above, then each layer down to the bonds. */
export function StackTwo({ picture, a, b, clients }: StackTwoProps) {
  const { slug, sources } = picture;
  const [first, second] = clients;
  const isDrawn = clients.length <= 2;
  const sides = { a: isDrawn ? first?.name : undefined, b: isDrawn ? second?.name : undefined };
  const storage = { a: a.name, b: b.name };
  const wiring = wiringOf(picture, sides, storage);
  const isOld = (node: Node, source: "drbd" | "bonding") => standingOf(sources.get(keyOf.source(node.name, source))).is === "old";
  const { shown, folded } = foldMirrors(picture.of("mirror"));
  return (
    <>
      {clients.length > 0 && isDrawn && (
        <Layer
          kind="client first"
          label="Clients"
          name="Clients"
          small="outside the cluster, no vote"
          a={first && <NodeHead slug={slug} node={first} />}
          b={second && <NodeHead slug={slug} node={second} />}
        />
      )}
      {isDrawn && <LayersTwo picture={picture} place="clients" a={sides.a} b={sides.b} />}
      {!isDrawn && <DeviceTable picture={picture} clients={clients} />}
      {!isDrawn && <LayersTable picture={picture} place="clients" />}
      {wiring.devices.map((row, index) => (
        <DeviceLayer key={row.key} row={row} index={index} wiring={wiring} clients={sides} slug={slug} sources={sources} />
      ))}
      <Layer
        kind={clients.length > 0 ? "head nodes" : "head first"}
        label="Nodes"
        name={clients.length > 0 ? "Storage" : <span className="sr">Nodes</span>}
        a={<NodeHead slug={slug} node={a} />}
        x={wiring.wires.length > 0 ? <PassingWires wires={wiring.wires} /> : <span>between the nodes</span>}
        b={<NodeHead slug={slug} node={b} />}
      />
      {(wiring.rows.length > 0 || clients.length > 0) &&
        (wiring.rows.length > 0 ? wiring.rows : [nothingServed(wiring)]).map((row, index) => (
          <ExportLayer
            key={`${row.kind} ${row.a?.key} ${row.b?.key}`}
            row={row}
            index={index}
            wiring={wiring}
            storage={storage}
            slug={slug}
            sources={sources}
          />
        ))}
      <ServicesLayer
        slug={slug}
        sources={sources}
        resources={picture.of("resource")}
        constraints={picture.of("constraint")}
        a={a.name}
        b={b.name}
        silentA={!isHeard(a.link)}
        silentB={!isHeard(b.link)}
      />
      <LayersTwo
        picture={picture}
        place="services"
        a={a.name}
        b={b.name}
        without={wiring.rows.some(({ kind }) => kind === "target") ? targetsLayer.name : undefined}
      />
      <Layer
        kind="mirrors-head"
        label="Mirrors"
        name="Mirrors"
        small="DRBD"
        a={<DrbdReading slug={slug} sources={sources} drbds={picture.of("drbd")} node={a.name} />}
        b={<DrbdReading slug={slug} sources={sources} drbds={picture.of("drbd")} node={b.name} />}
      />
      {shown.map(([key, mirror]) => (
        <Lane
          key={key}
          slug={slug}
          mirror={mirror}
          verify={verifyOf(picture, mirror)}
          a={a.name}
          b={b.name}
          oldA={isOld(a, "drbd")}
          oldB={isOld(b, "drbd")}
        />
      ))}
      <FoldedMirrors slug={slug} mirrors={folded} />
      <LayersTwo picture={picture} place="disks" a={a.name} b={b.name} />
      <BondsLayer slug={slug} sources={sources} bonds={picture.of("bond")} a={a.name} b={b.name} />
      <LayersTwo picture={picture} place="network" a={a.name} b={b.name} />
    </>
  );
}

/** A row without anything: of what the clients use. */
function nothingServed({ devices }: Wiring): ExportRow {
  return { kind: devices.some(({ kind }) => kind === "session") ? "target" : "export", a: undefined, b: undefined };
}

type ServicesProps = Pick<Picture, "slug" | "sources"> & {
  resources: readonly Entry<"resource">[];
  constraints: readonly Entry<"constraint">[];
  a: string;
  b: string;
  silentA: boolean;
  silentB: boolean;
};

/** Each layer is drawn again only when its own kind of entity changes. */
const ServicesLayer = memo(function ServicesLayer(props: ServicesProps) {
  const { slug, sources, resources, constraints, a, b } = props;
  const rows = serviceRows(resources);
  const nowhere = servicesNowhere(rows);
  const from = resources[0]?.[1].from;
  return (
    <Layer
      label="Services"
      name="Services"
      small={
        from && (
          <>
            Pacemaker, {from.node} <Age slug={slug} of={keyOf.source(from.node, from.source)} />
          </>
        )
      }
      a={<ServicesAt slug={slug} sources={sources} resources={resources} node={a} isSilent={props.silentA} />}
      x={
        (nowhere.length > 0 || constraints.length > 0) && (
          <>
            {nowhere.map((row) => (
              <Service key={row.service.id} row={row} node={null} />
            ))}
            {constraints.map(([key, constraint]) => (
              <Barrier key={key} constraint={constraint} />
            ))}
          </>
        )
      }
      b={<ServicesAt slug={slug} sources={sources} resources={resources} node={b} isSilent={props.silentB} />}
    />
  );
});

type BondsProps = Pick<Picture, "slug" | "sources"> & { bonds: readonly Entry<"bond">[]; a: string; b: string };

const BondsLayer = memo(function BondsLayer({ slug, sources, bonds, a, b }: BondsProps) {
  const rowsOf = (node: string) => bondRows(bonds.flatMap(([, entity]) => (entity.from.node === node ? [entity] : [])));
  const rows = { a: rowsOf(a), b: rowsOf(b) };
  const half = (node: string, side: "a" | "b") => {
    const of = keyOf.source(node, "bonding");
    return (
      <Reading slug={slug} of={of} source={sources.get(of)} what="bonds" isEmpty={rows[side].length === 0} aged={false}>
        <BondTree rows={rows[side]} isLeft={side === "a"} />
        <BondEndurance bonds={bonds.flatMap(([, entity]) => (entity.from.node === node ? [entity] : []))} />
      </Reading>
    );
  };
  return (
    <Layer
      kind="bonds"
      label="Bonds"
      name="Bonds"
      small={<Ages slug={slug} sources={sources} nodes={[a, b]} source="bonding" />}
      a={half(a, "a")}
      x={<Switches left={rows.a} right={rows.b} />}
      b={half(b, "b")}
    />
  );
});
