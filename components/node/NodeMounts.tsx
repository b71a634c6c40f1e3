// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Picture, readAt } from "@/components/cluster/picture";
import { StandsOn } from "@/components/cluster/StandsOn";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** What is mounted on a node, what it swaps to, and what each stands on. */
export function NodeMounts({ picture, node }: { picture: Picture; node: string }) {
  return (
    <table className="p folds">
      <ColumnHeads names={["Mounted at", "State", "Stands on"]} />
      <tbody>
        {readAt(picture.of("mount"), node).map(([key, { mount, ...on }]) => (
          <Row key={key} slug={picture.slug} device={mount.device} on={on}>
            <code>{mount.mountPoint}</code>
            <small>{mount.type}</small>
          </Row>
        ))}
        {readAt(picture.of("swap"), node).map(([key, { swap, ...on }]) => (
          <Row key={key} slug={picture.slug} device={swap.device} on={on}>
            swap
            <small>{swap.sizeBytes !== null && `${formatBytes(swap.usedBytes ?? 0)} of ${formatBytes(swap.sizeBytes)}`}</small>
          </Row>
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  slug: string;
  device: string;
  on: Pick<EntityOf<"mount">, "said" | "standsOn">;
  children: ReactNode;
}

function Row({ slug, device, on: { said, standsOn }, children }: RowProps) {
  return (
    <tr>
      <th scope="row">{children}</th>
      <td>
        <StateWord said={said} />
        {said.why && <small>{unbroken(said.why)}</small>}
      </td>
      <td className="on" data-label="Stands on">
        <StandsOn slug={slug} standsOn={standsOn} device={device} told={said.word} />
      </td>
    </tr>
  );
}
