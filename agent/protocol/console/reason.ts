// SPDX-License-Identifier: Apache-2.0

/**
 * An agent's reason cut to what happened: without naming again what was read, and without the advice that follows.
 * "Could not read DRBD (/proc/drbd): it did not answer within 2000 ms. Run it by hand." → "it did not answer within 2 s"
 */
export function whatHappened(message: string): string {
  const [first = message] = message.replace(/^Could not read .*?: (?=\S)/, "").split(/(?<=[a-z)])\. (?=[A-Z])/);
  return first.replace(/(\d+)000 ms\b/g, "$1 s").replace(/\.$/, "");
}
