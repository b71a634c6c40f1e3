// SPDX-License-Identifier: Apache-2.0
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import type { SettingRecords } from "@/server/db/settings";

/** What comes before the 32 bytes of an Ed25519 key in its DER form. Source: RFC 8410, section 4. */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** The console's Ed25519 pair. Agents pin the public key when they are enrolled. */
export interface ConsoleKey {
  /** Raw public key, base64. */
  publicKey: string;
  /** What an enrolment token says of the key: enough for an agent to know that it talks to this console. */
  fingerprint: string;
  /** Signature, base64. */
  sign(bytes: Uint8Array): string;
}

/** The first 22 characters (132 bits) of the base64url SHA-256 of a raw public key. */
export function fingerprintOf(publicKey: string): string {
  return createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("base64url").slice(0, 22);
}

function rawPublicKey(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "der" }).subarray(SPKI_HEAD.length).toString("base64");
}

/**
 * The console's key, made at the first start. It is kept in the database and not in a file beside it: agents trust this key
 * alone, so a backup of the database that came without it would lose every agent; and consoles that share a database share it.
 */
export async function loadConsoleKey(settings: SettingRecords): Promise<ConsoleKey> {
  let pem = await settings.get("consolePrivateKey");
  if (pem === null) {
    pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await settings.set("consolePrivateKey", pem);
  }
  const key = createPrivateKey(pem);
  const publicKey = rawPublicKey(key);
  return { publicKey, fingerprint: fingerprintOf(publicKey), sign: (bytes) => sign(null, bytes, key).toString("base64") };
}

/** The key of 32 raw bytes in base64; null when it is none. */
function keyOf(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, "base64");
  if (raw.length !== 32) return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), type: "spki", format: "der" });
  } catch {
    return null; // 32 bytes that are no point of the curve
  }
}

/** Whether this is a raw Ed25519 public key in base64. */
export function isPublicKey(publicKey: string): boolean {
  return keyOf(publicKey) !== null;
}

/** Whether the holder of a raw public key (base64) signed these bytes. False for whatever is malformed. */
export function verifyAgent(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = keyOf(publicKey);
  return key !== null && verify(null, bytes, key, Buffer.from(signature, "base64"));
}
