// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "@/server/test-console";
import { type Certificate, type CertificateFiles, readCertificate, stampOf, untimely } from "./certificate";
import { selfMadeCertificate } from "./self-made";
import { watchCertificate } from "./watch";

const DAY_MS = 86_400_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-tls-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const warned: string[] = [];
beforeEach(() => {
  warned.length = 0;
});
/** A pair in a data folder of its own. */
const pair = (name: string, nowMs = Date.now()) => selfMadeCertificate(path.join(folder, name), nowMs, (sentence) => warned.push(sentence));

describe("the self-made pair", () => {
  it("is made once, for this machine, and for nobody else to read", async () => {
    const files = await pair("data");
    const x509 = new X509Certificate((await readCertificate(files)).cert);
    expect(x509.subjectAltName).toContain("DNS:localhost");
    expect(x509.subjectAltName).toContain("127.0.0.1");
    for (const file of [files.certFile, files.keyFile]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(files.keyFile))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(files.keyFile))).toHaveLength(2);
    const before = await stampOf(files);
    await pair("data");
    expect(await stampOf(files)).toBe(before);
    expect(warned).toEqual([]);
  });

  it("is made anew near its end, and that is said", async () => {
    const files = await pair("data");
    const { validToMs, fingerprint } = await readCertificate(files);
    await pair("data", validToMs - 10 * DAY_MS);
    expect((await readCertificate(files)).fingerprint).not.toBe(fingerprint);
    expect(warned).toEqual([expect.stringContaining("ends within 30 days")]);
  });

  it.each([
    ["its key is another's", async ({ keyFile }: CertificateFiles) => copyFile((await pair("other")).keyFile, keyFile)],
    ["its certificate is cut off", ({ certFile }: CertificateFiles) => writeFile(certFile, "-----BEGIN CERTIFICATE-----\n")],
    ["its key is gone", ({ keyFile }: CertificateFiles) => rm(keyFile)],
    ["its key is empty", ({ keyFile }: CertificateFiles) => writeFile(keyFile, "")],
  ])("is made anew when %s, and that is said", async (_, spoil) => {
    const files = await pair("data");
    await spoil(files);
    await pair("data");
    expect(warned).toEqual([expect.stringContaining("takes its place")]);
    await readCertificate(files);
  });
});

describe("a pair is refused with the file's name", () => {
  it.each<[string, (files: CertificateFiles) => Promise<CertificateFiles>, RegExp]>([
    ["not there", async ({ keyFile }) => ({ keyFile, certFile: path.join(folder, "none.pem") }), /none\.pem cannot be read: ENOENT/],
    [
      "a key in place of the certificate",
      async ({ keyFile }) => ({ keyFile, certFile: keyFile }),
      /key\.pem does not begin with a certificate/,
    ],
    ["a certificate in place of the key", async ({ certFile }) => ({ certFile, keyFile: certFile }), /cert\.pem is not a private key/],
    [
      "another's key",
      async ({ certFile }) => ({ certFile, keyFile: (await pair("other")).keyFile }),
      /other\/tls\/key\.pem is not the key of the first certificate in .*data\/tls\/cert\.pem/,
    ],
  ])("%s", async (_, spoil, words) => {
    await expect(readCertificate(await spoil(await pair("data")))).rejects.toThrow(words);
  });

  it("when it is not its time", async () => {
    const { certFile } = await pair("data");
    const certificate = await readCertificate({ certFile, keyFile: path.join(path.dirname(certFile), "key.pem") });
    expect(untimely(certificate, certFile, Date.now())).toBeNull();
    expect(untimely(certificate, certFile, certificate.validToMs + 1)).toContain("expired at");
    expect(untimely(certificate, certFile, certificate.validFromMs - 1)).toContain("not valid before");
  });
});

describe("changed files", () => {
  async function watched(now = Date.now) {
    const files = await pair("data");
    const taken: Certificate[] = [];
    const said: string[] = [];
    const say = (sentence: string) => said.push(sentence);
    const { stop } = watchCertificate({
      files,
      stamp: await stampOf(files),
      now,
      take: (certificate) => taken.push(certificate),
      info: say,
      warn: say,
      everyMs: 5,
    });
    return { files, taken, said, stop };
  }

  it("are taken up, one after the other as a renewal writes them", async () => {
    const { files, taken, said, stop } = await watched();
    const fresh = await pair("fresh");
    await copyFile(fresh.certFile, files.certFile);
    await copyFile(fresh.keyFile, files.keyFile);
    await until("the new certificate", () => taken.length > 0);
    stop();
    expect(taken.at(-1)?.cert).toBe(await readFile(fresh.certFile, "utf8"));
    expect(said.at(-1)).toContain("is in use from now on");
  });

  it("that are no good are refused once, and good ones after them are taken", async () => {
    const { files, taken, said, stop } = await watched();
    await writeFile(files.certFile, "nonsense");
    await until("the refusal", () => said.length > 0);
    const fresh = await pair("fresh");
    await copyFile(fresh.keyFile, files.keyFile);
    await copyFile(fresh.certFile, files.certFile);
    await until("the new certificate", () => taken.length > 0);
    stop();
    expect(said[0]).toMatch(/cert\.pem does not begin with a certificate.*The certificate of before stays in use\.$/);
    expect(said.filter((sentence) => sentence === said[0])).toHaveLength(1);
  });

  it("that are too early are said to be, once, and taken when it is their time", async () => {
    let nowMs = Date.now();
    const { files, taken, said, stop } = await watched(() => nowMs);
    const later = await pair("later", nowMs + 30 * DAY_MS);
    await copyFile(later.keyFile, files.keyFile);
    await copyFile(later.certFile, files.certFile);
    await until("the refusal", () => said.some((sentence) => sentence.includes("not valid before")));
    nowMs += 31 * DAY_MS;
    await until("the new certificate", () => taken.length > 0);
    stop();
    expect(said.filter((sentence) => sentence.includes("not valid before"))).toHaveLength(1);
  });

  it("that are gone leave the certificate of before", async () => {
    const { files, taken, said, stop } = await watched();
    await rm(files.keyFile);
    await until("the refusal", () => said.length > 0);
    stop();
    expect(said[0]).toMatch(/key\.pem cannot be read: ENOENT.*stays in use\.$/);
    expect(taken).toEqual([]);
  });
});
