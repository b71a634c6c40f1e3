// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { intOrNull } from "@/agent/collectors/text";
import { inOrder, readPart, unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";
import type { Unread } from "@/agent/protocol/errors";
import type { DlmLockspace } from "@/agent/protocol/model/dlm";
import { type DaemonLockspace, NO_DAEMON, parseLockspaces, parseStatus } from "./parse";

const SYSFS = "/sys/kernel/dlm";
const TOOL = { timeoutMs: 3_000, maxBytes: 1024 * 1024 } as const;

/**
 * The kernel's DLM and the daemon that moves its members. Everything in it is steady.
 * dlm_tool waits for its daemon, and the daemon may wait for fencing: it gets little time, and takes nothing from the kernel's word.
 * Source of the files: fs/dlm/lockspace.c, Linux 2.6.19 to 6.12.
 */
export const dlm = defineCollector({
  name: "dlm",
  reads: `${SYSFS}/*, dlm_tool ls, dlm_tool status`,
  everyMs: 5_000,
  absentEveryMs: 15_000,
  timeoutMs: 15_000,
  async read(host) {
    const names = await host.list(SYSFS);
    // The tools may lie on a node that uses no DLM: without the module there is none.
    if (names === null) return null;
    const problems: Unread[] = [];
    const kernel = await Promise.all(names.map((name) => readLockspace(host, name, problems)));
    let isAlone = false;
    const status = (text: string) => {
      isAlone = text === NO_DAEMON;
      return parseStatus(text);
    };
    const daemon = await ask(host, "status", status, problems);
    // Without its daemon `ls` ends badly and says nothing: that there is none is what the other question has said.
    const spaces = isAlone ? [] : await ask(host, "ls", parseLockspaces, problems);
    return {
      lockspaces: joined(
        kernel.filter((space) => space !== null),
        spaces,
      ),
      daemon,
      unread: inOrder(problems),
    };
  },
});

type KernelLockspace = Pick<DlmLockspace, "name" | "id" | "recoverStatus" | "recoverNodeId" | "hasNoDirectory">;

/** One lockspace as the kernel has it; null when it was left meanwhile. */
async function readLockspace(host: Host, name: string, problems: Unread[]): Promise<KernelLockspace | null> {
  try {
    const [id, nodir, status, node] = await Promise.all(
      ["id", "nodir", "recover_status", "recover_nodeid"].map((file) => host.read(`${SYSFS}/${name}/${file}`)),
    );
    if (id === null || id === undefined) return null;
    const number = intOrNull(id.trim());
    return {
      name,
      id: number === null ? null : `0x${number.toString(16).padStart(8, "0")}`,
      recoverStatus: status?.trim() || null,
      recoverNodeId: intOrNull(node?.trim()),
      hasNoDirectory: nodir ? nodir.trim() !== "0" : null,
    };
  } catch (error) {
    problems.push(unread(`lockspace ${name} in sysfs`, error));
    return { name, id: null, recoverStatus: null, recoverNodeId: null, hasNoDirectory: null };
  }
}

/** Null where the tool is not installed or could not be read; the second is said. */
function ask<V>(host: Host, question: string, parse: (text: string) => V, problems: Unread[]): Promise<V | null> {
  return readPart(problems, `dlm_tool ${question}`, async () => {
    const result = await host.run("dlm_tool", [question], TOOL);
    if (result === null) return null;
    if (result.exitCode !== 0 && result.stdout === "" && !/connect|running/.test(result.stderr))
      throw new HostError("HOST_READ", plainText(`dlm_tool ${question}: exit ${result.exitCode}: ${result.stderr}`, 300));
    return parse(result.stdout);
  });
}

function joined(kernel: readonly KernelLockspace[], spaces: readonly DaemonLockspace[] | null): DlmLockspace[] {
  const names = [...new Set([...kernel, ...(spaces ?? [])].map(({ name }) => name))].sort();
  return names.map((name) => {
    const inKernel = kernel.find((space) => space.name === name);
    const inDaemon = spaces?.find((space) => space.name === name);
    return {
      name,
      id: inKernel?.id ?? inDaemon?.id ?? null,
      inKernel: inKernel !== undefined,
      inDaemon: spaces === null ? null : inDaemon !== undefined,
      flags: inDaemon?.flags ?? [],
      members: inDaemon?.members ?? null,
      newStatus: inDaemon?.newStatus ?? null,
      waitsFor: inDaemon?.waitsFor ?? null,
      recoverStatus: inKernel?.recoverStatus ?? null,
      recoverNodeId: inKernel?.recoverNodeId ?? null,
      hasNoDirectory: inKernel?.hasNoDirectory ?? null,
    };
  });
}
