// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { type Config, writeConfig } from "./config";
import { plainTextRefusal } from "./console-address";
import { type Answer, type ConsoleLine, openLine } from "./console-line";
import { isSignedBy, loadOrMakeKeys } from "./keys";
import { ownNodeName } from "./node-name";
import { certificateHint, errorText, plainText, systemCode } from "./plain-text";
import { decode, decodeJson } from "./protocol/decode";
import { ErrorBody } from "./protocol/errors";
import { EnrollAnswer, EnrollProof, type EnrollProofRequest, type EnrollRequest } from "./protocol/messages";
import { NodeName } from "./protocol/names";
import { enrollProofBytes } from "./protocol/signing";
import { type TlsTrust, tlsTrust } from "./tls-trust";
import { type Env, hostFor, TREE_OPTIONS } from "./tree-options";
import { DEFAULT_CONFIG, DEFAULT_STATE_DIR, options, RunError, UsageError } from "./usage";
import { AGENT_VERSION } from "./version";

const TOKEN = /^qd1\.[A-Za-z0-9_-]{1,150}\.([A-Za-z0-9_-]{22})$/;

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

/** Where a node enrols, and how it knows that it is the right console. */
interface Desk {
  address: string;
  trust: TlsTrust;
  line: ConsoleLine;
  /** The fingerprint in the token. */
  expected: string;
}

/** Asks, and reads what a console answers. @throws RunError when it refuses, cannot be reached or is no console */
async function ask<S extends z.ZodType>({ address, line }: Desk, path: string, body: unknown, answers: S) {
  let answer: Answer;
  try {
    answer = await line.post(path, body);
  } catch (error) {
    const why = errorText(error) || systemCode(error) || "no connection";
    throw new RunError(`The console at ${address} cannot be reached: ${why}${certificateHint(error)}. Nothing was written.`, {
      cause: error,
    });
  }
  if (answer.status < 200 || answer.status > 299) {
    const refusal = decodeJson(ErrorBody, answer.text);
    const why = refusal.ok ? plainText(refusal.value.error.message) : `it answered with HTTP ${answer.status}`;
    throw new RunError(`The console at ${address} did not enrol this node: ${why}`);
  }
  const said = decodeJson(answers, answer.text);
  if (!said.ok) throw new RunError(`What answers at ${address} is not a Quarterdeck console (${said.error}). Nothing was written.`);
  return { value: said.value, channel: answer.channel };
}

/**
 * Before the token is given away: whoever answers must hold the key that the token names, and prove it on this very TLS
 * connection. So one who stands in between learns nothing that is worth having. @throws RunError when it does not
 */
async function proveConsole(desk: Desk): Promise<void> {
  const nonce = randomBytes(32).toString("base64");
  const asked: EnrollProofRequest = { nonce };
  const { value: proof, channel } = await ask(desk, "/api/v1/enroll/proof", asked, EnrollProof);
  const kept = "The token was not given to it, nothing was written.";
  if (fingerprint(proof.consoleKey) !== desk.expected) {
    throw new RunError(`What answers at ${desk.address} is not the console that gave the token: its key is another one. ${kept}`);
  }
  const { consoleKey, signature } = proof;
  if (channel === null || !isSignedBy(consoleKey, enrollProofBytes({ agentNonce: nonce, consoleKey, channel }), signature)) {
    throw new RunError(
      `What answers at ${desk.address} did not prove the console's key on this connection: something on the way ends TLS. ${kept} If it is your reverse proxy, enrol with --tls-proxy; if you know of none, somebody listens.`,
    );
  }
}

/** Trades the token for trust. @throws RunError when the console refuses, cannot be reached or is not the token's */
async function trade(desk: Desk, asked: EnrollRequest): Promise<EnrollAnswer> {
  if (desk.trust === "key") await proveConsole(desk);
  const { value } = await ask(desk, "/api/v1/enroll", asked, EnrollAnswer);
  if (fingerprint(value.consoleKey) !== desk.expected) {
    throw new RunError(
      `What answers at ${desk.address} is not the console that gave the token: its key is another one. Nothing was written, the token may be in wrong hands: withdraw it in the console.`,
    );
  }
  return value;
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
    "tls-proxy": { type: "boolean" },
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
  const isProxied = chosen["tls-proxy"] ?? false;
  const trust = tlsTrust(address, isProxied);
  if (isProxied && trust === "none") throw new UsageError("--tls-proxy is for a console behind https, and this address is not.");

  const host = hostFor(chosen, env);
  const name = decode(NodeName, chosen.node ?? (await ownNodeName(host)));
  if (!name.ok) throw new UsageError("This node has no usable name: say it with --node NAME, as the cluster calls it.");
  const ca = chosen.ca === undefined ? null : await readFile(chosen.ca, "utf8");
  const stateDir = path.resolve(chosen["state-dir"] ?? DEFAULT_STATE_DIR);
  const keys = await loadOrMakeKeys(stateDir);
  const asked = { token, node: name.value, publicKey: keys.publicKey, agentVersion: AGENT_VERSION };
  const line = openLine(address, trust, ca);
  const given = await trade({ address, trust, line, expected }, asked).finally(line.close);

  const file = path.resolve(chosen.config ?? DEFAULT_CONFIG);
  const config: Config = {
    console: address,
    agentId: given.agentId,
    node: name.value,
    consoleKey: given.consoleKey,
    stateDir,
    ...(chosen.root === undefined ? {} : { root: path.resolve(chosen.root) }),
    ...(chosen.bin === undefined ? {} : { bin: path.resolve(chosen.bin) }),
    ...(env.CIB_file ? { cibFile: path.resolve(env.CIB_file) } : {}),
    ...(chosen.ca === undefined ? {} : { caFile: path.resolve(chosen.ca) }),
    ...(allowPlainText ? { allowPlainText } : {}),
    ...(isProxied ? { tlsProxy: true } : {}),
  };
  await writeConfig(file, config);
  return [
    `${name.value} is enrolled in ${plainText(given.cluster, 60)} as ${given.role}.`,
    `The agent reads, and takes no step unless a policy on this node allows it. Start it: quarterdeck-agent run --config ${file}`,
    "",
  ].join("\n");
}
