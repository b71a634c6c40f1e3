// SPDX-License-Identifier: Apache-2.0
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mayBeSentTo } from "./address";
import { alertmanagerBody } from "./alertmanager";
import { misfitOf, reachesElsewhere } from "./receiver";
import { bodyOf, T0, told } from "./test-factories";
import { webhookBody, webhookHeaders } from "./webhook";
import { subjectOf, textOf } from "./words";

describe("a webhook", () => {
  it("is signed over its timestamp and the very bytes that are sent", () => {
    const body = webhookBody("d1", bodyOf(told()), "https://qd.example");
    const headers = webhookHeaders("d1", body, "a secret of mine", T0 + 999);
    expect(headers["x-quarterdeck-timestamp"]).toBe(String(T0 / 1_000));
    const expected = createHmac("sha256", "a secret of mine")
      .update(`${T0 / 1_000}.${body}`)
      .digest("hex");
    expect(headers["x-quarterdeck-signature"]).toBe(`v1=${expected}`);
    expect(headers["x-quarterdeck-delivery"]).toBe("d1");
  });

  it("has no signature without a key, and never the key", () => {
    expect(webhookHeaders("d1", "{}", null, T0)["x-quarterdeck-signature"]).toBeUndefined();
    const body = webhookBody("d1", bodyOf(told()), null);
    expect(JSON.stringify([body, webhookHeaders("d1", body, "a secret of mine", T0)])).not.toContain("secret of mine");
  });

  it("says what a program and what a person need", () => {
    const sent = JSON.parse(webhookBody("d1", bodyOf(told()), "https://qd.example"));
    expect(sent).toMatchObject({
      version: 1,
      delivery: "d1",
      url: "https://qd.example/c/san-a",
      subject: "[SAN A] critical: crystal is gone",
    });
    expect(sent.alerts[0]).toMatchObject({
      id: "a1",
      status: "firing",
      reason: "new",
      severity: "critical",
      labels: { node: ["crystal", "ruby"] },
    });
  });
});

describe("the words", () => {
  it("tell what, why, what to do, what follows and since when", () => {
    expect(textOf(bodyOf(told()), null)).toBe(
      "CRITICAL: crystal is gone\nOnly ruby holds store now.\nWhat to do: Find out why.\nWhat follows from it:\n  - ruby alone holds store\nSince 2023-11-14 22:11:50 UTC, 1 min 30 s ago.\n\nAs of 2023-11-14 22:13:20 UTC, from Quarterdeck.\n",
    );
  });

  it("of one that is over tell how long it was and why it is", () => {
    const over = told({ reason: "resolved", endedAtMs: T0, endedBy: "It is no longer found." });
    expect(subjectOf(bodyOf(over))).toBe("[SAN A] over: crystal is gone");
    expect(textOf(bodyOf(over), null)).toContain("over at 2023-11-14 22:13:20 UTC, after 1 min 30 s.\nIt is no longer found.");
  });

  it("put the worst first, and no line break of a node's words into a subject", () => {
    const words = subjectOf(bodyOf(told({ reason: "resolved" }), told({ title: "x\r\nBcc: all@example" }), told({ severity: "warning" })));
    expect(words).toBe("[SAN A] critical: x Bcc: all@example (and 2 more)");
  });
});

describe("Alertmanager", () => {
  it("knows an alert by labels that stay, and is told until when it stands", () => {
    const [sent] = JSON.parse(alertmanagerBody(bodyOf(told()), null));
    expect(sent.labels).toEqual({
      alertname: "node-gone",
      cluster: "san-a",
      finding: "node-gone:crystal",
      environment: "PROD",
      severity: "critical",
    });
    expect(Date.parse(sent.endsAt) - T0).toBe(86_400_000);
    const [over] = JSON.parse(alertmanagerBody(bodyOf(told({ reason: "resolved", endedAtMs: T0 - 1_000 })), null));
    expect(over.labels).toEqual(sent.labels);
    expect(Date.parse(over.endsAt)).toBe(T0 - 1_000);
  });

  it("has one that got worse as another one, and the first as over", () => {
    const sent = JSON.parse(alertmanagerBody(bodyOf(told({ reason: "worse", wasSeverity: "warning" })), null));
    expect(sent.map((one: { labels: { severity: string } }) => one.labels.severity)).toEqual(["warning", "critical"]);
    expect(Date.parse(sent[0].endsAt)).toBe(T0);
  });
});

describe("where nothing is sent", () => {
  it.each([
    "169.254.169.254",
    "fe80::1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "no address",
  ])("%s", (address) => expect(mayBeSentTo(address)).toBe(false));
  it.each(["127.0.0.1", "10.0.0.7", "192.0.2.1", "::1", "2001:db8::1"])("but to %s it is", (address) =>
    expect(mayBeSentTo(address)).toBe(true),
  );
});

describe("a receiver's secret", () => {
  const mail = {
    kind: "mail" as const,
    host: "mail.example",
    port: 587,
    security: "starttls" as const,
    user: "qd",
    from: "qd@example.org",
    to: ["noc@example.org"],
  };

  it("goes along with another path or other people, and not to another host, port or way", () => {
    expect(reachesElsewhere(mail, { ...mail, to: ["otto@example.org"] })).toBe(false);
    expect(reachesElsewhere(mail, { ...mail, host: "evil.example" })).toBe(true);
    expect(reachesElsewhere(mail, { ...mail, security: "none" })).toBe(true);
    expect(reachesElsewhere({ kind: "webhook", url: "https://a.example/x" }, { kind: "webhook", url: "https://a.example/y" })).toBe(false);
    expect(reachesElsewhere({ kind: "webhook", url: "https://a.example/x" }, { kind: "webhook", url: "http://a.example/x" })).toBe(true);
  });

  it("is not sent in the clear, but to this machine", () => {
    expect(misfitOf({ ...mail, security: "none" }, true)).toMatch(/over TLS only/);
    expect(misfitOf({ ...mail, security: "none", host: "127.0.0.1" }, true)).toBeNull();
    expect(misfitOf({ kind: "alertmanager", url: "http://am.example:9093", user: "qd" }, true)).toMatch(/https only/);
    expect(misfitOf(mail, false)).toMatch(/cannot sign in/);
  });
});
