// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { Lasting, When } from "@/components/live/Age";
import { formatBytes, formatPercent, formatSeconds } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { fenceWords } from "./fence-words";
import { Interfaces } from "./Interfaces";

/** The machine's own facts; what it does not say is left out, what could not be read is said. */
export function NodeFactsList({ node, pacemaker }: { node: EntityOf<"node">; pacemaker: EntityOf<"cluster">["pacemaker"] }) {
  const { host } = node;
  const rows: [string, ReactNode][] = [["Role", node.role === "member" ? "member of the cluster" : "client, no vote"]];
  // An agent that reads no versions still reads these two.
  if (!node.versions && host?.kernel) rows.push(["Kernel", host.kernel]);
  if (!node.versions && node.drbdVersion) rows.push(["DRBD", node.drbdVersion]);
  if (node.bootedAtMs !== null)
    rows.push([
      "Up",
      <>
        <Lasting sinceMs={node.bootedAtMs} />, since <When atMs={node.bootedAtMs} />
      </>,
    ]);
  // One node answers for the whole cluster: which one belongs to its word.
  if (pacemaker?.version) rows.push(["Cluster runs", `Pacemaker ${pacemaker.version}, as ${pacemaker.from.node} says`]);
  if (node.fence) rows.push(["Can be fenced", fenceWords(node.fence).map((words) => <div key={words}>{words}</div>)]);
  if (node.clockAheadSeconds !== undefined)
    rows.push([
      "Clock",
      `${formatSeconds(Math.abs(node.clockAheadSeconds) * 1_000)} ${node.clockAheadSeconds > 0 ? "ahead of" : "behind"} the console's`,
    ]);
  if (node.agentVersion) rows.push(["Agent", node.agentVersion]);
  if (host && host.load1 !== null) rows.push(["Load", `${host.load1.toFixed(1)}${host.cpus === null ? "" : ` on ${host.cpus} cores`}`]);
  if (host && host.ioPressurePercent !== null) rows.push(["Waits for I/O", `${formatPercent(host.ioPressurePercent)} of the last 10 s`]);
  if (host && host.memoryTotalBytes !== null && host.memoryAvailableBytes !== null)
    rows.push([
      "Memory",
      `${formatBytes(host.memoryTotalBytes - host.memoryAvailableBytes)} of ${formatBytes(host.memoryTotalBytes)} used`,
    ]);
  if (host && host.eccCorrected !== null)
    rows.push(["Memory errors", `${host.eccCorrected} corrected, ${host.eccUncorrected ?? "unknown"} uncorrected`]);
  return (
    <>
      <dl className="f">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <Interfaces interfaces={host?.interfaces ?? []} />
      </dl>
      {host?.unread.map(({ what, message }) => (
        <p key={what} className="remark d2">
          <Icon shape="unknown" /> {what}: could not read: {message}
        </p>
      ))}
    </>
  );
}
