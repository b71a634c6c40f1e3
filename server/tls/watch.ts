// SPDX-License-Identifier: Apache-2.0
import { type Certificate, type CertificateFiles, readCertificate, stampOf, untimely } from "./certificate";

export interface WatchDeps {
  files: CertificateFiles;
  /** The files' stamp when the certificate in use was read. */
  stamp: string;
  now: () => number;
  /** A good new certificate: connections that are made from now on get it. */
  take: (certificate: Certificate) => void;
  info: (sentence: string) => void;
  warn: (sentence: string) => void;
  everyMs?: number;
}

/** How soon a renewed certificate is noticed; it is taken at the look after. */
const LOOK_EVERY_MS = 2_000;

/**
 * Takes up changed certificate files. A renewal writes two files one after the other, so they are read only once they
 * stood still from one look to the next. What is no good is said once, the certificate of before stays, and it is tried
 * again: it may only be too early for it.
 */
export function watchCertificate({ files, stamp, now, take, info, warn, everyMs = LOOK_EVERY_MS }: WatchDeps): { stop: () => void } {
  let used = stamp;
  let seen = stamp;
  let refused = "";
  let isLooking = false;

  async function look(): Promise<void> {
    const stands = await stampOf(files);
    const isStill = stands === seen;
    seen = stands;
    if (stands === used || !isStill) return;
    try {
      const certificate = await readCertificate(files);
      const late = untimely(certificate, files.certFile, now());
      if (late !== null) throw new Error(late);
      take(certificate);
      used = stands;
      refused = "";
      info(`The certificate in ${files.certFile} is in use from now on, valid until ${new Date(certificate.validToMs).toISOString()}.`);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      if (why !== refused) warn(`${why} The certificate of before stays in use.`);
      refused = why;
    }
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
