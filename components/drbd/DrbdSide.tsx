// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { ReactNode } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Sources } from "@/components/cluster/picture";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { formatBytes } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

type Row = readonly [name: string, value: ReactNode];

/** What one node says of its copy, of each peer, and of its settings, in the kernel's and the tool's own words. */
export function DrbdSide({ slug, side, sources }: { slug: string; side: EntityOf<"drbd">; sources: Sources }) {
  const { node } = side.from;
  const of = keyOf.source(node, "drbd");
  return (
    <section aria-label={`${node} says`}>
      <h3>
        <Link href={`/c/${slug}/n/${node}`}>{node}</Link>
        {side.volume !== 0 && ` volume ${side.volume}`} <Age slug={slug} of={of} />
      </h3>
      <Reading slug={slug} of={of} source={sources.get(of)} what="DRBD" isEmpty={false} aged={false}>
        <Facts rows={deviceRows(side)} />
        {side.device.peers.map((peer, index) => (
          // Peers of one device have no name in 8.x and no order of their own but the one they are printed in.
          <div key={peer.name ?? `peer ${index}`}>
            <h4 className="lbl">Of its peer {peer.name}</h4>
            <Facts rows={peerRows(peer)} />
          </div>
        ))}
        <h4 className="lbl">Settings</h4>
        {side.settings ? <Facts rows={volumeRows(side.settings)} /> : <p className="remark d2">the settings are not known</p>}
        {side.settings?.connections.map((connection) => (
          <div key={`${connection.peer} ${connection.remote?.port}`}>
            {side.settings?.connections.length !== 1 && (
              <h4 className="lbl">Settings towards {connection.peer ?? "a peer without a name"}</h4>
            )}
            <Facts rows={connectionRows(connection)} />
          </div>
        ))}
        {side.device.counters && (
          <>
            <h4 className="lbl">Counters since it came up</h4>
            <Facts rows={counterRows(side.device.counters)} />
          </>
        )}
      </Reading>
    </section>
  );
}

function Facts({ rows }: { rows: readonly Row[] }) {
  return (
    <dl className="f">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function deviceRows({ device, said }: EntityOf<"drbd">): readonly Row[] {
  return [
    ["Device", <code key="device">/dev/drbd{device.minor}</code>],
    ["Role", device.role],
    ["Disk", <StateWord key="disk" small said={said} />],
    ...(device.cs === null ? [] : [["State", <code key="cs">{device.cs}</code>] as const]),
    ["Size", device.sizeBytes === null ? "not said" : formatBytes(device.sizeBytes)],
    ...(device.suspended ? [["I/O", `suspended by ${device.suspendedBy.join(", ") || "an unnamed cause"}`] as const] : []),
    ...(device.unconfigured ? [["Set up", "not configured"] as const] : []),
    ...(device.activityLogSuspended ? [["Activity log", "updates suspended"] as const] : []),
  ];
}

function peerRows(peer: EntityOf<"drbd">["device"]["peers"][number]): readonly Row[] {
  return [
    ["Connection", peer.connection],
    ["Replication", peer.replication],
    ["Role", peer.role],
    ["Disk", peer.disk],
    ["Protocol", peer.protocol ?? "not said"],
    ["Out of sync", peer.outOfSyncBytes === null ? "not said" : formatBytes(peer.outOfSyncBytes)],
    ...(peer.pausedBy.length > 0 ? [["Paused by", peer.pausedBy.join(", ")] as const] : []),
    ...(peer.congested === null ? [] : [["Congested", peer.congested] as const]),
  ];
}

type Settings = NonNullable<EntityOf<"drbd">["settings"]>;

function volumeRows({ volumes }: Settings): readonly Row[] {
  return volumes.map(({ volume, backingDevice }) => [
    volumes.length === 1 ? "Backing device" : `Backing device ${volume}`,
    backingDevice ?? "not said",
  ]);
}

function connectionRows(connection: Settings["connections"][number]): readonly Row[] {
  const addressed = (end: typeof connection.local) => (end === null ? "not said" : `${end.address}:${end.port}`);
  return [
    ["Address", `${addressed(connection.local)} to ${addressed(connection.remote)}`],
    ["Protocol", connection.protocol ?? "not said"],
    ["verify-alg", connection.verifyAlg ?? "not said"],
    ["fencing", connection.fencing ?? "not said"],
    ["Two Primaries", connection.allowTwoPrimaries === null ? "not said" : connection.allowTwoPrimaries ? "allowed" : "not allowed"],
    ...algorithm("data-integrity-alg", connection.integrityAlg),
    ...algorithm("Peer authentication", connection.authenticationAlg),
  ];
}

/** Agents that do not read it say nothing; "" is none. */
function algorithm(name: string, value: string | undefined): readonly Row[] {
  return value === undefined ? [] : [[name, value || "none"]];
}

function counterRows(counters: NonNullable<EntityOf<"drbd">["device"]["counters"]>): readonly Row[] {
  const bytes = (name: string, value: number | null): Row[] => (value === null ? [] : [[name, formatBytes(value)]]);
  const count = (name: string, value: number | null): Row[] => (value === null ? [] : [[name, String(value)]]);
  return [
    ...bytes("Network sent", counters.networkSentBytes),
    ...bytes("Network received", counters.networkReceivedBytes),
    ...bytes("Disk written", counters.diskWrittenBytes),
    ...bytes("Disk read", counters.diskReadBytes),
    ...count("Activity log", counters.activityLogWrites),
    ...count("Bitmap", counters.bitmapWrites),
    ...count("Local pending", counters.localPending),
    ...count("Peer pending", counters.peerPending),
    ...count("Unacknowledged", counters.unacknowledged),
    ...count("App. pending", counters.applicationPending),
    ...count("Epochs", counters.epochs),
    ...(counters.writeOrdering === null ? [] : [["Write order", counters.writeOrdering] as const]),
  ];
}
