// SPDX-License-Identifier: Apache-2.0

/**
 * Every constant that decides how fresh a value is, in one place; slow labs multiply all of them by one factor.
 * Server and agents must run with the same factor.
 */
export function timing(factor = 1) {
  return {
    /** An agent and the console each say a word this often. */
    pulseEveryMs: 1_000 * factor,
    /** Silence after which a node is stale: three pulses, so that one lost frame does not look like a lost node. */
    staleAfterMs: 3_000 * factor,
    /** Silence after which a node is lost. */
    lostAfterMs: 10_000 * factor,
    /** A source is stale after twice its pace and this much more. */
    sourceGraceMs: 1_000 * factor,
    /** The console looks at the clock this often to notice silence. */
    lookEveryMs: 250 * factor,
    /** Browsers hear of ages this often; more than twice of it in silence means the console is gone. */
    feedPulseEveryMs: 1_500 * factor,
    /** Silence after which a browser says that the console is gone. */
    consoleLostAfterMs: 3_800 * factor,
  };
}
export type Timing = ReturnType<typeof timing>;
