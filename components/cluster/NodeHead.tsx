// SPDX-License-Identifier: Apache-2.0

import Link from "next/link";
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { NodeSafety } from "@/components/commands/NodeSafety";
import { Age, Lasting, Since } from "@/components/live/Age";
import { isHeard } from "@/components/live/standing";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";

/** A node at the head of its column: what it is right now, what it carries, and who sees it otherwise. */
export const NodeHead = memo(function NodeHead({ slug, node }: { slug: string; node: EntityOf<"node"> }) {
  const key = keyOf.node(node.name);
  const isSpeaking = isHeard(node.link);
  return (
    <div className={isOldState(node) ? "node-head stale" : "node-head"}>
      <div className="node-top">
        <div>
          <h3 className="nm">
            <Link href={`/c/${slug}/n/${node.name}`}>{node.name}</Link> <Age slug={slug} of={key} />
          </h3>
          <p className="state-of">
            <StateWord said={node.state} />
            {node.isDc && <span className="d3">, DC</span>}
          </p>
        </div>
        <ActionsButton about={key} subject={node.name} />
      </div>
      {node.label && <p className="node-label">{node.label}</p>}
      {!isSpeaking && (
        <p className="age is-old">
          <Icon shape="old" /> no word <Since atMs={node.lastWordAtMs} />
        </p>
      )}
      {node.state.why && <p className="s12 d2">{unbroken(node.state.why)}</p>}
      {isSpeaking ? (
        <NodeFacts node={node} />
      ) : (
        <div className="stale">
          <NodeFacts node={node} />
        </div>
      )}
      <p className="ask">
        {node.carries.level !== "ok" && <Icon shape={node.carries.level} />} {unbroken(node.carries.word)}
        {node.carries.why && <span className="d3"> {unbroken(node.carries.why)}</span>}
      </p>
      <NodeSafety slug={slug} node={node.name} />
      <Opinions opinions={node.opinions} />
    </div>
  );
});

/** Whether what is said of a node is old: of a silent node the others may know the truth, and then that is not. */
export function isOldState({ link, state }: EntityOf<"node">): boolean {
  return !isHeard(link) && (state.level === "old" || state.level === "unknown");
}

/** "DRBD 8.4.11, kernel 6.1.0-56, up 41 d, load 1.8": only what the node says. */
export function NodeFacts({ node }: { node: EntityOf<"node"> }) {
  const { host, drbdVersion, bootedAtMs } = node;
  const words = [drbdVersion && `DRBD ${drbdVersion}`, host?.kernel && `kernel ${host.kernel.replace(/-amd64$|-generic$/, "")}`];
  const known = words.filter(Boolean).join(", ");
  const skew = (node.versions ?? []).flatMap(({ what, differs }) => (differs === null ? [] : [what]));
  if (!known && bootedAtMs === null && host?.load1 == null) return null;
  return (
    <p className="facts">
      {known}
      {bootedAtMs !== null && (
        <>
          {known && ", "}up <Lasting sinceMs={bootedAtMs} />
        </>
      )}
      {host?.load1 != null && `, load ${host.load1.toFixed(1)}`}
      {skew.length > 0 && (
        <span className="skew" title="The node's page says which.">
          {" "}
          <Icon shape="differs" /> other versions than its peers: {skew.join(", ")}
        </span>
      )}
    </p>
  );
}

/** What others say of the same thing, side by side with it: neither is taken for the truth. */
export function Opinions({ opinions }: { opinions: readonly { node: string; says: string }[] }) {
  if (opinions.length === 0) return null;
  return (
    <ul className="opinions" aria-label="Other opinions">
      {opinions.map(({ node, says }) => (
        <li key={node}>
          <b>{node}</b> says: {says}
        </li>
      ))}
    </ul>
  );
}
