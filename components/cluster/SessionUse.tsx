// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { NotRead, Reading } from "@/components/live/Reading";
import { standingOf } from "@/components/live/standing";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { sayPortal, shortIqn } from "./iscsi";
import type { Sources } from "./picture";
import { toneOf } from "./tone";

/** A client's session in the stack: its disks, what both ends say, and where it leads. */
export function SessionUse(props: {
  entity: EntityOf<"session"> | undefined;
  iqn: string;
  /** Where its pin stands. Units: px from the top of the row. */
  y: number;
  client: string;
  slug: string;
  sources: Sources;
}) {
  const { entity, iqn, y, client, slug, sources } = props;
  const of = keyOf.source(client, "iscsi");
  if (!entity)
    return (
      <Reading slug={slug} of={of} source={sources.get(of)} what="iSCSI sessions" isEmpty={false} aged={false}>
        <p className="remark d3">
          <Icon shape="absent" /> {shortIqn(iqn)} not in use here
        </p>
      </Reading>
    );
  const { session, said, toolSays } = entity;
  const standing = standingOf(sources.get(of));
  const { persistentAddress: address, persistentPort: port } = session;
  return (
    <>
      <i className={`pin ${toneOf(said)}`} style={{ "--y": `${y}px` }} />
      <div className={standing.is === "fresh" ? "" : "stale"}>
        <div className="dev">
          <code>{session.disks.length > 0 ? session.disks.map(({ name }) => name).join(", ") : session.name}</code>
          <StateWord said={said} />
        </div>
        <p>
          {shortIqn(iqn)} {address !== null && port !== null && <>at {sayPortal({ address, port })}</>}
        </p>
        {toolSays && <p className="d2 s12">{toolSays}</p>}
        {standing.is === "old" && <NotRead sinceMs={standing.sinceMs} reason={standing.reason} />}
      </div>
    </>
  );
}
