// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { LegName } from "@/components/cluster/layers/ArraysLayer";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, formatDuration, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** The md arrays of a node: each leg with its state and both of its ends. */
export function NodeArrays({ picture, node }: { picture: Picture; node: string }) {
  return (
    <table className="p arrays">
      <ColumnHeads names={["Array", "State", "Legs"]} />
      <tbody>
        {readAt(picture.of("array"), node).map(([key, entity]) => (
          <tr key={key}>
            <th scope="row">
              <code>{entity.array.name}</code>
              <small>
                {[
                  entity.array.level ?? "no level",
                  entity.array.sizeBytes !== null && formatBytes(entity.array.sizeBytes),
                  entity.array.hasBitmap && "bitmap",
                ]
                  .filter(Boolean)
                  .join(", ")}
              </small>
            </th>
            <td>
              <StateWord said={entity.said} />
              {entity.said.why && <small>{unbroken(entity.said.why)}</small>}
              <Progress action={entity.array.action} />
            </td>
            <td>
              {entity.legs.map((leg) => (
                <p key={leg.name}>
                  <LegName leg={leg} /> <StateWord small said={leg.said} />
                </p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Progress({ action }: { action: EntityOf<"array">["array"]["action"] }) {
  if (action?.state !== "running") return null;
  const { doneBytes, totalBytes, rateBytesPerSec, finishSeconds } = action;
  const parts = [
    doneBytes !== null && totalBytes !== null && `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    rateBytesPerSec !== null && `${formatBytes(rateBytesPerSec)}/s`,
    finishSeconds !== null && `${formatDuration(finishSeconds * 1_000)} left`,
  ].filter(Boolean);
  return parts.length === 0 ? null : <small>{parts.join(", ")}</small>;
}
