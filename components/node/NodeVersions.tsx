// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { StateWord } from "@/components/ui/StateWord";

/** What is installed and runs on a node; where another node has another version, that is said beside it. */
export function NodeVersions({ picture, node }: { picture: Picture; node: string }) {
  return (
    <dl className="f">
      {versionsOf(picture, node).map(({ what, version, differs }) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            {version ?? <span className="d3">none here</span>}
            {differs !== null && (
              <small>
                <StateWord small said={{ level: "differs", word: differs }} />
              </small>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function versionsOf(picture: Picture, node: string): NonNullable<EntityOf<"node">["versions"]> {
  return picture.of("node").find(([, { name }]) => name === node)?.[1].versions ?? [];
}
