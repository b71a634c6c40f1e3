// SPDX-License-Identifier: Apache-2.0
import { intOrNull } from "@/agent/collectors/text";
import { unreadPart } from "@/agent/collectors/unread";
import type { IscsiAcl, IscsiLun, IscsiPortal, IscsiPortalGroup, IscsiTarget, IscsiTargetSession } from "@/agent/protocol/model/iscsi";
import { type BackstoreInfo, parseAclInfo, parseBackstoreInfo, parseDynamicSessions, parsePortal } from "./parse-lio";
import { flag, type Reader, word } from "./reader";

export const LIO = "/sys/kernel/config/target";
const SECTOR_BYTES = 512;
/** The kernel fills one page with names and leaves out what does not fit. */
const PAGE_BYTES = 4_096;
const LONGEST_NAME = 225;

/** What LIO serves. Only named attributes are read: secrets (`auth/`) are never opened. */
export async function readTargets(reader: Reader): Promise<IscsiTarget[] | null> {
  const before = reader.failures;
  const names = await reader.names(`${LIO}/iscsi`, "iSCSI targets");
  if (reader.failures > before) return null;
  const targets: IscsiTarget[] = [];
  for (const iqn of names) {
    // Beside the targets stand `discovery_auth` and a few attributes.
    if (!/^(?:iqn|eui|naa)\./.test(iqn)) continue;
    if (!reader.hasRoom()) break;
    const target = await readTarget(reader, iqn);
    if (target) targets.push(target);
  }
  return targets;
}

/** One target; null when it was taken away meanwhile. */
async function readTarget(reader: Reader, iqn: string): Promise<IscsiTarget | null> {
  const before = reader.failures;
  const names = await reader.folder(`${LIO}/iscsi/${iqn}`, iqn);
  if (names === null) return reader.failures > before ? { iqn, portalGroups: [], hasAllGroups: false } : null;
  const groups: IscsiPortalGroup[] = [];
  for (const name of names) {
    const tag = intOrNull(/^tpgt_(\d{1,5})$/.exec(name)?.[1]);
    if (tag === null) continue;
    if (!reader.hasRoom()) return { iqn, portalGroups: groups, hasAllGroups: false };
    groups.push(await readGroup(reader, iqn, tag));
  }
  return { iqn, portalGroups: groups.sort((one, other) => one.tag - other.tag) };
}

async function readGroup(reader: Reader, iqn: string, tag: number): Promise<IscsiPortalGroup> {
  const folder = `${LIO}/iscsi/${iqn}/tpgt_${tag}`;
  const what = (part: string) => `${iqn} group ${tag} ${part}`;
  const isEnabled = await reader.text(`${folder}/enable`, what("enable"), flag);
  const letsAnybodyIn = await reader.text(`${folder}/attrib/generate_node_acls`, what("demo mode"), flag);
  const beforePortals = reader.failures;
  const portals = await readPortals(reader, `${folder}/np`, what("portals"));
  const beforeLuns = reader.failures;
  const luns = await readLuns(reader, `${folder}/lun`, what);
  const before = reader.failures;
  const { acls, sessions } = await readAcls(reader, `${folder}/acls`, what);
  const dynamic = letsAnybodyIn === false ? [] : await readDynamic(reader, folder, iqn, what("sessions without an ACL"));
  return {
    tag,
    isEnabled,
    portals,
    luns,
    acls,
    sessions: [...sessions, ...dynamic],
    hasAllSessions: reader.failures === before,
    authentication: await reader.text(`${folder}/attrib/authentication`, what("authentication"), flag),
    letsAnybodyIn,
    ...(beforeLuns > beforePortals ? { hasAllPortals: false } : {}),
    ...(before > beforeLuns && luns.length === 0 ? { hasAllLuns: false } : {}),
  };
}

async function readPortals(reader: Reader, folder: string, what: string): Promise<IscsiPortal[]> {
  const portals: IscsiPortal[] = [];
  for (const name of await reader.names(folder, what)) {
    if (!reader.hasRoom()) break;
    const portal = parsePortal(name);
    if (portal) portals.push(portal);
    else reader.note(unreadPart(`${what} ${name}`, "COLLECT_PARSE", `${folder}: "${name}" is not an address and a port.`));
  }
  return portals;
}

async function readLuns(reader: Reader, folder: string, what: (part: string) => string): Promise<IscsiLun[]> {
  const luns: IscsiLun[] = [];
  for (const name of await reader.names(folder, what("LUNs"))) {
    const lun = lunOf(name);
    if (lun === null) continue;
    if (!reader.hasRoom()) break;
    const backstore = await readBackstoreName(reader, `${folder}/${name}`, what(`LUN ${lun}`));
    luns.push({ lun, backstore, ...(await readBackstore(reader, backstore)) });
  }
  return luns.sort((one, other) => one.lun - other.lun);
}

function lunOf(name: string): number | null {
  return intOrNull(/^lun_(\d{1,5})$/.exec(name)?.[1]);
}

/** The one link in a LUN's folder leads to its backstore; its own name means nothing. */
async function readBackstoreName(reader: Reader, folder: string, what: string): Promise<string | null> {
  for (const name of await reader.names(folder, what)) {
    if (name.startsWith("alua_") || name === "statistics") continue;
    const target = await reader.link(`${folder}/${name}`, what);
    const backstore = /\/core\/([^/]+\/[^/]+)\/?$/.exec(target ?? "")?.[1];
    if (backstore !== undefined && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(backstore)) return backstore;
  }
  return null;
}

async function readBackstore(reader: Reader, name: string | null): Promise<Pick<IscsiLun, "device" | "isEnabled" | "sizeBytes">> {
  if (name === null) return { device: null, isEnabled: null, sizeBytes: null };
  const folder = `${LIO}/core/${name}`;
  const path = await reader.text(`${folder}/udev_path`, `${name} device`, word);
  const isEnabled = await reader.text(`${folder}/enable`, `${name} enable`, flag);
  const found = await reader.text(`${folder}/info`, `${name} info`, (text) => parseBackstoreInfo(name, text));
  const block = found?.block ?? null;
  return {
    device: path ?? (block === null ? (found?.file ?? null) : `/dev/${block.replaceAll("!", "/")}`),
    isEnabled,
    sizeBytes: await sizeOf(reader, name, found),
  };
}

async function sizeOf(reader: Reader, name: string, found: BackstoreInfo | null): Promise<number | null> {
  if (!found?.block) return found?.sizeBytes ?? null;
  // A name of the kernel's, but a text all the same: it must not lead elsewhere.
  const block = found.block.replaceAll("/", "!");
  if (block === "." || block === "..") return null;
  const sectors = await reader.text(`/sys/block/${block}/size`, `${name} size`, (text) => intOrNull(text.trim()));
  return sectors === null || sectors < 0 ? null : sectors * SECTOR_BYTES;
}

async function readAcls(
  reader: Reader,
  folder: string,
  what: (part: string) => string,
): Promise<{ acls: IscsiAcl[]; sessions: IscsiTargetSession[] }> {
  const acls: IscsiAcl[] = [];
  const sessions: IscsiTargetSession[] = [];
  for (const initiator of await reader.names(folder, what("ACLs"))) {
    if (!reader.hasRoom()) break;
    acls.push({ initiator, luns: await readMapped(reader, `${folder}/${initiator}`, what(`ACL ${initiator}`)) });
    const session = await reader.text(`${folder}/${initiator}/info`, what(`session of ${initiator}`), (text) =>
      parseAclInfo(initiator, text),
    );
    if (session) sessions.push(session);
  }
  return { acls, sessions };
}

/** The LUNs an initiator is given: each folder holds a link to the group's LUN that it is. */
async function readMapped(reader: Reader, folder: string, what: string): Promise<IscsiAcl["luns"]> {
  const luns: IscsiAcl["luns"] = [];
  for (const name of await reader.names(folder, what)) {
    const lun = lunOf(name);
    if (lun === null) continue;
    if (!reader.hasRoom()) break;
    let is: number | null = null;
    for (const one of await reader.names(`${folder}/${name}`, what)) {
      if (is !== null || one === "write_protect" || one === "statistics") continue;
      is = lunOf(/\/lun\/(lun_\d+)\/?$/.exec((await reader.link(`${folder}/${name}/${one}`, what)) ?? "")?.[1] ?? "");
    }
    luns.push({ lun, is });
  }
  return luns.sort((one, other) => one.lun - other.lun);
}

async function readDynamic(reader: Reader, folder: string, iqn: string, what: string): Promise<IscsiTargetSession[]> {
  const path = `${folder}/dynamic_sessions`;
  const before = reader.failures;
  let isFull = false;
  const parse = (text: string) => {
    isFull = text.length > PAGE_BYTES - LONGEST_NAME;
    return parseDynamicSessions(iqn, text);
  };
  const sessions = await reader.text(path, what, parse, { isBinary: true });
  if (sessions === null && reader.failures === before)
    reader.note(unreadPart(what, "COLLECT_READ", `${path} is not there: who is logged in without an ACL is not known.`));
  if (isFull) reader.note(unreadPart(what, "COLLECT_TOO_LARGE", `${path} shows one page of names; there may be more.`));
  return sessions ?? [];
}
