// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { consoleUrl, plainTextRefusal } from "./console-address";

test.each(["https://console.example", "http://127.0.0.1:8443", "http://127.9.9.9", "http://localhost:1", "http://[::1]:1"])(
  "%s may be talked to",
  (address) => {
    expect(plainTextRefusal(address, false)).toBeNull();
  },
);

test.each(["http://console.example", "http://10.0.0.1", "http://127.0.0.1.example", "http://localhost.example", "http://[fe80::1]"])(
  "%s without TLS is refused, unless it is allowed",
  (address) => {
    expect(plainTextRefusal(address, false)).toContain("no TLS");
    expect(plainTextRefusal(address, true)).toBeNull();
  },
);

test("the console's paths are found below whatever address it has", () => {
  expect(consoleUrl("https://c:8443", "/ws/agent", "ws")).toBe("wss://c:8443/ws/agent");
  expect(consoleUrl("http://c/deck/?x#y", "/api/v1/enroll", "http")).toBe("http://c/deck/api/v1/enroll");
});
