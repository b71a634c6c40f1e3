// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { formatBytes } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { Proof } from "@/components/verify/Proof";
import { CopySquare, CopyWords, type MirrorCopy } from "./Copy";
import { Layer } from "./Layer";
import { PairLine } from "./PairLine";

export function mirrorName({ resource, volume }: { resource: string; volume: number }): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}

/** "drbd0, protocol C": what the kernel calls it, as far as it says. */
export function mirrorDetail({ device, protocol }: EntityOf<"mirror">): string {
  return [device, protocol && `protocol ${protocol}`].filter(Boolean).join(", ");
}

/** What a mirror's row is called. Two sides that nothing joins have one name each on its own node, and are told apart by that. */
export function mirrorLabel(mirror: EntityOf<"mirror">): string {
  const [only, more] = mirror.copies.filter(({ drbd }) => drbd !== null);
  return only && !more ? `Mirror ${mirrorName(mirror)} on ${only.node}` : `Mirror ${mirrorName(mirror)}`;
}

/** What can be done about a mirror: verify it, stop that. */
export function MirrorActions({ mirror }: { mirror: EntityOf<"mirror"> }) {
  return <ActionsButton about={keyOf.mirror(mirror.resource, mirror.volume)} subject={`mirror ${mirrorName(mirror)}`} />;
}

interface LaneProps {
  slug: string;
  mirror: EntityOf<"mirror">;
  /** What is known of its verifies. */
  verify: EntityOf<"verify"> | undefined;
  a: string;
  b: string;
  oldA: boolean;
  oldB: boolean;
}

/** A mirror between two nodes. */
export const Lane = memo(function Lane({ slug, mirror, verify, a, b, oldA, oldB }: LaneProps) {
  const copyA = mirror.copies.find(({ node }) => node === a);
  const copyB = mirror.copies.find(({ node }) => node === b);
  const pair = mirror.pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  const size = mirror.sizeBytes === null ? null : formatBytes(mirror.sizeBytes);
  const isHot = mirror.said.level !== "ok" || pair?.progress != null;
  const name = mirrorName(mirror);
  return (
    <Layer
      kind={isHot ? "lane hot" : "lane ok-lane"}
      label={mirrorLabel(mirror)}
      name={<Link href={`/c/${slug}/drbd/${encodeURIComponent(mirror.resource)}`}>{name}</Link>}
      small={
        <>
          {mirrorDetail(mirror)} <MirrorActions mirror={mirror} />
        </>
      }
      oldA={oldA}
      oldB={oldB}
      a={<Half copy={copyA} size={size} isLeft />}
      x={pair && <PairLine pair={pair} resource={name} proof={<Proof verify={verify} />} />}
      b={<Half copy={copyB} size={size} isLeft={false} />}
    />
  );
});

function Half({ copy, size, isLeft }: { copy: MirrorCopy | undefined; size: string | null; isLeft: boolean }) {
  if (!copy)
    return (
      <span className="remark d3">
        <Icon shape="absent" /> no copy here
      </span>
    );
  return (
    <>
      <span className="dsk">{copy.drbd === null ? "as its peer sees it" : size}</span>
      <span className={isLeft ? "end2 left" : "end2"}>
        <CopySquare copy={copy} />
        <CopyWords copy={copy} />
      </span>
    </>
  );
}
