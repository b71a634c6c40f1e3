// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { DropZone } from "@/components/commands/DropZone";
import { isHeard } from "@/components/live/standing";
import type { Entry } from "@/components/live/store";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatPercent } from "@/components/ui/format";
import { worstFirst } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import { Proof } from "@/components/verify/Proof";
import { BondEndurance } from "./BondEndurance";
import { shortMode } from "./bond-rows";
import { CopySquare, CopyWords } from "./Copy";
import { DeviceTable } from "./DeviceTable";
import { DrbdReading } from "./DrbdReading";
import { mirrorName } from "./Lane";
import { LayersTable } from "./layers/LayersTable";
import { NodeHead } from "./NodeHead";
import { sayBoth, sayProgress } from "./PairLine";
import { membersOf, type Picture } from "./picture";
import { Barrier, Service } from "./Service";
import { type ServiceRow, serviceRows, speakerFor } from "./services";
import { UnreadAt } from "./UnreadAt";

type Node = EntityOf<"node">;

/** One node, or four and more: lines would cross, so pairs stand in tables, worst first. */
export function StackTable({ picture, clients }: { picture: Picture; clients: readonly Node[] }) {
  const { slug } = picture;
  const names = membersOf(picture.of("node")).map(({ name }) => name);
  return (
    <>
      {clients.length > 0 && <DeviceTable picture={picture} clients={clients} />}
      <LayersTable picture={picture} place="clients" />
      <Nodes slug={slug} nodes={picture.of("node")} sources={picture.sources} drbds={picture.of("drbd")} />
      <Services resources={picture.of("resource")} constraints={picture.of("constraint")} silent={silentOf(picture.of("node"))} />
      <LayersTable picture={picture} place="services" />
      <Mirrors slug={slug} mirrors={picture.of("mirror")} verifies={picture.of("verify")} />
      <LayersTable picture={picture} place="disks" />
      <section className="table-of" aria-labelledby="bonds">
        <h2 id="bonds">Bonds</h2>
        <Bonds slug={slug} bonds={picture.of("bond")} />
        <UnreadAt slug={slug} sources={picture.sources} nodes={names} source="bonding" what="bonds" />
      </section>
      <LayersTable picture={picture} place="network" />
    </>
  );
}

type NodesProps = Pick<Picture, "slug" | "sources"> & { nodes: readonly Entry<"node">[]; drbds: readonly Entry<"drbd">[] };

const Nodes = memo(function Nodes({ slug, nodes, sources, drbds }: NodesProps) {
  return (
    <section className="table-of" aria-labelledby="nodes">
      <h2 id="nodes">Nodes</h2>
      <div className="heads">
        {membersOf(nodes).map((node) => (
          <div key={node.name}>
            <NodeHead slug={slug} node={node} />
            <DropZone node={node.name} />
            <DrbdReading slug={slug} sources={sources} drbds={drbds} node={node.name} />
          </div>
        ))}
      </div>
    </section>
  );
});

/** The silent nodes as one text: it is the same as long as they are. */
function silentOf(nodes: readonly Entry<"node">[]): string {
  return nodes.flatMap(([, { name, link }]) => (isHeard(link) ? [] : [name])).join(" ");
}

/** Each part is drawn again only when its own kind of entity changes: one change among thousands costs one part. */
const Services = memo(function Services(props: {
  resources: readonly Entry<"resource">[];
  constraints: readonly Entry<"constraint">[];
  silent: string;
}) {
  const { resources, constraints } = props;
  const silent = new Set(props.silent.split(" "));
  const speakerOf = ({ service }: ServiceRow) => {
    const node = service.places.find((place) => silent.has(place.node))?.node;
    return node === undefined ? null : speakerFor(resources, node, true);
  };
  const rows = serviceRows(resources);
  return (
    <section className="table-of" aria-labelledby="services">
      <h2 id="services">Services</h2>
      {rows.length === 0 && <p className="remark d3">no service known</p>}
      <div className="heads">
        {rows.map((row) => (
          <ServiceCell key={row.service.id} row={row} speaker={speakerOf(row)} />
        ))}
      </div>
      {constraints.map(([key, constraint]) => (
        <Barrier key={key} constraint={constraint} />
      ))}
    </section>
  );
});

const ServiceCell = memo(function ServiceCell({ row, speaker }: { row: ServiceRow; speaker: string | null }) {
  return (
    <div>
      <Service row={row} node={null} speaker={speaker} />
      <p className="s12 d2">{row.service.places.map(({ node, role }) => `${role} on ${node}`).join(", ")}</p>
    </div>
  );
});

const Mirrors = memo(function Mirrors(props: { slug: string; mirrors: readonly Entry<"mirror">[]; verifies: readonly Entry<"verify">[] }) {
  const { slug, mirrors, verifies } = props;
  const rows = [...mirrors].sort(([, a], [, b]) => worstFirst(a.said.level, b.said.level));
  return (
    <section className="table-of" aria-labelledby="mirrors">
      <h2 id="mirrors">Mirrors</h2>
      {rows.length === 0 && <p className="remark d3">no mirror known</p>}
      {rows.length > 0 && (
        <table>
          <ColumnHeads names={["Mirror", "Copies", "Between them"]} />
          <tbody>
            {rows.map(([key, mirror]) => (
              <MirrorRow
                key={key}
                slug={slug}
                mirror={mirror}
                verify={verifies.find(([its]) => its === keyOf.verify(mirror.resource, mirror.volume))?.[1]}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
});

const MirrorRow = memo(function MirrorRow(props: { slug: string; mirror: EntityOf<"mirror">; verify: EntityOf<"verify"> | undefined }) {
  const { slug, mirror, verify } = props;
  return (
    <tr>
      <th scope="row">
        <Link href={`/c/${slug}/drbd/${encodeURIComponent(mirror.resource)}`}>
          <code>{mirrorName(mirror)}</code>
        </Link>
        <StateWord small said={mirror.said} /> <Proof verify={verify} />
      </th>
      <td>
        {mirror.copies.map((copy) => (
          <span className="end2" key={copy.node}>
            <CopySquare copy={copy} /> {copy.node} <CopyWords copy={copy} />
          </span>
        ))}
      </td>
      <td>
        {mirror.pairs.map((pair) => (
          <p key={`${pair.a} ${pair.b}`}>
            {pair.a} and {pair.b}: <StateWord small said={pair.said} />
            {pair.progress && ` ${formatPercent(pair.progress.percent)}, ${sayProgress(pair.progress).join(", ")}`}
            {sayBoth(pair) && <small>{sayBoth(pair)}</small>}
          </p>
        ))}
      </td>
    </tr>
  );
});

const Bonds = memo(function Bonds({ slug, bonds }: { slug: string; bonds: readonly Entry<"bond">[] }) {
  const tops = bonds.filter(([, { bond }]) => bond.parent === null).sort(([, a], [, b]) => worstFirst(a.said.level, b.said.level));
  return (
    <>
      {tops.length === 0 && <p className="remark d3">no bond known</p>}
      {tops.length > 0 && (
        <table>
          <ColumnHeads names={["Node", "Bond", "State"]} />
          <tbody>
            {tops.map(([key, entity]) => (
              <tr key={key}>
                <th scope="row">
                  <Link href={`/c/${slug}/n/${entity.from.node}`}>{entity.from.node}</Link>
                </th>
                <td>
                  <code>{entity.bond.name}</code> <span className="d3">{shortMode(entity.bond.mode)}</span>
                </td>
                <td>
                  <StateWord said={entity.said} /> <span className="d3">{entity.kernelSays}</span>
                  <BondEndurance bonds={[entity]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
});
