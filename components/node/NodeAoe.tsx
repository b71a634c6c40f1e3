// SPDX-License-Identifier: Apache-2.0
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { Way } from "./Way";

/** What a node uses and exports over AoE. */
export function NodeAoe({ picture, node }: { picture: Picture; node: string }) {
  const devices = readAt(picture.of("aoe"), node);
  const exports = readAt(picture.of("export"), node);
  return (
    <>
      {devices.length > 0 && (
        <table className="p devices">
          <ColumnHeads names={["Device", "State", "Sends to", "Size"]} />
          <tbody>
            {devices.map(([key, { device, said, toolSays, talksTo }]) => (
              <tr key={key}>
                <th scope="row">
                  <code>{device.name}</code>
                </th>
                <td>
                  <StateWord said={said} />
                  <small>{[toolSays, said.why].filter(Boolean).join(". ")}</small>
                </td>
                <td>
                  {talksTo.map((talk) => (
                    <p key={talk.mac}>
                      <span className="mac">{talk.mac}</span> <StateWord small said={talk.said} />
                    </p>
                  ))}
                  {device.targets === null && <span className="d2">its targets could not be read</span>}
                </td>
                <td>{device.sizeBytes === null ? "not said" : formatBytes(device.sizeBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {devices.flatMap(([key, { device, talksTo }]) =>
        talksTo.map(({ mac, node: owner, path = [] }) => (
          <Way key={`${key} ${mac}`} of={device.name} steps={[owner ? `${mac} of ${owner}` : `${mac}, of nobody known`, ...path]} />
        )),
      )}
      {exports.length > 0 && (
        <table className="p">
          <ColumnHeads names={["Export", "State", "Device", "Interface", "Served to"]} />
          <tbody>
            {exports.map(([key, { export: model, said }]) => (
              <tr key={key}>
                <th scope="row">
                  <code>{model.name}</code>
                </th>
                <td>
                  <StateWord said={said} />
                  {said.why && <small>{unbroken(said.why)}</small>}
                </td>
                <td>
                  <code>{model.device}</code>
                </td>
                <td>
                  <code>{model.interface}</code>
                </td>
                <td>{model.allowedMacs.length === 0 ? "every MAC" : model.allowedMacs.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
