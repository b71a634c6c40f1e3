// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import type { Clock } from "./clock";
import type { Step } from "./protocol/steps";

/** What one step may carry. Single use, for one exact step, valid for a minute by the clock that nobody sets. */
export interface Nonces {
  give(step: Step): string;
  /** True when it was given for this step and is not too old. It is used up in any case. */
  take(nonce: string, step: Step): boolean;
}

const VALID_MS = 60_000;
const BYTES = 32;
/** So many may wait to be used; the oldest gives way. */
const MOST = 16;

export function createNonces(clock: Clock): Nonces {
  const given = new Map<string, { step: string; untilMs: number }>();
  return {
    give(step) {
      for (const [nonce, { untilMs }] of given) if (clock.elapsed() >= untilMs) given.delete(nonce);
      const [oldest] = given.keys();
      if (oldest !== undefined && given.size >= MOST) given.delete(oldest);
      const nonce = randomBytes(BYTES).toString("base64");
      given.set(nonce, { step: JSON.stringify(step), untilMs: clock.elapsed() + VALID_MS });
      return nonce;
    },
    take(nonce, step) {
      const found = given.get(nonce);
      given.delete(nonce);
      return found !== undefined && clock.elapsed() < found.untilMs && found.step === JSON.stringify(step);
    },
  };
}
