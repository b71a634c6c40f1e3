// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type CertificateFiles, NEITHER_THERE, readCertificate, stampOf } from "./certificate";

const DAY_MS = 86_400_000;
/** Long, because nobody renews it: agents trust the console's key and not this, and a browser was told to by a person. */
const LASTS_MS = 3_650 * DAY_MS;
/** With less left a new one is made. */
const RENEW_BEFORE_MS = 30 * DAY_MS;

/** The addresses of this machine, for those who check the certificate with `--ca`. */
function ownAddresses(): string[] {
  return Object.values(os.networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ scopeid }) => !scopeid) // a link-local address means nothing without its interface
    .map(({ address }) => address);
}

function namesWith(addresses: readonly string[]) {
  const names = ["localhost", os.hostname()].filter((name) => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name));
  return [
    ...[...new Set(names)].map((value) => ({ type: 2 as const, value })),
    ...[...new Set(["127.0.0.1", "::1", ...addresses])].map((ip) => ({ type: 7 as const, ip })),
  ];
}

/** Whole or not at all, for its owner only. */
async function writeWhole(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}.new`;
  const handle = await open(fresh, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

async function make({ certFile, keyFile }: CertificateFiles, nowMs: number, addresses: readonly string[]): Promise<void> {
  // Once in the life of a console: not worth 90 ms of every start.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "Quarterdeck (self-made)" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // A node's clock may be behind.
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + LASTS_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: namesWith(addresses) },
    ],
  });
  await writeWhole(keyFile, made.private);
  await writeWhole(certFile, made.cert);
}

/**
 * The self-made pair of a data folder: made at the first start, and again when it is broken or near its end.
 * Shape: `tls/cert.pem`, `tls/key.pem`, readable by their owner only.
 */
export async function selfMadeCertificate(
  dataDir: string,
  nowMs: number,
  warn: (sentence: string) => void,
  addresses: readonly string[] = ownAddresses(),
): Promise<CertificateFiles> {
  const folder = path.join(dataDir, "tls");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { certFile: path.join(folder, "cert.pem"), keyFile: path.join(folder, "key.pem") };
  const why = await remakeBecause(files, nowMs);
  if (why === null) return files;
  // At the first start neither is there, and there is nothing to warn of.
  if (why !== "") warn(`${why} A new self-made certificate takes its place.`);
  await make(files, nowMs, addresses);
  return files;
}

/** Why the pair must be made (again), as a sentence; empty when it was never made, null when it is good. */
async function remakeBecause(files: CertificateFiles, nowMs: number): Promise<string | null> {
  try {
    const { validToMs } = await readCertificate(files);
    return validToMs - nowMs < RENEW_BEFORE_MS ? `The self-made certificate in ${files.certFile} ends within 30 days.` : null;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return (await stampOf(files)) === NEITHER_THERE ? "" : cause.message;
  }
}
