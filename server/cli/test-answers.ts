// SPDX-License-Identifier: Apache-2.0
import http from "node:http";

export interface Asked {
  method: string | undefined;
  url: string | undefined;
  body: string;
}

/**
 * A console that answers as `answer` says (null: done, with nothing to say), and keeps what it was asked. `atEnd`: Vitest's
 * `onTestFinished`.
 */
export async function consoleThat(atEnd: (close: () => void) => void, answer: (asked: Asked) => unknown) {
  const asked: Asked[] = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    const one = { method: request.method, url: request.url, body };
    asked.push(one);
    const says = answer(one);
    response.writeHead(says === null ? 204 : 200).end(says === null ? "" : JSON.stringify(says));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return { asked, address: { origin: new URL(`http://127.0.0.1:${bound.port}`), token: "t", ca: null } };
}
