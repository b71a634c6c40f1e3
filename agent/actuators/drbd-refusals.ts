// SPDX-License-Identifier: Apache-2.0
import type { RunResult } from "../host/host";
import { firstWords } from "./failure";

/** What the kernel's numbers mean, and what to do. Source: enum drbd_state_rv, linux/drbd.h of 8.4 and 9; words as captured on 8.4.11. */
const STATE_REFUSALS: ReadonlyMap<number, string> = new Map([
  [-1, "a second Primary is not allowed by its configuration"],
  [-2, "no UpToDate copy can be reached"],
  [-4, "it has no disk here"],
  [-5, "the peer has no disk"],
  [-8, "a resync or verify runs already: wait for its end"],
  [-12, "the device is held open"],
  [-13, "it has no network configuration"],
  [-14, "no verify-alg is set: set one in its configuration on both nodes, and run drbdadm adjust there"],
  [-15, "it is not connected: both copies must be there to be compared"],
  [-17, "its module cannot do that"],
  [-18, "it is between two states: try again"],
  [-19, "its state was changed by somebody else at the same moment: try again"],
]);

/** drbdadm cannot take its lock, or may not talk to the kernel. */
const EXIT_NOT_ALLOWED = 20;

/** Shape: "0: State change failed: (-14) Need a verify algorithm …", then which command ended with which code. */
const STATE_CHANGE_FAILED = /State change failed: \((-\d+)\) ([^\n]*)/;
const NOT_CONFIGURED = /^'[^'\n]*' not defined in your config/m;

/** A refusal of DRBD's as a sentence; null where these are not words we know. */
export function refusedByDrbd(resource: string, result: RunResult): string | null {
  const said = `${result.stderr}\n${result.stdout}`.slice(0, 4_000);
  const refused = STATE_CHANGE_FAILED.exec(said);
  if (refused) {
    const [, number = "", words = ""] = refused;
    const means = STATE_REFUSALS.get(Number(number));
    return `DRBD refuses for ${resource}: ${means ?? firstWords({ stdout: words, stderr: "" })} (${number}).`;
  }
  if (NOT_CONFIGURED.test(said)) return `drbdadm on this node has no resource ${resource} in its configuration.`;
  if (result.exitCode === EXIT_NOT_ALLOWED && /lock|permission|root/i.test(said))
    return `drbdadm may not act here (${firstWords(result)}): the agent has to run as root for this step.`;
  return null;
}
