// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { isHeard } from "@/components/live/standing";
import { worstFirst } from "@/components/ui/levels";
import { StateWord } from "@/components/ui/StateWord";
import type { Picture } from "./picture";

/** AoE devices of more clients than can stand above the nodes: a table, worst first. */
export function DeviceTable({ picture, clients }: { picture: Picture; clients: readonly EntityOf<"node">[] }) {
  const { slug, sources } = picture;
  const devices = picture.aoes
    .filter(([, { from }]) => clients.some(({ name }) => name === from.node))
    .sort(([, one], [, other]) => worstFirst(one.said.level, other.said.level));
  const silent = clients.filter(({ name }) => !devices.some(([, { from }]) => from.node === name));
  return (
    <section className="table-of" aria-labelledby="clients">
      <h2 id="clients">
        Clients <small>outside the cluster, no vote</small>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Client</th>
            <th scope="col">Device</th>
            <th scope="col">Talks to</th>
            <th scope="col">Targets</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(([key, entity]) => {
            const isOld = !isHeard(sources.get(keyOf.source(entity.from.node, "aoe"))?.freshness);
            return (
              <tr key={key} className={isOld ? "stale" : ""}>
                <th scope="row">
                  <Link href={`/c/${slug}/n/${entity.from.node}`}>{entity.from.node}</Link>{" "}
                  <Age slug={slug} of={keyOf.source(entity.from.node, "aoe")} />
                </th>
                <td>
                  <code>{entity.device.name}</code>
                </td>
                <td>
                  <StateWord said={entity.said} />
                  {entity.toolSays && <small>{entity.toolSays}</small>}
                </td>
                <td>{(entity.device.targets ?? []).map(({ mac }) => mac).join(", ")}</td>
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
