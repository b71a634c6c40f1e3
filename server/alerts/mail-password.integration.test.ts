// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ReceiverAnswer } from "@/agent/protocol/console/alerts";
import type { CertificateFiles } from "@/server/tls/certificate";
import { selfMadeCertificate } from "@/server/tls/self-made";
import { type Ask, type ConsoleProcess, consoleIn, firstAdmin } from "./test-process";
import { type Smtpd, startSmtpd, startWire, type Wire } from "./test-smtpd";

// The built console sends mail to a server that asks for a password, over STARTTLS and over TLS, with somebody reading along.

const USER = "qd@example.org";
const PASSWORD = "tr0ub4dor and three";
const WRONG = "tr0ub4dor and four";
/** As it is, and as SMTP's PLAIN and LOGIN carry it. */
const SECRETS = [PASSWORD, WRONG].flatMap((text) => [text, base64(text), base64(`\0${USER}\0${text}`)]);
const Made = z.object({ id: z.string() });

let folder: string;
let files: CertificateFiles;
/** One that trusts the server's self-made certificate by a file that is named, and one that was told of none. */
let trusting: { qd: ConsoleProcess; ask: Ask };
let strange: { qd: ConsoleProcess; ask: Ask };

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

async function started(name: string, caFile: string | null) {
  const qd = await consoleIn(path.join(folder, name), 1, caFile);
  return { qd, ask: await firstAdmin(await qd.start()) };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-mail-"));
  files = await selfMadeCertificate(folder, Date.now(), () => undefined);
  trusting = await started("trusting", files.certFile);
  strange = await started("strange", null);
});
afterAll(async () => {
  await Promise.all([trusting.qd.kill(), strange.qd.kill()]);
  await rm(folder, { recursive: true, force: true });
});

let smtpd: Smtpd;
let wire: Wire;
let count = 0;
async function open(way: "starttls" | "tls" | "open"): Promise<void> {
  smtpd = await startSmtpd({ folder, files, user: USER, password: PASSWORD, way });
  wire = await startWire(smtpd.port);
}
const close = async () => {
  await wire.close();
  await smtpd.stop();
};

/** What the button says that sends a real mail by the wire. */
async function answer({ ask }: { ask: Ask }, security: "starttls" | "tls", secret = PASSWORD, at = { host: "127.0.0.1", port: wire.port }) {
  count += 1;
  const settings = { kind: "mail", ...at, security, user: USER, from: "qd@example.org", to: ["noc@example.org"] };
  const { id } = Made.parse(await ask("POST", "alerts/receivers", { name: `mail ${count}`, settings, secret }));
  return ReceiverAnswer.parse(await ask("POST", `alerts/receivers/${id}/test`));
}

/** No byte on the way is a password, in any form that SMTP has for it. */
function expectNoPassword(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

describe.each(["starttls", "tls"] as const)("over %s", (security) => {
  beforeEach(() => open(security));
  afterEach(close);

  it("a server whose certificate is in the file that was named gets the password, under TLS only, and the mail", async () => {
    expect(await answer(trusting, security)).toMatchObject({ isOk: true, says: expect.stringMatching(/^It answered 250/) });
    expect(await smtpd.mails()).toBe(1);
    expect(smtpd.signIns().map((line) => JSON.parse(line))).toMatchObject([{ isRight: true, isPrivate: true }]);
    // In the clear it says who it is and asks for TLS; the rest begins with a handshake (RFC 8446, 5.1: type 22, version 3.1).
    const [clear = ""] = wire.heard().split("\x16\x03");
    expect(clear).toMatch(security === "tls" ? /^$/ : /^EHLO [^\r\n]+\r\nSTARTTLS\r\n$/);
    expectNoPassword(wire.heard());
  });

  it("a wrong password is answered in the server's words, without it", async () => {
    const told = await answer(trusting, security, WRONG);
    expect(told).toMatchObject({ isOk: false, says: expect.stringMatching(/^It answered 535 /) });
    expect(smtpd.signIns().map((line) => JSON.parse(line))).toMatchObject([{ isRight: false, isPrivate: true }]);
    expect(await smtpd.mails()).toBe(0);
    expectNoPassword(told.says);
  });

  it("without the file it is refused before anybody signs in", async () => {
    expect(await answer(strange, security)).toMatchObject({ isOk: false, says: expect.stringMatching(/certificate/) });
    expect([smtpd.signIns(), await smtpd.mails()]).toEqual([[], 0]);
    expectNoPassword(wire.heard());
  });

  it("under an address that the certificate has not it is refused as well", async () => {
    const elsewhere = await startWire(smtpd.port, "127.0.0.2");
    const told = await answer(trusting, security, PASSWORD, { host: "127.0.0.2", port: elsewhere.port });
    expect(told).toMatchObject({ isOk: false, says: expect.stringMatching(/127\.0\.0\.2 is not in the cert's list/) });
    expect([smtpd.signIns(), await smtpd.mails()]).toEqual([[], 0]);
    expectNoPassword(elsewhere.heard());
    await elsewhere.close();
  });
});

it("a server that offers no TLS, or from which somebody took the offer, is not given the password", async () => {
  await open("open");
  expect(await answer(trusting, "starttls")).toMatchObject({ isOk: false });
  expect([smtpd.signIns(), await smtpd.mails()]).toEqual([[], 0]);
  expect(wire.heard()).not.toMatch(/AUTH/i);
  expectNoPassword(wire.heard());
  await close();
});

it("neither a log nor an answer of the console has a password, whatever came of it", async () => {
  for (const { qd, ask } of [trusting, strange]) {
    const told = await Promise.all(["alerts/receivers", "alerts/sent", "audit"].map((route) => ask("GET", route)));
    expectNoPassword(qd.said() + JSON.stringify(told));
  }
});
