// SPDX-License-Identifier: Apache-2.0
import os from "node:os";
import { expect, test } from "vitest";
import { consoleAddress } from "./address";

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
