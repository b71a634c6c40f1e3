// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** Where a portal group listens. 0.0.0.0 and :: are every address of the node. IPv6 without its brackets. */
export const IscsiPortal = z.object({ address: z.string(), port: z.number().int().min(0).max(65_535) });
export type IscsiPortal = z.infer<typeof IscsiPortal>;

/** One LUN of a portal group and the backstore under it. Null: not said, or not read (then `unread` says so). */
export const IscsiLun = z.object({
  lun: z.number().int().nonnegative(),
  /** HBA and name as in configfs: "iblock_0/disk1". Null when the LUN has none. */
  backstore: z.string().nullable(),
  /** The block device or file under it: "/dev/drbd1", from `udev_path`, else from `info`. */
  device: z.string().nullable(),
  /** The backstore's `enable`. */
  isEnabled: z.boolean().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
});
export type IscsiLun = z.infer<typeof IscsiLun>;

/** An initiator that may log in by name, and the LUNs it is given. */
export const IscsiAcl = z.object({
  initiator: z.string(),
  /** The number the initiator sees, and the group's own LUN behind it; null when its link could not be read. */
  luns: z.array(z.object({ lun: z.number().int().nonnegative(), is: z.number().int().nonnegative().nullable() })),
});
export type IscsiAcl = z.infer<typeof IscsiAcl>;

/** An initiator that is logged in, as the target says it. */
export const IscsiTargetSession = z.object({
  initiator: z.string(),
  /** Let in without an ACL of its own (demo mode): LIO then says its name and nothing else. */
  isDynamic: z.boolean(),
  /** As read: "TARG_SESS_STATE_LOGGED_IN". */
  state: z.string().nullable(),
  addresses: z.array(z.string()),
});
export type IscsiTargetSession = z.infer<typeof IscsiTargetSession>;

export const IscsiPortalGroup = z.object({
  tag: z.number().int().nonnegative(),
  isEnabled: z.boolean().nullable(),
  /** Empty: nobody can log in, whatever else says Started. */
  portals: z.array(IscsiPortal),
  luns: z.array(IscsiLun),
  acls: z.array(IscsiAcl),
  sessions: z.array(IscsiTargetSession),
  /** False when a part of the list could not be read: who is missing in it may be logged in all the same. */
  hasAllSessions: z.boolean(),
  /** Whether initiators must prove who they are (CHAP). Never the secret. */
  authentication: z.boolean().nullable(),
  /** Demo mode: whoever asks is let in (`generate_node_acls`). */
  letsAnybodyIn: z.boolean().nullable(),
  /** False when not all portals could be read: none in the list is then no word that it listens nowhere. Missing: all were, or an older agent. */
  hasAllPortals: z.boolean().exactOptional(),
  /** The same of its LUNs. */
  hasAllLuns: z.boolean().exactOptional(),
});
export type IscsiPortalGroup = z.infer<typeof IscsiPortalGroup>;

/** One target of LIO, from configfs. */
export const IscsiTarget = z.object({
  iqn: z.string(),
  portalGroups: z.array(IscsiPortalGroup),
  /** False when not all its portal groups could be read. Missing: all were, or an older agent. */
  hasAllGroups: z.boolean().exactOptional(),
});
export type IscsiTarget = z.infer<typeof IscsiTarget>;

/** A SCSI disk that a session brought. `state` as read: "running", "blocked", "transport-offline". */
export const IscsiDisk = z.object({
  name: z.string(),
  lun: z.number().int().nonnegative().nullable(),
  state: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
});
export type IscsiDisk = z.infer<typeof IscsiDisk>;

/** A session of this node's own initiator, from sysfs. */
export const IscsiSession = z.object({
  name: z.string(),
  target: z.string().nullable(),
  /** Tag of the portal group it logged in to. */
  tpgt: z.number().int().nullable(),
  /** As read: "LOGGED_IN", "FAILED" (waits, its disks are blocked), "FREE" (given up, its disks are offline). */
  state: z.string().nullable(),
  /** As read: "up", "failed". Falls before the session's own state does. */
  connectionState: z.string().nullable(),
  /** What was configured; the address of now differs after a redirect, and is gone while the connection is. */
  persistentAddress: z.string().nullable(),
  persistentPort: z.number().int().nullable(),
  address: z.string().nullable(),
  port: z.number().int().nullable(),
  /** How long a lost session holds its I/O back before it fails it (`recovery_tmo`); null also for "off". */
  recoveryTimeoutSeconds: z.number().int().nullable(),
  initiatorName: z.string().nullable(),
  disks: z.array(IscsiDisk),
  /** False when not all its disks could be read. Missing: all were, or an older agent. */
  hasAllDisks: z.boolean().exactOptional(),
});
export type IscsiSession = z.infer<typeof IscsiSession>;

/** iSCSI on one node: what LIO serves, and what its own initiator uses. */
export const Iscsi = z.object({
  /** Null: no LIO here, or it could not be read (then `unread` says so). */
  targets: z.array(IscsiTarget).nullable(),
  /** Null: no iSCSI initiator here, or it could not be read (then `unread` says so). */
  sessions: z.array(IscsiSession).nullable(),
  unread: z.array(Unread),
});
export type Iscsi = z.infer<typeof Iscsi>;
