// SPDX-License-Identifier: Apache-2.0
import type { Env } from "@/server/env";
import type { Log } from "@/server/log";
import { type Certificate, readCertificate, stampOf, untimely } from "./certificate";
import { selfMadeCertificate } from "./self-made";
import { watchCertificate } from "./watch";

/** The console's TLS: the certificate it starts with, and what follows from where it is from. */
export interface Tls {
  certificate: Certificate;
  certFile: string;
  isSelfMade: boolean;
  /** The Strict-Transport-Security header; null under a self-made certificate, which browsers would not heed it for (RFC 6797, 8.1). */
  hsts: string | null;
  /** Takes up changed files until told to stop. */
  watch(take: (certificate: Certificate) => void): { stop: () => void };
}

const DAY_SECONDS = 86_400;

/** Null for plain HTTP. @throws with a sentence when there is no certificate that TLS can use */
export async function openTls({ tls: source, dataDir }: Env, now: () => number, log: Log): Promise<Tls | null> {
  if (source === null) return null;
  const isSelfMade = source.from === "selfMade";
  const files = isSelfMade ? await selfMadeCertificate(dataDir, now(), log.warn) : { certFile: source.certFile, keyFile: source.keyFile };
  // Before it is read: what changes meanwhile is seen as a change.
  const stamp = await stampOf(files);
  const certificate = await readCertificate(files);
  // A console that is restarted the day after must come up: browsers say what is wrong, and so does the log.
  const late = untimely(certificate, files.certFile, now());
  if (late !== null) log.warn(`${late} It is in use all the same, because there is no other.`);
  return {
    certificate,
    certFile: files.certFile,
    isSelfMade,
    hsts: isSelfMade ? null : `max-age=${source.hstsDays * DAY_SECONDS}`,
    watch: (take) => watchCertificate({ files, stamp, now, take, info: log.info, warn: log.warn }),
  };
}
