// SPDX-License-Identifier: Apache-2.0
import os from "node:os";
import { expect, test } from "vitest";
import { consoleAddress, isOwnPage } from "./address";

test.each([
  ["as it was asked", "https://console.example:3000/x?y", { publicUrl: null, host: "0.0.0.0" }, "https://console.example:3000"],
  [
    "as it was asked, on a console that only this machine sees",
    "http://localhost:3000/",
    { publicUrl: null, host: "127.0.0.1" },
    "http://localhost:3000",
  ],
  [
    "by its address, when asked from its own machine",
    "https://localhost:3000/",
    { publicUrl: null, host: "192.0.2.7" },
    "https://192.0.2.7:3000",
  ],
  ["by its IPv6 address", "https://[::1]:3000/", { publicUrl: null, host: "2001:db8::7" }, "https://[2001:db8::7]:3000"],
  [
    "by the machine's name, when it listens everywhere",
    "https://127.0.0.1:3000/",
    { publicUrl: null, host: "0.0.0.0" },
    `https://${os.hostname().toLowerCase()}:3000`,
  ],
  [
    "as the public address says",
    "http://10.0.0.1:3000/",
    { publicUrl: "https://console.example", host: "127.0.0.1" },
    "https://console.example",
  ],
])("others find it %s", (_, asked, env, found) => {
  expect(consoleAddress(asked, env)).toBe(found);
});

const PROXIED = "https://console.example";
test.each<[string, string, string, boolean, string | null, boolean]>([
  ["the same origin", "http://console.example:3000", "console.example:3000", false, null, true],
  ["the same origin under TLS", "https://console.example:3000", "console.example:3000", true, null, true],
  ["another port", "http://console.example:3001", "console.example:3000", false, null, false],
  ["another name", "http://evil.example:3000", "console.example:3000", false, null, false],
  ["no TLS, where it ends here", "http://console.example:3000", "console.example:3000", true, null, false],
  ["TLS that a proxy ended", "https://console.example", "console.example", false, PROXIED, true],
  ["no TLS, where a proxy ends it", "http://console.example", "console.example", false, PROXIED, false],
  ["no TLS, beside the proxy", "http://localhost:3000", "localhost:3000", false, PROXIED, true],
  ["a sandbox", "null", "console.example", false, null, false],
])("a page of %s: %s at %s", (_, origin, host, isTls, publicUrl, isOwn) => {
  expect(isOwnPage(origin, host, isTls, publicUrl)).toBe(isOwn);
});
