// SPDX-License-Identifier: Apache-2.0
import { Agent as PlainAgent, request as requestPlain } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import type { Socket } from "node:net";
import { consoleUrl } from "./console-address";
import { channelOf, type TlsTrust, tlsOptions } from "./tls-trust";

const ANSWER_MAX_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 20_000;

export interface Answer {
  status: number;
  text: string;
  /** The own name of the TLS connection it came by; null without. */
  channel: string | null;
}

/** One connection to the console. What was proven on it holds for all that is said on it, so there is never a second one. */
export interface ConsoleLine {
  /** @throws when nothing answers, or when the connection ended after an earlier answer */
  post(path: string, body: unknown): Promise<Answer>;
  close(): void;
}

export function openLine(address: string, trust: TlsTrust, ca: string | null): ConsoleLine {
  const isTls = trust !== "none";
  const request = isTls ? requestTls : requestPlain;
  const one = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new TlsAgent({ ...one, ...tlsOptions(trust, ca) }) : new PlainAgent(one);
  let line: Socket | null = null;

  function post(path: string, body: unknown): Promise<Answer> {
    const text = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const url = consoleUrl(address, path, "http");
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: "POST", headers, agent, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }, (answer) => {
        const channel = channelOf(answer.socket);
        const parts: Buffer[] = [];
        let size = 0;
        answer.on("data", (part: Buffer) => {
          size += part.length;
          if (size > ANSWER_MAX_BYTES) asked.destroy(new Error("the answer is too long to be the console's"));
          else parts.push(part);
        });
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8"), channel }));
      });
      asked.on("error", reject);
      asked.on("socket", (socket) => {
        // Nothing of the body is written before it is known where to.
        if (line !== null && line !== socket) asked.destroy(new Error("the connection ended half-way; try again"));
        else asked.end(text);
        line ??= socket;
      });
    });
  }
  return { post, close: () => agent.destroy() };
}
