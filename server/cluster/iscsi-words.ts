// SPDX-License-Identifier: Apache-2.0
import type { Said } from "@/agent/protocol/console/view";
import type { IscsiDisk, IscsiPortal, IscsiSession } from "@/agent/protocol/model/iscsi";
import { said, worst } from "./said";

/** "10.20.5.10:3260", "[fd00::1]:3260". */
export function portalWords({ address, port }: IscsiPortal): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::", "::0"]);

/** An address as both ends may spell it: IPv4 inside IPv6, a zone, capitals. */
function plain(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/%.*$/, "");
}

/** Whether a portal listens where an initiator asks: at that address, or at every address of its node. */
export function listensAt(portal: IscsiPortal, asked: IscsiPortal): boolean {
  return portal.port === asked.port && (EVERY_ADDRESS.has(portal.address) || plain(portal.address) === plain(asked.address));
}

/** Where a session leads now, else where it was sent; null when it says neither. */
export function portalOf({ address, port, persistentAddress, persistentPort }: IscsiSession): IscsiPortal | null {
  if (address !== null && port !== null) return { address, port };
  return persistentAddress !== null && persistentPort !== null ? { address: persistentAddress, port: persistentPort } : null;
}

/** True when the initiator itself says that all is well. */
export function isUp({ state, connectionState }: IscsiSession): boolean {
  return state === "LOGGED_IN" && (connectionState === null || connectionState === "up");
}

/** What the initiator alone says of its session. Words: drivers/scsi/scsi_transport_iscsi.c, Linux 6.1. */
export function judgeSession(session: IscsiSession): Said {
  const { state, connectionState, recoveryTimeoutSeconds, disks } = session;
  const held = recoveryTimeoutSeconds === null ? "until it is back" : `for up to ${recoveryTimeoutSeconds} s, then it fails`;
  if (state === "FREE") return said("bad", "FREE, I/O fails", "It was lost for longer than its recovery timeout: its disks are offline.");
  if (state === "FAILED") return said("bad", "FAILED, I/O waits", `It lost its target. I/O is held back ${held}.`);
  if (state === null) return said("unknown", "state not known", "The session's state could not be read.");
  if (state !== "LOGGED_IN") return said("unknown", state, "Not a word this console knows.");
  if (connectionState === "failed") return said("bad", "connection failed, I/O waits", `Its connection is lost. I/O is held back ${held}.`);
  if (connectionState !== null && connectionState !== "up")
    return said("unknown", `connection ${connectionState}`, "Not a word this console knows.");
  if (disks.length === 0 && session.hasAllDisks === false)
    return said("unknown", "logged in, disks not read", "Its disks could not be read.");
  if (disks.length === 0)
    return said("risk", "logged in, no disk", "It is logged in, and no disk came with it: no LUN is given to this initiator.");
  return worst(disks.map(judgeDisk), said("ok", "logged in"));
}

/** What SCSI says of a disk. Words: drivers/scsi/scsi_sysfs.c, Linux 6.1. */
export function judgeDisk({ name, state }: IscsiDisk): Said {
  if (state === "running") return said("ok", "logged in");
  if (state === "blocked") return said("bad", `${name} blocked`, "Its I/O waits for the session to come back.");
  if (state === "transport-offline" || state === "offline") return said("bad", `${name} ${state}`, "Its I/O fails.");
  return said("unknown", `${name} ${state ?? "not said"}`, "Not a word this console knows.");
}
