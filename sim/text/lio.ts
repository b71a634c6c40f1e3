// SPDX-License-Identifier: Apache-2.0

/** A session as an ACL of LIO shows it. */
export interface AclSessionText {
  initiator: string;
  alias: string;
  /** Of the session on this target: 1, 2 … */
  id: number;
  address: string;
}

/** An ACL's `info`. Source: iscsi_target_configfs.c, lio_target_nacl_info_show, Linux 6.1. */
export function renderAclInfo(initiator: string, session: AclSessionText | null): string {
  if (session === null) return `No active iSCSI Session for Initiator Endpoint: ${initiator}\n`;
  return [
    `InitiatorName: ${initiator}`,
    `InitiatorAlias: ${session.alias}`,
    `LIO Session ID: ${session.id}   ISID: 0x00 02 3d 00 00 01  TSIH: ${session.id}  SessionType: Normal`,
    "Session State: TARG_SESS_STATE_LOGGED_IN",
    "---------------------[iSCSI Session Values]-----------------------",
    "  CmdSN/WR  :  CmdSN/WC  :  ExpCmdSN  :  MaxCmdSN  :     ITT    :     TTT",
    " 0x00000040   0x00000040   0x00000025   0x00000064   0x00000029   0x00000024",
    "----------------------[iSCSI Connections]-------------------------",
    "CID: 0  Connection State: TARG_CONN_STATE_LOGGED_IN",
    `   Address ${session.address} TCP  StatSN: 0x6a90bcac`,
    "",
  ].join("\n");
}

/** The `info` of an iblock. Source: target_core_iblock.c, iblock_show_configfs_dev_params, Linux 6.1. */
export function renderIblockInfo(device: { block: string; path: string; major: number; minor: number }): string {
  return [
    "Status: ACTIVATED  Max Queue Depth: 0  SectorSize: 512  HwMaxSectors: 4294967288",
    `        iBlock device: ${device.block}  UDEV PATH: ${device.path}  readonly: 0`,
    `        Major: ${device.major} Minor: ${device.minor}  CLAIMED: IBLOCK`,
    "",
  ].join("\n");
}
