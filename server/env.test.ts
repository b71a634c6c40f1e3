// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, test } from "vitest";
import { readEnv } from "./env";

const tlsOf = (source: Record<string, string | undefined>) => readEnv({ ...source, NODE_ENV: "production" }).tls;
const own = { TLS_CERT: "/etc/tls/cert.pem", TLS_KEY: "/etc/tls/key.pem" };

describe("TLS", () => {
  it.each([{}, { HOST: "127.0.0.1" }, { HOST: "localhost" }, { HOST: "::1" }, { HOST: "0.0.0.0", TLS: "off" }])(
    "%j: plain HTTP",
    (source) => {
      expect(tlsOf(source)).toBeNull();
    },
  );

  it.each([{ HOST: "0.0.0.0" }, { HOST: "::" }, { HOST: "192.0.2.7" }, { HOST: "console.example" }, { TLS: "self" }])(
    "%j: a self-made certificate",
    (source) => {
      expect(tlsOf(source)).toEqual({ from: "selfMade" });
    },
  );

  it.each([own, { ...own, HOST: "0.0.0.0" }])("%j: own files, wherever it listens", (source) => {
    expect(tlsOf(source)).toEqual({ from: "files", certFile: own.TLS_CERT, keyFile: own.TLS_KEY, hstsDays: 30 });
  });

  it.each([
    [{ TLS_CERT: own.TLS_CERT }, "TLS_KEY is missing"],
    [{ TLS_KEY: own.TLS_KEY }, "TLS_CERT is missing"],
    [{ ...own, TLS: "off" }, "contradict"],
    [{ ...own, TLS: "self" }, "contradict"],
    [{ TLS: "yes" }, "TLS"],
    [{ PUBLIC_URL: "console.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "file:///etc" }, "PUBLIC_URL"],
  ])("%j is refused by name", (source, words) => {
    expect(() => tlsOf(source)).toThrow(words);
  });
});

test("of the public address its origin counts", () => {
  expect(readEnv({ NODE_ENV: "production", PUBLIC_URL: "https://console.example:443/deck" }).publicUrl).toBe("https://console.example");
});
