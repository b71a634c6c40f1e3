// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

type Model = EntityOf<"corosync">["corosync"];

/** Corosync as this node sees it: votes, members, and each of its links as printed. */
export function NodeCorosync({ picture, node }: { picture: Picture; node: string }) {
  const entity = readAt(picture.of("corosync"), node)[0]?.[1];
  if (!entity) return null;
  const { corosync, said, names } = entity;
  const nameOf = (id: number) => names[String(id)] ?? `node ${id}`;
  return (
    <>
      <p>
        <StateWord said={said} /> <span className="d2">{sayVotes(corosync)}</span>
      </p>
      {said.why && <p className="d2 s12">{unbroken(said.why)}</p>}
      {corosync.members && (
        <p className="d2 s12">
          It counts {corosync.members.map(({ nodeId, isLocal }) => (isLocal ? `${nameOf(nodeId)} (itself)` : nameOf(nodeId))).join(", ")}
          {corosync.qdevice && `, and ${corosync.qdevice.name} with ${corosync.qdevice.votes} votes`}.
        </p>
      )}
      <p className="d3 s12">{sayNames(corosync)}</p>
      <Links picture={picture} node={node} corosync={corosync} nameOf={nameOf} />
    </>
  );
}

function sayVotes({ quorum }: Model): string {
  if (!quorum) return "";
  const { totalVotes, expectedVotes, quorumVotes, flags } = quorum;
  const votes = totalVotes === null || expectedVotes === null ? "no votes said" : `${totalVotes} of ${expectedVotes} votes`;
  const needed = quorumVotes === null ? "" : `, ${quorumVotes} needed`;
  return [`${votes}${needed}`, ...flags.filter((flag) => flag !== "Quorate")].join("; ");
}

function sayNames({ clusterName, transport, localNodeId, quorum }: Model): string {
  return [
    clusterName === null ? "cluster name not said" : `cluster name ${clusterName}`,
    transport !== null && `transport ${transport}`,
    localNodeId !== null && `node number ${localNodeId}`,
    quorum?.ringId && `membership ${quorum.ringId}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function Links(props: { picture: Picture; node: string; corosync: Model; nameOf: (id: number) => string }) {
  const { picture, node, corosync, nameOf } = props;
  const links = (corosync.links ?? []).filter(({ peerId }) => peerId === null || peerId !== corosync.localNodeId);
  if (links.length === 0) return null;
  return (
    <table className="p folds">
      <ColumnHeads names={["Ring", "To", "State", "From", "MTU"]} />
      <tbody>
        {links.map(({ link, peerId, localAddress, remoteAddress, words, mtu }) => {
          const ring = picture.of("ring").find(([, one]) => one.link === link)?.[1];
          const peer = peerId === null ? null : nameOf(peerId);
          const said =
            peer === null
              ? ring?.ends.find((end) => end.node === node)?.said
              : ring?.pairs.find(({ a, b }) => (a === node && b === peer) || (a === peer && b === node))?.said;
          return (
            <tr key={`${link} ${peerId}`}>
              <th scope="row">ring {link}</th>
              <td data-label="To">
                {peer ?? "everybody"} {remoteAddress && <code>{remoteAddress}</code>}
              </td>
              <td data-label="State">
                {said && <StateWord said={said} />}
                <small>Corosync here says: {words.join(" ")}</small>
              </td>
              <td data-label="From">{localAddress === null ? "not said" : <code>{localAddress}</code>}</td>
              <td data-label="MTU">{mtu === null ? "not said" : `${mtu} bytes`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
