// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { sayPortal } from "@/components/cluster/iscsi";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, formatCount } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { Way } from "./Way";

/** A node's own iSCSI sessions: what both ends say, and each disk's way down to the backing disk. */
export function NodeSessions({ picture, node }: { picture: Picture; node: string }) {
  const sessions = readAt(picture.of("session"), node);
  return (
    <>
      <table className="p folds">
        <ColumnHeads names={["Session", "State", "Target", "Disks"]} />
        <tbody>
          {sessions.map(([key, { session, said, toolSays, servedBy, ways }]) => (
            <tr key={key}>
              <th scope="row">
                <code className="whole">{session.name}</code>
              </th>
              <td data-label="State">
                <StateWord said={said} />
                <small>{[toolSays, said.why].filter(Boolean).join(". ")}</small>
              </td>
              <td data-label="Target">
                <code>{session.target ?? "not said"}</code>
                <p className="d3">
                  {session.persistentAddress !== null &&
                    session.persistentPort !== null &&
                    sayPortal({ address: session.persistentAddress, port: session.persistentPort })}
                  {servedBy && (
                    <>
                      , served by <Link href={`/c/${picture.slug}/n/${servedBy.node}`}>{servedBy.node}</Link>
                    </>
                  )}
                </p>
                <small>
                  {formatCount(ways, "way", "ways")} up
                  {session.recoveryTimeoutSeconds !== null && `, gives up after ${session.recoveryTimeoutSeconds} s`}
                </small>
              </td>
              <td data-label="Disks">
                {session.disks.map((disk) => (
                  <p key={disk.name}>
                    <code>{disk.name}</code> {disk.state ?? "state not said"}
                    {disk.sizeBytes !== null && `, ${formatBytes(disk.sizeBytes)}`}
                  </p>
                ))}
                {session.disks.length === 0 && <span className="d2">none</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {sessions.flatMap(([key, { paths }]) => paths.map(({ disk, steps }) => <Way key={`${key} ${disk}`} of={disk} steps={steps} />))}
    </>
  );
}
