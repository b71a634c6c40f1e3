// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import { createReader, type Reader } from "./reader";
import { readSessions, SESSIONS } from "./sessions";
import { LIO, readTargets } from "./targets";

/** iSCSI on this node: what LIO serves (target), and what its own initiator uses. */
export const iscsi = defineCollector({
  name: "iscsi",
  reads: `${LIO}, ${SESSIONS}`,
  everyMs: 5_000,
  absentEveryMs: 15_000,
  timeoutMs: 10_000,
  // " connection1:0: detected conn error (1022)", " session1: session recovery timed out after 120 secs". Source: scsi_transport_iscsi.c
  kernelBell: /^ ?(connection|session)\d+:/,
  async read(host) {
    const refused: { problem: Unread; error: HostError }[] = [];
    const [hasTargets, hasSessions] = [await isThere(host, LIO, refused), await isThere(host, SESSIONS, refused)];
    const [first] = refused;
    if (!hasTargets && !hasSessions) {
      // Nothing good is known: that is a failure, not "none here".
      if (first) throw first.error;
      return null;
    }
    const reader = createReader(host);
    const targets = await partOf(reader, hasTargets, readTargets);
    const sessions = await partOf(reader, hasSessions, readSessions);
    return { targets, sessions, unread: [...refused.map(({ problem }) => problem), ...reader.problems()] };
  },
});

async function partOf<T>(reader: Reader, isHere: boolean, read: (reader: Reader) => Promise<T | null>): Promise<T | null> {
  return isHere ? read(reader) : null;
}

async function isThere(host: Host, folder: string, refused: { problem: Unread; error: HostError }[]): Promise<boolean> {
  try {
    return (await host.list(folder)) !== null;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    refused.push({ problem: unread(folder === LIO ? "iSCSI targets" : "iSCSI sessions", error), error });
    return false;
  }
}
