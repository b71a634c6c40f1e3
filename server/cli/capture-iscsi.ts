// SPDX-License-Identifier: Apache-2.0
import path from "node:path";

/** What a captured node held of iSCSI: files by their place in a root tree, links, and folders with nothing in them. */
export interface IscsiCapture {
  files: Map<string, string>;
  links: Map<string, string>;
  folders: Set<string>;
}

const CONFIGFS = "sys/kernel/config/target";
/** What the agent reads of configfs; the rest of a capture (counters, parameters, secrets) is left behind. */
const WANTED =
  /\/(?:tpgt_\d+\/(?:enable|dynamic_sessions|attrib\/(?:authentication|generate_node_acls)|acls\/[^/]+\/info)|core\/[^/]+\/[^/]+\/(?:udev_path|enable|info)|version)$/;

/** Folders that say something while they are empty. */
const FOLDER = /^(?:core|iscsi(?:\/[^/]+\/tpgt_\d+\/(?:acls|lun|np)(?:\/[^/]+)?|\/[^/]+\/tpgt_\d+|\/(?:iqn|eui|naa)\.[^/]+)?)$/;

/**
 * LIO's configfs from `find` and `grep -rsH`, the initiator's sysfs from the attributes that were printed, and the sizes of the
 * disks. A text that grep called binary (`dynamic_sessions` with somebody in it) was not captured and is not written.
 */
export function iscsiOf(take: (name: string) => string | null, stderr: (name: string) => string): IscsiCapture {
  const found: IscsiCapture = { files: new Map(), links: new Map(), folders: new Set() };
  putConfigfs(found, take("configfs_find.txt"), take("configfs_values.txt"), stderr("configfs_values.txt"));
  putInitiator(found, take("sysfs_iscsi.txt") ?? "");
  putDisks(found, take("sys_block_sd.txt") ?? "");
  if (take("sysfs_iscsi.txt") === "") found.folders.add("sys/class/iscsi_session");
  return found;
}

function putConfigfs(found: IscsiCapture, names: string | null, values: string | null, stderr: string): void {
  if (names === null || values === null) return;
  const places = names.split("\n").flatMap((line) => (line.startsWith("./") ? [line.slice(2)] : []));
  const lost = new Set([...stderr.matchAll(/^grep: \.\/(.*): binary file matches$/gm)].map(([, place]) => place));
  const texts = new Map<string, string>();
  for (const line of values.split("\n")) {
    const [, from, to] = /^\.\/(.+) -> (.+)$/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) found.links.set(`${CONFIGFS}/${from}`, to);
    // Names have colons: the longest name that `find` printed is the file.
    const place = places.find((one) => line.startsWith(`./${one}:`) && WANTED.test(`/${one}`));
    if (place !== undefined) texts.set(place, `${texts.get(place) ?? ""}${line.slice(place.length + 3)}\n`);
  }
  for (const place of places) {
    const full = `${CONFIGFS}/${place}`;
    // grep prints nothing of an empty file.
    if (WANTED.test(`/${place}`) && !lost.has(place)) found.files.set(full, texts.get(place) ?? "");
    else if (FOLDER.test(place)) found.folders.add(full);
  }
}

/** `== /sys/class/iscsi_session/session1 -> …`, then `name: value` lines. */
function putInitiator(found: IscsiCapture, text: string): void {
  let folder: string | null = null;
  for (const line of text.split("\n")) {
    const heading = /^== \/(sys\/class\/iscsi_[a-z]+\/[^\s/]+) -> /.exec(line)?.[1];
    if (heading !== undefined) folder = heading;
    const [, name, value] = /^([a-z_]+): (.*)$/.exec(line) ?? [];
    // An address the kernel would not say left an empty value: ENOTCONN, no text at all.
    if (folder !== null && name !== undefined && value && !/^(?:password|username)/.test(name))
      found.files.set(`${folder}/${name}`, `${value}\n`);
  }
}

/** `/sys/block/sda -> /sys/devices/platform/host2/session1/target2:0:0/2:0:0:0/block/sda`, then `name: value` lines. */
function putDisks(found: IscsiCapture, text: string): void {
  let place: { block: string; device: string | null } | null = null;
  for (const line of text.split("\n")) {
    const [, name, real] = /^\/sys\/block\/([a-z]+) -> \/(sys\/devices\/\S+)$/.exec(line) ?? [];
    if (name !== undefined && real !== undefined) {
      const [, session, below] = /\/(session\d+)\/(target.*)$/.exec(real) ?? [];
      place = { block: `sys/block/${name}`, device: session && below ? `sys/class/iscsi_session/${session}/device/${below}` : null };
    }
    const [, attribute, value] = /^(size|device\/state): (.*)$/.exec(line) ?? [];
    if (!place || attribute === undefined || !value) continue;
    found.files.set(`${place.block}/${attribute}`, `${value}\n`);
    if (place.device) found.files.set(path.posix.join(place.device, attribute === "size" ? "size" : "../../state"), `${value}\n`);
  }
}
