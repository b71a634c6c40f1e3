// SPDX-License-Identifier: Apache-2.0
import { type Picture, readAt } from "@/components/cluster/picture";
import { StandsOn } from "@/components/cluster/StandsOn";
import { formatBytes, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** What is mounted on a node, what it swaps to, and what each stands on. */
export function NodeMounts({ picture, node }: { picture: Picture; node: string }) {
  return (
    <table className="p folds">
      <thead>
        <tr>
          <th scope="col">Mounted at</th>
          <th scope="col">State</th>
          <th scope="col">Stands on</th>
        </tr>
      </thead>
      <tbody>
        {readAt(picture.of("mount"), node).map(([key, { mount, said, standsOn }]) => (
          <tr key={key}>
            <th scope="row">
              <code>{mount.mountPoint}</code>
              <small>{mount.type}</small>
            </th>
            <td>
              <StateWord said={said} />
              {said.why && <small>{unbroken(said.why)}</small>}
            </td>
            <td className="on" data-label="Stands on">
              <StandsOn slug={picture.slug} standsOn={standsOn} device={mount.device} told={said.word} />
            </td>
          </tr>
        ))}
        {readAt(picture.of("swap"), node).map(([key, { swap, said, standsOn }]) => (
          <tr key={key}>
            <th scope="row">
              swap
              <small>{swap.sizeBytes !== null && `${formatBytes(swap.usedBytes ?? 0)} of ${formatBytes(swap.sizeBytes)}`}</small>
            </th>
            <td>
              <StateWord said={said} />
              {said.why && <small>{unbroken(said.why)}</small>}
            </td>
            <td className="on" data-label="Stands on">
              <StandsOn slug={picture.slug} standsOn={standsOn} device={swap.device} told={said.word} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
