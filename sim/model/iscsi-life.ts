// SPDX-License-Identifier: Apache-2.0

import type { Primitive } from "./manager";
import type { Cluster, SimNode, SimSession } from "./model";
import { print, type Scene } from "./scene";

/** A connection that gets no answer is given up after this long: a ping of 5 s, shortened as the address itself moves. */
const NOTICED_MS = 1_000;
/** From then until the session itself is FAILED. */
const FAILED_MS = 2_500;
/** A target that answers again is logged in to after this long. */
const LOGIN_MS = 1_500;

/** A target of LIO that Pacemaker started: the group's address, target and LUNs. */
export interface SimTarget {
  iqn: string;
  node: string;
  portals: { address: string; port: number }[];
  luns: { lun: number; name: string; device: string }[];
}

const agentOf = (primitive: Primitive) => primitive.agent.split(":").at(-1);

/** The targets of a cluster, where they are started now. A target whose portal was lost is there all the same. */
export function targetsOf(cluster: Cluster): SimTarget[] {
  return cluster.pacemaker.services.flatMap(({ primitives }) =>
    primitives.flatMap((primitive): SimTarget[] => {
      const { node, state, parameters } = primitive;
      const iqn = parameters.iqn;
      if (agentOf(primitive) !== "iSCSITarget" || node === null || state !== "Started" || iqn === undefined) return [];
      const [, address = "", port = ""] = /^(.+):(\d+)$/.exec(parameters.portals ?? "") ?? [];
      const luns = primitives.filter(
        (one) => agentOf(one) === "iSCSILogicalUnit" && one.state === "Started" && one.parameters.target_iqn === iqn,
      );
      return [
        {
          iqn,
          node,
          portals: primitive.isDeaf ? [] : [{ address, port: Number(port) }],
          luns: luns.map((one) => ({ lun: Number(one.parameters.lun), name: one.id, device: one.parameters.path ?? "" })),
        },
      ];
    }),
  );
}

/** Who answers where a session was sent; null when nobody does. */
function answers(cluster: Cluster, client: SimNode, session: SimSession): SimTarget | null {
  if (session.isCut || !client.ports.some((port) => port.name === session.port && port.isCableIn)) return null;
  const found = targetsOf(cluster).find(
    (target) =>
      target.iqn === session.target &&
      target.portals.some(({ address, port }) => address === session.address && port === session.tcpPort) &&
      target.luns.some(({ lun }) => lun === session.lun) &&
      cluster.nodes.some((node) => node.name === target.node && node.power === "on"),
  );
  return found ?? null;
}

/** One step of time on every initiator: its sessions are served, or their target is silent. */
export function advanceIscsi(scene: Scene, cluster: Cluster, dtMs: number): void {
  for (const node of cluster.nodes) {
    if (node.power !== "on") continue;
    for (const session of node.iscsi?.sessions ?? []) {
      const target = answers(cluster, node, session);
      // A target that moved took no session with it: the connection breaks, and is made anew.
      if (target !== null && (session.servedBy === target.node || session.servedBy === null)) serve(session, target.node, dtMs);
      else lose(scene, node, session, dtMs);
    }
  }
}

function serve(session: SimSession, server: string, dtMs: number): void {
  if (session.servedBy === null) {
    session.loginMs += dtMs;
    if (session.loginMs < LOGIN_MS) return;
  }
  Object.assign(session, { state: "LOGGED_IN", isConnected: true, disk: "running", silentMs: 0, loginMs: 0, servedBy: server });
}

function lose(scene: Scene, node: SimNode, session: SimSession, dtMs: number): void {
  session.silentMs += dtMs;
  session.loginMs = 0;
  if (session.silentMs < NOTICED_MS) return;
  if (session.isConnected) {
    Object.assign(session, { isConnected: false, disk: "blocked", servedBy: null });
    print(scene, node, ` connection${session.id}:0: detected conn error (1022)`, 3);
  }
  if (session.silentMs >= FAILED_MS && session.state === "LOGGED_IN") session.state = "FAILED";
  if (session.silentMs >= FAILED_MS + session.recoverySeconds * 1_000 && session.state === "FAILED") {
    Object.assign(session, { state: "FREE", disk: "transport-offline" });
    print(scene, node, ` session${session.id}: session recovery timed out after ${session.recoverySeconds} secs`, 6);
  }
}
