// SPDX-License-Identifier: Apache-2.0
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { openLine } from "./console-line";

/** A server that answers with the number of the connection a request came by. `closes`: it lets go after each answer. */
async function counting(closes: boolean): Promise<{ address: string; bodies: string[] }> {
  let connections = 0;
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += String(part);
    bodies.push(text);
    response.writeHead(200, closes ? { connection: "close" } : {}).end(String(connections));
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return { address: `http://127.0.0.1:${bound.port}`, bodies };
}

test("all that is said goes over one connection", async () => {
  const { address } = await counting(false);
  const line = openLine(address, "none", null);
  const answers = [await line.post("/a", {}), await line.post("/b", {}), await line.post("/c", {})];
  expect(answers.map(({ text, channel }) => [text, channel])).toEqual([
    ["1", null],
    ["1", null],
    ["1", null],
  ]);
  line.close();
});

test("nothing is said over a second connection: who answers there has proven nothing", async () => {
  const { address, bodies } = await counting(true);
  const line = openLine(address, "none", null);
  await line.post("/proof", { nonce: "n" });
  await expect(line.post("/enroll", { token: "secret" })).rejects.toThrow("ended half-way");
  expect(bodies).toEqual(['{"nonce":"n"}']);
  line.close();
});
