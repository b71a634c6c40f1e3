// SPDX-License-Identifier: Apache-2.0
import http from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { audit } from "./audit";

it("an export may be longer than any other answer", async () => {
  const text = `${JSON.stringify({ title: "x".repeat(1_000) })}\n`.repeat(17_000);
  const server = http.createServer((_, response) => void response.end(text));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  const address = { origin: new URL(`http://127.0.0.1:${bound.port}`), token: "t", ca: null };
  const said = await audit.run(address, [], { format: "jsonl" }, () => undefined);
  expect(said.text.length).toBe(text.length);
});
