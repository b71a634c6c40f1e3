// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { isHeard } from "@/components/live/standing";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { worstFirst } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import type { Picture } from "./picture";

interface Use {
  key: string;
  node: string;
  source: "aoe" | "iscsi";
  name: string;
  said: Said;
  toolSays: string | null;
  /** The MACs or the target it sends to. */
  at: string;
}

/** What clients use, where there are more of them than can stand above the nodes: a table, worst first. */
export function DeviceTable({ picture, clients }: { picture: Picture; clients: readonly EntityOf<"node">[] }) {
  const { slug, sources } = picture;
  const uses: Use[] = [
    ...picture.of("aoe").map(([key, { from, device, said, toolSays }]): Use => {
      const macs = (device.targets ?? []).map(({ mac }) => mac).join(", ");
      return { key, node: from.node, source: "aoe", name: device.name, said, toolSays, at: macs };
    }),
    ...picture.of("session").map(([key, { from, session, said, toolSays }]): Use => {
      const disks = session.disks.map(({ name }) => name).join(", ");
      return {
        key,
        node: from.node,
        source: "iscsi",
        name: disks || session.name,
        said,
        toolSays,
        at: session.target ?? "target not said",
      };
    }),
  ];
  const devices = uses
    .filter(({ node }) => clients.some(({ name }) => name === node))
    .sort((one, other) => worstFirst(one.said.level, other.said.level));
  const silent = clients.filter(({ name }) => !devices.some(({ node }) => node === name));
  return (
    <section className="table-of" aria-labelledby="clients">
      <h2 id="clients">
        Clients <small>outside the cluster, no vote</small>
      </h2>
      <table>
        <ColumnHeads names={["Client", "Device", "Talks to", "Targets"]} />
        <tbody>
          {devices.map(({ key, node, source, name, said, toolSays, at }) => {
            const of = keyOf.source(node, source);
            return (
              <tr key={key} className={isHeard(sources.get(of)?.freshness) ? "" : "stale"}>
                <th scope="row">
                  <Link href={`/c/${slug}/n/${node}`}>{node}</Link> <Age slug={slug} of={of} />
                </th>
                <td>
                  <code>{name}</code>
                </td>
                <td>
                  <StateWord said={said} />
                  {toolSays && <small>{toolSays}</small>}
                </td>
                <td>{at}</td>
              </tr>
            );
          })}
          {silent.map((node) => {
            const of = keyOf.source(node.name, "aoe");
            return (
              <tr key={node.name}>
                <th scope="row">
                  <Link href={`/c/${slug}/n/${node.name}`}>{node.name}</Link>
                </th>
                <td colSpan={3}>
                  <Reading slug={slug} of={of} source={sources.get(of)} what="AoE devices" isEmpty>
                    {null}
                  </Reading>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
