// SPDX-License-Identifier: Apache-2.0
import { LegName } from "@/components/cluster/layers/ArraysLayer";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** The ZFS pools of a node, each with its devices. */
export function NodePools({ picture, node }: { picture: Picture; node: string }) {
  return (
    <table className="p">
      <ColumnHeads names={["Pool", "State", "Devices"]} />
      <tbody>
        {readAt(picture.of("pool"), node).map(([key, { pool, said, devices }]) => (
          <tr key={key}>
            <th scope="row">
              <code>{pool.name}</code>
              <small>{pool.sizeBytes === null ? "size not said" : sayFill(pool.allocatedBytes, pool.sizeBytes)}</small>
            </th>
            <td>
              <StateWord said={said} />
              {said.why && <small>{unbroken(said.why)}</small>}
              {pool.scan && pool.scan !== said.why && <small>{pool.scan}</small>}
            </td>
            <td>
              {devices.map((device) => (
                <p key={device.name}>
                  <LegName leg={device} /> <StateWord small said={device.said} />
                  {device.said.why && <small>{unbroken(device.said.why)}</small>}
                </p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sayFill(allocatedBytes: number | null, sizeBytes: number): string {
  return allocatedBytes === null ? formatBytes(sizeBytes) : `${formatBytes(allocatedBytes)} of ${formatBytes(sizeBytes)}`;
}
