// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, decodeJson } from "../decode";
import { AgentFrame, ConsoleFrame, EnrollRequest, PROTOCOL } from "../messages";
import { BrowserFrame, FeedFrame } from "./feed";

const SCHEMAS = { AgentFrame, ConsoleFrame, FeedFrame, BrowserFrame, EnrollRequest };

describe.each(Object.entries(SCHEMAS))("%s", (_, schema) => {
  test("any value is decoded or refused with a reason, never thrown at", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (input) => {
        const result = decode(schema, input);
        expect(result.ok || result.error.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("any text is decoded or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof decodeJson(schema, text).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});

test("what is decoded comes back the same through JSON", () => {
  const hello = { type: "hello", protocol: PROTOCOL, agentId: "a", node: "ruby", agentVersion: "1", bootId: null, nonce: "QUJD" };
  const once = decode(AgentFrame, hello);
  if (!once.ok) throw new Error(once.error);
  expect(decodeJson(AgentFrame, JSON.stringify(once.value))).toEqual(once);
});

test("a frame with one field of another type is refused, and the reason names the field", () => {
  const pulse = { type: "pulse", sentAtMs: 1, read: {} };
  expect(decode(AgentFrame, pulse).ok).toBe(true);
  fc.assert(
    fc.property(
      fc.anything().filter((value) => !Number.isSafeInteger(value)),
      (sentAtMs) => {
        const result = decode(AgentFrame, { ...pulse, sentAtMs });
        expect(result).toMatchObject({ ok: false, error: expect.stringContaining("sentAtMs") });
      },
    ),
  );
});

test("text that was cut is refused", () => {
  const text = JSON.stringify({ type: "pulse", sentAtMs: 1, read: {} });
  for (let end = 0; end < text.length; end += 1) expect(decodeJson(AgentFrame, text.slice(0, end)).ok).toBe(false);
});
