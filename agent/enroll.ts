// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import path from "node:path";
import { type Config, writeConfig } from "./config";
import { consoleUrl, plainTextRefusal } from "./console-address";
import { loadOrMakeKeys } from "./keys";
import { ownNodeName } from "./node-name";
import { certificateHint, errorText, plainText, systemCode } from "./plain-text";
import { decode, decodeJson } from "./protocol/decode";
import { ErrorBody } from "./protocol/errors";
import { EnrollAnswer, type EnrollRequest } from "./protocol/messages";
import { NodeName } from "./protocol/names";
import { type Env, hostFor, TREE_OPTIONS } from "./tree-options";
import { DEFAULT_CONFIG, DEFAULT_STATE_DIR, options, RunError, UsageError } from "./usage";
import { AGENT_VERSION } from "./version";

const TOKEN = /^qd1\.[A-Za-z0-9_-]{1,150}\.([A-Za-z0-9_-]{22})$/;
const ANSWER_MAX_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 20_000;

/** The first 22 characters of a key's SHA-256 in base64url: how a token names its console. */
export function fingerprint(rawKey: string): string {
  return createHash("sha256").update(Buffer.from(rawKey, "base64")).digest("base64url").slice(0, 22);
}

/** The fingerprint of the console that gave the token. @throws UsageError when it is not a token */
export function tokenFingerprint(token: string): string {
  const found = TOKEN.exec(token)?.[1];
  if (found === undefined)
    throw new UsageError("This is not an enrolment token: one looks like qd1.….…, and is shown once by the console.");
  return found;
}

/** @throws RunError when the console cannot be reached */
function post(url: string, body: string, ca: string | null): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? requestTls : requestPlain;
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asked = request(
      url,
      { method: "POST", headers, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), ...(ca === null ? {} : { ca }) },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on("data", (part: Buffer) => {
          size += part.length;
          if (size > ANSWER_MAX_BYTES) asked.destroy(new Error("the answer is too long to be the console's"));
          else parts.push(part);
        });
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Trades the token for trust. @throws RunError when the console refuses, cannot be reached or is not the token's */
async function trade(address: string, asked: EnrollRequest, expected: string, ca: string | null): Promise<EnrollAnswer> {
  let answer: { status: number; text: string };
  try {
    answer = await post(consoleUrl(address, "/api/v1/enroll", "http"), JSON.stringify(asked), ca);
  } catch (error) {
    throw new RunError(
      `The console at ${address} cannot be reached: ${errorText(error) || systemCode(error) || "no connection"}${certificateHint(error)}. Nothing was written.`,
      {
        cause: error,
      },
    );
  }
  if (answer.status < 200 || answer.status > 299) {
    const refusal = decodeJson(ErrorBody, answer.text);
    const why = refusal.ok ? plainText(refusal.value.error.message) : `it answered with HTTP ${answer.status}`;
    throw new RunError(`The console at ${address} did not enrol this node: ${why}`);
  }
  const trust = decodeJson(EnrollAnswer, answer.text);
  if (!trust.ok) throw new RunError(`What answers at ${address} is not a Quarterdeck console (${trust.error}). Nothing was written.`);
  if (fingerprint(trust.value.consoleKey) !== expected) {
    throw new RunError(
      `What answers at ${address} is not the console that gave the token: its key is another one. Nothing was written, the token may be in wrong hands: withdraw it in the console.`,
    );
  }
  return trust.value;
}

/** `quarterdeck-agent enroll`: makes this node's key known to the console and pins the console's. */
export async function enroll(args: readonly string[], env: Env): Promise<string> {
  const chosen = options("enroll", args, {
    ...TREE_OPTIONS,
    console: { type: "string" },
    token: { type: "string" },
    node: { type: "string" },
    config: { type: "string" },
    "state-dir": { type: "string" },
    ca: { type: "string" },
    "allow-plaintext": { type: "boolean" },
  });
  const { console: address, token } = chosen;
  if (address === undefined || !/^https?:\/\/./.test(address) || !URL.canParse(address)) {
    throw new UsageError("enroll needs --console with the console's address, e.g. --console https://console.example:8443.");
  }
  if (token === undefined) throw new UsageError("enroll needs --token with the token that the console showed.");
  const expected = tokenFingerprint(token);
  const allowPlainText = chosen["allow-plaintext"] ?? false;
  const refusal = plainTextRefusal(address, allowPlainText);
  if (refusal !== null) throw new UsageError(refusal);

  const host = hostFor(chosen, env);
  const name = decode(NodeName, chosen.node ?? (await ownNodeName(host)));
  if (!name.ok) throw new UsageError("This node has no usable name: say it with --node NAME, as the cluster calls it.");
  const ca = chosen.ca === undefined ? null : await readFile(chosen.ca, "utf8");
  const stateDir = path.resolve(chosen["state-dir"] ?? DEFAULT_STATE_DIR);
  const keys = await loadOrMakeKeys(stateDir);
  const asked = { token, node: name.value, publicKey: keys.publicKey, agentVersion: AGENT_VERSION };
  const trust = await trade(address, asked, expected, ca);

  const file = path.resolve(chosen.config ?? DEFAULT_CONFIG);
  const config: Config = {
    console: address,
    agentId: trust.agentId,
    node: name.value,
    consoleKey: trust.consoleKey,
    stateDir,
    ...(chosen.root === undefined ? {} : { root: path.resolve(chosen.root) }),
    ...(chosen.bin === undefined ? {} : { bin: path.resolve(chosen.bin) }),
    ...(env.CIB_file ? { cibFile: path.resolve(env.CIB_file) } : {}),
    ...(chosen.ca === undefined ? {} : { caFile: path.resolve(chosen.ca) }),
    ...(allowPlainText ? { allowPlainText } : {}),
  };
  await writeConfig(file, config);
  return [
    `${name.value} is enrolled in ${plainText(trust.cluster, 60)} as ${trust.role}.`,
    `The agent reads and never acts. Start it: quarterdeck-agent run --config ${file}`,
    "",
  ].join("\n");
}
