// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { CopySquare, CopyWords } from "@/components/cluster/Copy";
import { mirrorDetail, mirrorName } from "@/components/cluster/Lane";
import { sayProgress } from "@/components/cluster/PairLine";
import type { Picture } from "@/components/cluster/picture";
import { Reading, type ReadingProps } from "@/components/live/Reading";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, formatPercent } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** The mirrors that have a copy on a node, and how each stands to its other copies. */
export function NodeMirrors(props: { picture: Picture; node: string; reading: Pick<ReadingProps, "slug" | "of" | "source"> }) {
  const { picture, node, reading } = props;
  const mirrors = picture.of("mirror").filter(([, { copies }]) => copies.some((copy) => copy.node === node));
  return (
    <Reading {...reading} what="copies" isEmpty={mirrors.length === 0} aged={false}>
      <table className="p copies">
        <ColumnHeads names={["Mirror", "Copy here", "Size", "Other copies"]} />
        <tbody>
          {mirrors.map(([key, mirror]) => (
            <tr key={key}>
              <th scope="row">
                <Link href={`/c/${picture.slug}/drbd/${encodeURIComponent(mirror.resource)}`}>
                  <code>{mirrorName(mirror)}</code>
                </Link>
                <small>{mirrorDetail(mirror)}</small>
              </th>
              <td>
                {mirror.copies
                  .filter((copy) => copy.node === node)
                  .map((copy) => (
                    <span key={copy.node} className="end2">
                      <CopySquare copy={copy} /> <CopyWords copy={copy} />
                    </span>
                  ))}
              </td>
              <td>{mirror.sizeBytes === null ? "not said" : formatBytes(mirror.sizeBytes)}</td>
              <td>
                {mirror.pairs
                  .filter(({ a, b }) => a === node || b === node)
                  .map((pair) => (
                    <p key={`${pair.a} ${pair.b}`}>
                      {pair.a === node ? pair.b : pair.a}: <StateWord said={pair.said} />
                      {pair.progress && (
                        <small>
                          {formatPercent(pair.progress.percent)}, {sayProgress(pair.progress).join(", ")}
                        </small>
                      )}
                    </p>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Reading>
  );
}
