// SPDX-License-Identifier: Apache-2.0
import { type Host, HostError } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";

const TOOL = { timeoutMs: 5_000, maxBytes: 1024 * 1024 } as const;
const PID = "/run/corosync.pid";

/** The first words of every answer that is one. A tool may end with a code of its own and still answer: no quorum, a faulty ring. */
const ANSWERS = /^(?:Quorum information|Local node ID|Printing \w+ status\.\nLocal node ID)/;
/** "Cannot initialize CMAP service", "Could not initialize corosync configuration API error 2". */
const NO_ANSWER = /(?:Cannot|Could not) initiali[sz]e/;
/** The service's refusal to serve this user, where the tool tells it: CS_ERR_ACCESS is 11. */
const REFUSED = /CS_ERR_ACCESS|API error 11\b/;

/**
 * What one of Corosync's tools prints; null when it is not installed, "stopped" when no Corosync answers it.
 * Source: tools/corosync-quorumtool.c and corosync-cfgtool.c, Corosync 2.0 to 3.1.
 * @throws HostError when it may not ask, does not come back, or gives no answer for any other reason
 */
export async function ask(host: Host, tool: string, option: string): Promise<string | "stopped" | null> {
  const result = await host.run(tool, [option], TOOL);
  if (result === null) return null;
  if (ANSWERS.test(result.stdout)) return result.stdout;
  const words = `${result.stderr}\n${result.stdout}`;
  if (REFUSED.test(words)) throw forbidden(`${tool} ${option}: Corosync refuses this user`);
  if (NO_ANSWER.test(words)) return "stopped";
  throw new HostError("HOST_READ", plainText(`${tool} ${option}: exit ${result.exitCode}, no answer: ${words}`, 300));
}

/**
 * Its tools say the same when Corosync does not run and when it does not serve this user; its process tells which.
 * @throws HostError HOST_FORBIDDEN when Corosync runs, or may run, and only this user is not served
 */
export async function forbiddenWhereItRuns(host: Host): Promise<void> {
  let pid: string | null;
  try {
    pid = await host.read(PID, { mayBeUnfinished: true });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw forbidden(`no Corosync answers, and whether one runs cannot be seen (${error.message})`);
  }
  if (pid === null || !/^\d{1,10}$/.test(pid.trim())) return;
  const name = await host.read(`/proc/${pid.trim()}/comm`);
  if (name?.trim() === "corosync") throw forbidden(`Corosync runs (process ${pid.trim()}) but does not answer this user`);
}

function forbidden(what: string): HostError {
  return new HostError("HOST_FORBIDDEN", `${what}: name the agent's user in a file of /etc/corosync/uidgid.d, then corosync-cfgtool -R`);
}
