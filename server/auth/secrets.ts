// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** A random secret of 256 bits as text that fits a cookie, a header and a command line. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256, hex: what is kept of a secret that is random enough not to be guessed. Never for passwords. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** No letter that is read as another one. */
const CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

/** A code to be read from one screen and typed into another: four groups of five letters, 98 bits. */
export function newCode(): string {
  const group = () => Array.from({ length: 5 }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join("");
  return [group(), group(), group(), group()].join("-");
}

/** A code as it was meant, however it was typed. */
export function codeOf(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
}
