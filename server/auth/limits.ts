// SPDX-License-Identifier: Apache-2.0
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Refusal } from "./refusal";

/**
 * How many failed attempts are borne within ten minutes. `user` is a name from one address: a stranger must not lock
 * somebody else out; `name` is the same name from anywhere, for guesses spread over many addresses.
 */
const WINDOW_SECONDS = 600;
const LIMITS = { address: 30, user: 10, name: 100, setup: 10, enroll: 30 } as const;

/** One try at a secret: it counts from the start, so that tries at the same time count too, and is forgiven when it succeeds. */
export interface Attempt {
  succeeded(): Promise<void>;
}

/** Whose attempts are counted together: an IPv4 address, or the /64 network of an IPv6 one, which is one customer's. */
export function addressKey(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...middle, ...right].slice(0, 4).join(":");
}

/** Counts attempts at secrets, in memory: a restart forgives. */
export function createLimits(changed: { readonly [K in keyof typeof LIMITS]?: number } = {}) {
  const limits = { ...LIMITS, ...changed };
  const limiter = (kind: keyof typeof LIMITS) => new RateLimiterMemory({ keyPrefix: kind, points: limits[kind], duration: WINDOW_SECONDS });
  const limiters = {
    address: limiter("address"),
    user: limiter("user"),
    name: limiter("name"),
    setup: limiter("setup"),
    enroll: limiter("enroll"),
  };

  async function attempt(keys: { readonly [K in keyof typeof LIMITS]?: string }): Promise<({ ok: true } & Attempt) | Refusal> {
    const counted = Object.entries(limiters).flatMap(([kind, each]) => {
      const key = Object.entries(keys).find(([name]) => name === kind)?.[1];
      return key === undefined ? [] : [{ each, key }];
    });
    for (const { each, key } of counted) {
      try {
        await each.consume(key);
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) throw reason;
        const minutes = Math.max(1, Math.ceil(reason.msBeforeNext / 60_000));
        const message = `Too many attempts failed. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
        return { ok: false, code: "AUTH_TOO_MANY", message, retryAfterMs: reason.msBeforeNext };
      }
    }
    return {
      ok: true,
      succeeded: async () => {
        for (const { each, key } of counted) await each.reward(key);
      },
    };
  }

  return { attempt };
}
export type Limits = ReturnType<typeof createLimits>;
