// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { IscsiPortal, IscsiTargetSession } from "@/agent/protocol/model/iscsi";

/** Far more than one target has; hostile text stays cheap. */
const MAX_NAMES = 4_096;

/** An iSCSI name is at most 223 bytes long. Source: RFC 3720, 3.2.6.1. */
const INITIATOR = /^[^\s\0]{1,223}$/;

/** The name of a portal's folder: "10.0.0.1:3260", "[fd00::1]:3260". Null for anything else. */
export function parsePortal(name: string): IscsiPortal | null {
  const [, inBrackets, plain, digits] = /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([0-9.]+)):(\d{1,5})$/.exec(name) ?? [];
  const address = inBrackets ?? plain;
  const port = intOrNull(digits);
  return address === undefined || port === null || port > 65_535 ? null : { address, port };
}

/**
 * An ACL's `info`: its session, or null when it has none.
 * Source: lio_target_nacl_info_show, drivers/target/iscsi/iscsi_target_configfs.c, Linux 3.1 to 6.12.
 * @throws ParseError
 */
export function parseAclInfo(initiator: string, text: string): IscsiTargetSession | null {
  const lines = finishedLines(`ACL of ${initiator}`, text);
  const [first = ""] = lines;
  if (first.startsWith("No active iSCSI Session for Initiator Endpoint:")) return null;
  if (!first.startsWith("InitiatorName:")) throw new ParseError(`ACL of ${initiator}: ${excerpt(first)} is not how a session begins`);
  const state = lines.map((line) => /^Session State: (\S+)$/.exec(line)?.[1]).find((word) => word !== undefined);
  // The connections come last: without their heading the text is not whole, and who is connected is not known.
  if (state === undefined || !lines.some((line) => line.includes("[iSCSI Connections]")))
    throw new ParseError(`ACL of ${initiator}: its session's state or connections are missing`);
  const addresses = lines.flatMap((line) => {
    const address = /^\s+Address (\S+) \S+\s+StatSN:/.exec(line)?.[1];
    return address === undefined ? [] : [address.replace(/^\[(.*)\]$/, "$1")];
  });
  return { initiator, isDynamic: false, state, addresses };
}

/**
 * Who is logged in without an ACL: a name, a newline and a NUL for each. An empty text: nobody.
 * Source: target_show_dynamic_sessions, drivers/target/target_core_transport.c, Linux 6.1.
 * @throws ParseError
 */
export function parseDynamicSessions(iqn: string, text: string): IscsiTargetSession[] {
  if (text === "") return [];
  if (!text.endsWith("\n\0")) throw new ParseError(`dynamic sessions of ${iqn}: the text ends in the middle of a name`);
  const names = text.slice(0, -2).split("\n\0");
  if (names.length > MAX_NAMES) throw new ParseError(`dynamic sessions of ${iqn}: more than ${MAX_NAMES}`);
  return names.map((initiator) => {
    if (!INITIATOR.test(initiator)) throw new ParseError(`dynamic sessions of ${iqn}: ${excerpt(initiator)} is not a name`);
    return { initiator, isDynamic: true, state: null, addresses: [] };
  });
}

/** What a backstore says of itself. */
export interface BackstoreInfo {
  /** Kernel name of the block device of an iblock: "vde". */
  block: string | null;
  /** File of a fileio. */
  file: string | null;
  sizeBytes: number | null;
}

/**
 * A backstore's `info`.
 * Source: target_core_iblock.c and target_core_file.c, `…_show_configfs_dev_params`, Linux 3.1 to 6.12.
 * @throws ParseError
 */
export function parseBackstoreInfo(name: string, text: string): BackstoreInfo {
  const lines = finishedLines(`backstore ${name}`, text);
  if (!lines[0]?.startsWith("Status: ")) throw new ParseError(`backstore ${name}: ${excerpt(lines[0] ?? "")} is not its status`);
  const block = lines.map((line) => /^\s+iBlock device: (\S+)\s/.exec(line)?.[1]).find((word) => word !== undefined) ?? null;
  const [, file, size] =
    lines.map((line) => /^\s+TCM FILEIO ID: \d+\s+File: (.+?)\s+Size: (\d+)\s/.exec(line)).find((found) => found) ?? [];
  return { block, file: file ?? null, sizeBytes: intOrNull(size) };
}
