// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions } from "node:tls";

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate with its chain, and its key; they belong together. */
export interface Certificate {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
  /** SHA-256 as browsers show it: `AB:CD:…`. */
  fingerprint: string;
  validFromMs: number;
  validToMs: number;
}

/**
 * Forward secrecy and authenticated encryption only. TLS 1.2 is for older browsers; an agent's link is 1.3, because
 * only there does the exporter name one connection in every case (RFC 9266, section 3).
 */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

/** What a server needs of a certificate, whole: a new context inherits nothing of the one before. */
export function contextOptions({ cert, key }: Pick<Certificate, "cert" | "key">): SecureContextOptions {
  return { cert, key, minVersion: "TLSv1.2", ciphers: CIPHERS, honorCipherOrder: true };
}

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`${file} cannot be read: ${because(cause)}.`, { cause });
  });
}

/** Reads a pair and tries it. @throws with a sentence that names the file and what is wrong with it */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const [cert, key] = [await textOf(certFile), await textOf(keyFile)];
  let x509: X509Certificate;
  let privateKey: KeyObject;
  try {
    x509 = new X509Certificate(cert);
  } catch (cause) {
    throw new Error(`${certFile} does not begin with a certificate in PEM form: ${because(cause)}.`, { cause });
  }
  try {
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw new Error(`${keyFile} is not a private key in PEM form that opens without a passphrase: ${because(cause)}.`, { cause });
  }
  if (!x509.checkPrivateKey(privateKey)) throw new Error(`${keyFile} is not the key of the first certificate in ${certFile}.`);
  try {
    createSecureContext(contextOptions({ cert, key }));
  } catch (cause) {
    throw new Error(`TLS cannot use ${certFile} with ${keyFile}: ${because(cause)}.`, { cause });
  }
  const { fingerprint256: fingerprint, validFrom, validTo } = x509;
  return { cert, key, fingerprint, validFromMs: Date.parse(validFrom), validToMs: Date.parse(validTo) };
}

/** Why a certificate is not good at this moment, as a sentence; null when it is. */
export function untimely({ validFromMs, validToMs }: Certificate, certFile: string, nowMs: number): string | null {
  if (nowMs > validToMs) return `The certificate in ${certFile} expired at ${new Date(validToMs).toISOString()}.`;
  if (nowMs < validFromMs) return `The certificate in ${certFile} is not valid before ${new Date(validFromMs).toISOString()}.`;
  return null;
}

/** The stamp of a pair that was never made. */
export const NEITHER_THERE = "not there, not there";

/** Changes whenever one of the files is written, replaced or goes away. */
export async function stampOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const one = (file: string) =>
    stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => "not there", // or not to be looked at: reading it will say so
    );
  return `${await one(certFile)}, ${await one(keyFile)}`;
}
