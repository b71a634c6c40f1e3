// SPDX-License-Identifier: Apache-2.0
import { intOrNull } from "@/agent/collectors/text";
import type { IscsiDisk, IscsiSession } from "@/agent/protocol/model/iscsi";
import { type Reader, word } from "./reader";

export const SESSIONS = "/sys/class/iscsi_session";
const CONNECTIONS = "/sys/class/iscsi_connection";
const SECTOR_BYTES = 512;

const number = (text: string) => intOrNull(text.trim());

/** The sessions of this node's own initiator, by number. Only named attributes are read: never a name or password of CHAP. */
export async function readSessions(reader: Reader): Promise<IscsiSession[] | null> {
  const before = reader.failures;
  const names = await reader.names(SESSIONS, "iSCSI sessions");
  if (reader.failures > before) return null;
  const connections = await reader.names(CONNECTIONS, "iSCSI connections");
  const sessions: IscsiSession[] = [];
  for (const name of names) {
    if (!/^session\d{1,10}$/.test(name)) continue;
    if (!reader.hasRoom()) break;
    sessions.push(await readSession(reader, name, connections));
  }
  return sessions.sort((one, other) => numberOf(one.name) - numberOf(other.name));
}

function numberOf(name: string): number {
  return Number(name.slice("session".length));
}

async function readSession(reader: Reader, name: string, connections: readonly string[]): Promise<IscsiSession> {
  const of = <T>(attribute: string, parse: (text: string) => T) =>
    reader.text(`${SESSIONS}/${name}/${attribute}`, `${name} ${attribute}`, parse);
  // Linux's initiator has one connection in each session.
  const connection = connections.find((one) => one.startsWith(`connection${numberOf(name)}:`));
  const ofConnection = async <T>(attribute: string, parse: (text: string) => T | null) =>
    connection === undefined
      ? null
      : reader.text(`${CONNECTIONS}/${connection}/${attribute}`, `${name} connection ${attribute}`, parse, { mayRefuse: true });
  const before = reader.failures;
  const disks = await readDisks(reader, name);
  const hasAllDisks = reader.failures === before || disks.length > 0;
  return {
    name,
    target: await of("targetname", word),
    tpgt: await of("tpgt", number),
    state: await of("state", word),
    connectionState: await ofConnection("state", word),
    persistentAddress: await ofConnection("persistent_address", word),
    persistentPort: await ofConnection("persistent_port", number),
    address: await ofConnection("address", word),
    port: await ofConnection("port", number),
    recoveryTimeoutSeconds: await of("recovery_tmo", number),
    initiatorName: await of("initiatorname", word),
    disks,
    ...(hasAllDisks ? {} : { hasAllDisks }),
  };
}

/** `session1/device` is the session's own device: `target2:0:0/2:0:0:1/block/sda` lies below it. */
async function readDisks(reader: Reader, session: string): Promise<IscsiDisk[]> {
  const folder = `${SESSIONS}/${session}/device`;
  const disks: IscsiDisk[] = [];
  for (const target of await reader.names(folder, `${session} disks`)) {
    if (!/^target\d+:\d+:\d+$/.test(target)) continue;
    for (const address of await reader.names(`${folder}/${target}`, `${session} disks`)) {
      const lun = /^\d+:\d+:\d+:(\d+)$/.exec(address)?.[1];
      if (lun === undefined) continue;
      const place = `${folder}/${target}/${address}`;
      for (const name of await reader.names(`${place}/block`, `${session} disks`)) {
        if (!reader.hasRoom()) return disks;
        const sectors = await reader.text(`${place}/block/${name}/size`, `${name} size`, number);
        disks.push({
          name,
          lun: intOrNull(lun),
          state: await reader.text(`${place}/state`, `${name} state`, word),
          sizeBytes: sectors === null || sectors < 0 ? null : sectors * SECTOR_BYTES,
        });
      }
    }
  }
  return disks.sort((one, other) => (one.name < other.name ? -1 : 1));
}
