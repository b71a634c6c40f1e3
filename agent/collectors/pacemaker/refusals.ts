// SPDX-License-Identifier: Apache-2.0
import { HostError } from "@/agent/host/host";

/**
 * Exit codes that mean "this user may not". Pacemaker 2 has its own (4, CRM_EX_INSUFFICIENT_PRIV); Pacemaker 1.1 exits
 * with the system's error number (13, EACCES).
 */
const FORBIDDEN = new Set([4, 13]);
/** Exit codes that mean "no daemon answers": 102 in Pacemaker 2 (CRM_EX_DISCONNECT); ENOTCONN, ECONNREFUSED before. */
const NOT_RUNNING = new Set([102, 107, 111]);

/** A refusal of a Pacemaker tool that no other form of the question would change; null when another form may do. */
export function refusalOf(tool: string, exitCode: number): HostError | null {
  if (FORBIDDEN.has(exitCode))
    return new HostError(
      "HOST_FORBIDDEN",
      `${tool} may not ask Pacemaker (exit ${exitCode}): let the agent's user into group haclient and give it a read role in the cluster's ACLs`,
    );
  if (NOT_RUNNING.has(exitCode))
    return new HostError(
      "HOST_READ",
      `Pacemaker is installed but does not run on this node (${tool} exit ${exitCode}): systemctl status pacemaker`,
    );
  return null;
}
