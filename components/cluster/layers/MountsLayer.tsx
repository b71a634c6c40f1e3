// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { StateWord } from "@/components/ui/StateWord";
import { StandsOn } from "../StandsOn";
import { defineLayer } from "./define";

const CARRIED: ReadonlySet<string> = new Set(["drbd", "md", "aoe", "iscsi"]);

/** The system's own disks are the node's business, until something is wrong with what is mounted from them. */
function isOfCluster({ standsOn, said, bypasses }: EntityOf<"mount">): boolean {
  return bypasses !== null || ["bad", "risk", "differs", "unknown"].includes(said.level) || standsOn.some(({ kind }) => CARRIED.has(kind));
}

/** What is mounted from mirrors, arrays and disks of other nodes, each with what it stands on. */
export const mountsLayer = defineLayer({
  name: "Mounts",
  place: "services",
  forClients: true,
  source: "mounts",
  what: "mounts on cluster storage",
  kind: "mount",
  isAt: (entity, node) => entity.from.node === node && isOfCluster(entity),
  Cell: memo(function MountsCell({ slug, entries, node }: { slug: string; entries: readonly Entry<"mount">[]; node: string }) {
    const here = entries.filter(([, entity]) => entity.from.node === node && isOfCluster(entity));
    return (
      <ul className="disks">
        {here.map(([key, { mount, said, standsOn }]) => (
          <li key={key}>
            <p className="disk">
              <span>
                <code>{mount.mountPoint}</code> <span className="d3">{mount.type}</span>
              </span>
              <StateWord small said={said} />
            </p>
            <p className="over">
              on <StandsOn slug={slug} standsOn={standsOn} device={mount.device} told={said.word} />
            </p>
          </li>
        ))}
      </ul>
    );
  }),
});
