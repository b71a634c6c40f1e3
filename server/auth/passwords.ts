// SPDX-License-Identifier: Apache-2.0
import { hash, verify } from "@node-rs/argon2";

/** Argon2id. Source: OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let nobodys: Promise<string> | undefined;

/**
 * Whether a password fits. For a name nobody has, `passwordHash` is null and the same work is done for nothing, so that the
 * time of the answer does not tell which names exist.
 */
export async function passwordFits(passwordHash: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword("nobody has this password");
  const fits = await verify(passwordHash ?? (await nobodys), password);
  return fits && passwordHash !== null;
}
