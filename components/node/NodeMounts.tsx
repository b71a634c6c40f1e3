// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { StandsOn } from "@/components/cluster/StandsOn";
import { formatBytes } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** What is mounted on a node, what it swaps to, and what each stands on. */
export function NodeMounts({ picture, node }: { picture: Picture; node: string }) {
  const { mounts, swaps } = disksOf(picture, node);
  return (
    <table className="p">
      <thead>
        <tr>
          <th scope="col">Mounted at</th>
          <th scope="col">State</th>
          <th scope="col">Stands on</th>
        </tr>
      </thead>
      <tbody>
        {mounts.map(({ mount, said, standsOn }) => (
          <tr key={mount.mountPoint}>
            <th scope="row">
              <code>{mount.mountPoint}</code>
              <small>{mount.type}</small>
            </th>
            <td>
              <StateWord said={said} />
              {said.why && <small>{said.why}</small>}
            </td>
            <td className="on">
              <StandsOn slug={picture.slug} standsOn={standsOn} device={mount.device} told={said.word} />
            </td>
          </tr>
        ))}
        {swaps.map(({ swap, said, standsOn }) => (
          <tr key={swap.device}>
            <th scope="row">
              swap
              <small>{swap.sizeBytes !== null && `${formatBytes(swap.usedBytes ?? 0)} of ${formatBytes(swap.sizeBytes)}`}</small>
            </th>
            <td>
              <StateWord said={said} />
              {said.why && <small>{said.why}</small>}
            </td>
            <td className="on">
              <StandsOn slug={picture.slug} standsOn={standsOn} device={swap.device} told={said.word} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function disksOf(picture: Picture, node: string): { mounts: EntityOf<"mount">[]; swaps: EntityOf<"swap">[] } {
  return {
    mounts: picture.mounts.flatMap(([, entity]) => (entity.from.node === node ? [entity] : [])),
    swaps: picture.swaps.flatMap(([, entity]) => (entity.from.node === node ? [entity] : [])),
  };
}
