// SPDX-License-Identifier: Apache-2.0
import { Fragment } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { CopySquare, CopyWords } from "@/components/cluster/Copy";
import { MirrorActions, mirrorDetail, mirrorName } from "@/components/cluster/Lane";
import { PairLine, sayBoth } from "@/components/cluster/PairLine";
import { type Picture, verifyOf } from "@/components/cluster/picture";
import { Changes, Findings } from "@/components/cluster/Rail";
import { withRoots } from "@/components/fleet/findings";
import { RepairSection } from "@/components/repair/RepairSection";
import { TIMELINE } from "@/components/shell/places";
import { Env } from "@/components/ui/Env";
import { formatBytes, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { worstFirst } from "@/components/ui/levels";
import { MirrorVerify } from "@/components/verify/MirrorVerify";
import { DrbdSide } from "./DrbdSide";

/** One DRBD resource: what its state means, what lies between its copies, and each side in its own words. */
export function DrbdView({ picture, resource }: { picture: Picture; resource: string }) {
  const mirrors = picture.of("mirror").flatMap(([key, mirror]) => (mirror.resource === resource ? [{ key, mirror }] : []));
  const sides = picture.of("drbd").flatMap(([key, side]) => (side.resource === resource ? [{ key, side }] : []));
  const [worst] = [...mirrors].sort((a, b) => worstFirst(a.mirror.said.level, b.mirror.said.level));
  const keys = new Set([...mirrors, ...sides].map(({ key }) => key));
  const holders = new Set(mirrors.flatMap(({ mirror }) => mirror.copies.map(({ node }) => keyOf.node(node))));
  // A node that holds a copy and is itself in trouble is this mirror's trouble too.
  const findings = withRoots(
    picture.of("finding"),
    ({ about }) => about.some((key) => keys.has(key)) || (about[0] !== undefined && holders.has(about[0])),
  );
  const events = picture.of("event").filter(([, { subject }]) => subject === resource || subject.startsWith(`${resource}/`));
  return (
    <main className="page node-page drbd-page">
      <div className="main">
        <section>
          <p className="q">
            <code>{resource}</code> <Env environment={picture.cluster?.environment ?? null} />{" "}
            {worst && <span className="s12 d3">{mirrorDetail(worst.mirror)}</span>}
          </p>
          <h1>
            <Icon shape={worst?.mirror.said.level ?? "unknown"} />
            {worst?.mirror.said.word ?? "nothing is known of its copies together"}
          </h1>
        </section>
        {mirrors.map(({ key, mirror }) => (
          <Fragment key={key}>
            <MirrorSection mirror={mirror} />
            <RepairSection picture={picture} mirror={mirror} />
          </Fragment>
        ))}
        {!picture.cluster?.recorded &&
          mirrors.map(({ key, mirror }) => (
            <MirrorVerify key={key} slug={picture.slug} mirror={mirror} verify={verifyOf(picture, mirror)} />
          ))}
        <section className="sides" aria-labelledby="sides">
          <h2 id="sides">Each side in its own words</h2>
          {sides.length === 0 && <p className="remark d3">no node has been read that holds a copy</p>}
          <div className="two-sides">
            {sides.map(({ key, side }) => (
              <DrbdSide key={key} slug={picture.slug} side={side} sources={picture.sources} />
            ))}
          </div>
        </section>
      </div>
      <aside className="rail" aria-label="Now">
        <Findings findings={findings} />
        <Changes events={events} all={TIMELINE.of(picture.slug, { resource })} />
      </aside>
    </main>
  );
}

function MirrorSection({ mirror }: { mirror: EntityOf<"mirror"> }) {
  const name = mirrorName(mirror);
  const copyOf = (node: string) => mirror.copies.find((copy) => copy.node === node);
  return (
    <section aria-label={`Mirror ${name}`}>
      <h2>
        <code>{name}</code> {mirror.sizeBytes !== null && <span className="age">{formatBytes(mirror.sizeBytes)}</span>}{" "}
        <MirrorActions mirror={mirror} />
      </h2>
      <div className="pairs">
        {mirror.pairs.map((pair) => (
          <div className="lanes" key={`${pair.a} ${pair.b}`}>
            <Half name={pair.a} copy={copyOf(pair.a)} isLeft />
            <div>
              <PairLine pair={pair} resource={name} />
              {pair.progress !== null && sayBoth({ ...pair, progress: null }) && (
                <p className="note s11 d3">{sayBoth({ ...pair, progress: null })}</p>
              )}
            </div>
            <Half name={pair.b} copy={copyOf(pair.b)} isLeft={false} />
          </div>
        ))}
      </div>
      {mirror.meaning.length > 0 && (
        <>
          <h3 className="lbl">What it means</h3>
          <ol className="meaning">
            {mirror.meaning.map((sentence) => (
              <li key={sentence}>{unbroken(sentence)}</li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Half({ name, copy, isLeft }: { name: string; copy: EntityOf<"mirror">["copies"][number] | undefined; isLeft: boolean }) {
  return (
    <span className={isLeft ? "end2 left" : "end2"}>
      {copy && <CopySquare copy={copy} />}
      <b>{name}</b>
      {copy ? <CopyWords copy={copy} /> : <span className="d3">no copy known</span>}
    </span>
  );
}
