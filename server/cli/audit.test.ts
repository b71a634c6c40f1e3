// SPDX-License-Identifier: Apache-2.0
import http from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { audit } from "./audit";

/** Asks for the export of a console that answers with this text. */
async function exported(format: "jsonl" | "csv", text: string) {
  const server = http.createServer((_, response) => void response.end(text));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  const address = { origin: new URL(`http://127.0.0.1:${bound.port}`), token: "t", ca: null };
  return audit.run(address, [], { format }, () => undefined);
}

const ROW = `${JSON.stringify({ title: "x".repeat(1_000) })}\n`;
const END = '{"end":{"rows":1,"head":null}}\n';

it("an export may be longer than any other answer", async () => {
  const text = ROW.repeat(17_000) + END;
  expect((await exported("jsonl", text)).text.length).toBe(text.length);
});

it("an export without its end is not given", async () => {
  for (const [format, text] of [
    ["jsonl", ROW],
    ["jsonl", ""],
    ["jsonl", ROW + END.slice(0, 12)],
    ["csv", "openedAt,closedAt\n"],
    ["csv", 'openedAt,closedAt\n"end","'],
  ] as const)
    await expect(exported(format, text), text.slice(-20)).rejects.toThrow("broke off");
  expect((await exported("csv", 'openedAt,closedAt\n"end",""\n')).exitCode).toBe(0);
});
