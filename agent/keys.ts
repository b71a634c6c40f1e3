// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { isNotThere } from "./host/host-failure";
import { RunError } from "./usage";

/** The agent's identity: it signs, and its public half is what the console trusts. */
export interface AgentKeys {
  /** Raw Ed25519 public key, base64 (32 bytes). */
  readonly publicKey: string;
  /** @returns the signature, base64 */
  sign(bytes: Uint8Array): string;
}

/** An Ed25519 public key in DER is this, then its 32 raw bytes (RFC 8410). */
const DER_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const RAW_BYTES = 32;
const NAME = "agent.key";

function keysOf(key: KeyObject): AgentKeys {
  const raw = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(DER_PREFIX.length);
  return { publicKey: raw.toString("base64"), sign: (bytes) => sign(null, bytes, key).toString("base64") };
}

/** A new identity that is only in memory. */
export function newKeys(): AgentKeys {
  return keysOf(generateKeyPairSync("ed25519").privateKey);
}

/**
 * The identity in the state folder; made there when there is none yet. The file is readable by its owner only.
 * @throws RunError when the file is not an Ed25519 key; the system's error when the folder cannot be used
 */
export async function loadOrMakeKeys(stateDir: string): Promise<AgentKeys> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  return (await loadKeys(stateDir)) ?? makeKeys(stateDir);
}

/** The identity in the state folder; null when there is none. @throws as `loadOrMakeKeys` */
export async function loadKeys(stateDir: string): Promise<AgentKeys | null> {
  const file = path.join(stateDir, NAME);
  let pem: string;
  try {
    pem = await readFile(file, "utf8");
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new RunError(`${file} is not a private key. Move it away and enrol this node again.`, { cause: error });
  }
  if (key.asymmetricKeyType !== "ed25519") throw new RunError(`${file} is not an Ed25519 key. Move it away and enrol this node again.`);
  await chmod(file, 0o600); // a copy made by hand may have come with wider permissions
  return keysOf(key);
}

async function makeKeys(stateDir: string): Promise<AgentKeys> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = path.join(stateDir, NAME);
  const fresh = `${file}.${process.pid}.new`;
  const handle = await open(fresh, "wx", 0o600);
  try {
    await handle.writeFile(privateKey.export({ type: "pkcs8", format: "pem" }));
    await handle.sync();
  } catch (error) {
    await unlink(fresh);
    throw error;
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
  return keysOf(privateKey);
}

/** True when that signature of these bytes was made by the owner of that raw public key. Never throws. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const raw = Buffer.from(publicKey, "base64");
  if (raw.length !== RAW_BYTES) return false;
  const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, raw]), format: "der", type: "spki" });
  return verify(null, bytes, key, Buffer.from(signature, "base64"));
}
