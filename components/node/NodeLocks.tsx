// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

type O2cb = NonNullable<EntityOf<"ocfs2">["ocfs2"]["running"]>[number];

/** OCFS2 on a node: its stack, and the o2cb cluster as it runs and as cluster.conf has it. */
export function NodeOcfs2({ picture, node }: { picture: Picture; node: string }) {
  const entity = readAt(picture.of("ocfs2"), node)[0]?.[1];
  if (!entity) return null;
  const { ocfs2, said } = entity;
  // By the kernel's file: what could not be read is not "none".
  const isUnread = (file: string) => ocfs2.unread.some(({ what }) => what === file);
  const facts = [
    isUnread("active_cluster_plugin")
      ? "plugin in use not read"
      : ocfs2.activePlugin === null
        ? "nothing mounted"
        : `plugin ${ocfs2.activePlugin}`,
    isUnread("loaded_cluster_plugins")
      ? "loaded plugins not read"
      : ocfs2.loadedPlugins.length > 0 && `loaded: ${ocfs2.loadedPlugins.join(", ")}`,
    isUnread("max_locking_protocol")
      ? "locking protocol not read"
      : ocfs2.lockingProtocol !== null && `locking protocol ${ocfs2.lockingProtocol}`,
  ];
  return (
    <>
      <p>
        <StateWord said={said} /> {ocfs2.isLoaded && <span className="d2">{facts.filter(Boolean).join("; ")}</span>}
      </p>
      {said.why && <p className="d2 s12">{unbroken(said.why)}</p>}
      <Clusters title="Runs as" clusters={ocfs2.running} />
      <Clusters title="In cluster.conf" clusters={ocfs2.configured} />
    </>
  );
}

function Clusters({ title, clusters }: { title: string; clusters: readonly O2cb[] | null }) {
  return (clusters ?? []).map((cluster) => (
    <table className="p" key={cluster.name}>
      <ColumnHeads names={[`${title} ${cluster.name}`, "Number", "Address", "Heartbeat"]} />
      <tbody>
        {cluster.nodes.map(({ name, number, address, port }) => (
          <tr key={name}>
            <th scope="row">
              {name}
              {name === cluster.localNode && <small>this node</small>}
            </th>
            <td>{number ?? "not said"}</td>
            <td>
              <code>{address === null ? "not said" : `${address}:${port ?? "?"}`}</code>
            </td>
            <td>
              {cluster.heartbeatMode ?? "not said"}
              {/* A beat every two seconds; the first one of the count is not waited for. */}
              {cluster.deadThreshold !== null && <small>dead after {(cluster.deadThreshold - 1) * 2} s</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  ));
}

/** The lockspaces of a node, with what the kernel and dlm_controld each say. */
export function NodeDlm({ picture, node }: { picture: Picture; node: string }) {
  const entity = readAt(picture.of("dlm"), node)[0]?.[1];
  if (!entity) return null;
  const { dlm, said, spaceSaid } = entity;
  // The DLM's numbers are Corosync's.
  const names = readAt(picture.of("corosync"), node)[0]?.[1].names ?? {};
  const nameOf = (id: number) => names[String(id)] ?? `node ${id}`;
  return (
    <>
      <p>
        <StateWord said={said} /> <span className="d2">{sayDaemon(dlm.daemon, nameOf)}</span>
      </p>
      {dlm.lockspaces.length > 0 && (
        <table className="p">
          <ColumnHeads names={["Lockspace", "State", "Members", "Kernel"]} />
          <tbody>
            {dlm.lockspaces.map((space) => {
              const own = spaceSaid[space.name] ?? said;
              return (
                <tr key={space.name}>
                  <th scope="row">
                    <code>{space.name}</code>
                    <small>{space.id}</small>
                  </th>
                  <td>
                    <StateWord said={own} />
                    <small>{[space.newStatus, space.flags.join(", "), own.why].filter(Boolean).join("; ")}</small>
                  </td>
                  <td>{space.members === null ? "not said" : space.members.map(nameOf).join(", ") || "none yet"}</td>
                  <td>{sayKernel(space)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}

type Dlm = EntityOf<"dlm">["dlm"];

function sayDaemon(daemon: Dlm["daemon"], nameOf: (id: number) => string): string {
  if (daemon === null) return "dlm_controld does not say anything";
  const gone = daemon.nodes.filter(({ isMember }) => !isMember).map(({ nodeId }) => nameOf(nodeId));
  return [
    `dlm_controld: ${daemon.isQuorate === null ? "quorum not said" : daemon.isQuorate ? "quorate" : "no quorum"}`,
    gone.length > 0 && `${gone.join(", ")} not a member`,
    daemon.fencePid !== null && `fencing now, process ${daemon.fencePid}`,
  ]
    .filter(Boolean)
    .join("; ");
}

function sayKernel({ inKernel, recoverStatus, hasNoDirectory }: Dlm["lockspaces"][number]): string {
  if (inKernel === null) return "not said";
  if (!inKernel) return "does not have it";
  return [`recovery flags ${recoverStatus ?? "not said"}`, hasNoDirectory === true && "no directory"].filter(Boolean).join(", ");
}
