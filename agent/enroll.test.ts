// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "./config";
import { enroll, fingerprint, tokenFingerprint } from "./enroll";
import { newKeys } from "./keys";
import { EnrollRequest } from "./protocol/messages";
import { emptyFolder, put } from "./test-folder";

const consoleKey = newKeys().publicKey;
const token = `qd1.c2VjcmV0.${fingerprint(consoleKey)}`;

/** A console that answers every enrolment with this. */
async function consoleAnswering(status: number, body: unknown) {
  const asked: { url: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      asked.push({ url: request.url ?? "", body: JSON.parse(text) });
      response.writeHead(status, { "content-type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return { address: `http://127.0.0.1:${bound.port}`, asked };
}

const trusted = { agentId: "agent-7", cluster: "san-a", role: "member", consoleKey };

function place(address: string, ...more: string[]) {
  const folder = emptyFolder(onTestFinished);
  const config = path.join(folder, "etc/agent.json");
  const stateDir = path.join(folder, "state");
  const args = ["--console", address, "--token", token, "--config", config, "--state-dir", stateDir, ...more];
  return { folder, config, stateDir, args };
}

test("a node is enrolled: its key goes out, the console's is pinned, the next command is said", async () => {
  const console = await consoleAnswering(200, trusted);
  const { config, stateDir, args } = place(console.address, "--node", "ruby");
  const said = await enroll(args, {});
  expect(said).toContain(`quarterdeck-agent run --config ${config}`);
  expect(said).toContain("ruby is enrolled in san-a as member");
  expect(console.asked[0]?.url).toBe("/api/v1/enroll");
  expect(EnrollRequest.parse(console.asked[0]?.body)).toMatchObject({ token, node: "ruby" });
  expect(await readConfig(config)).toEqual({ console: console.address, agentId: "agent-7", node: "ruby", consoleKey, stateDir });
  expect(statSync(config).mode & 0o777).toBe(0o600);
  expect(readFileSync(config, "utf8")).not.toContain("secret");
});

test("a node of a tree is enrolled under the tree's own name, and the agent will read that tree", async () => {
  const console = await consoleAnswering(200, trusted);
  const tree = emptyFolder(onTestFinished);
  put(tree, "etc/hostname", "crystal\n");
  const { config, args } = place(console.address, "--root", tree, "--bin", tree);
  await enroll(args, { CIB_file: "/tmp/cib.xml" });
  expect(await readConfig(config)).toMatchObject({ node: "crystal", root: tree, bin: tree, cibFile: "/tmp/cib.xml" });
});

test("a console with another key than the token's is refused, and nothing is written", async () => {
  const console = await consoleAnswering(200, { ...trusted, consoleKey: newKeys().publicKey });
  const { config, args } = place(console.address, "--node", "ruby");
  await expect(enroll(args, {})).rejects.toThrow("not the console that gave the token");
  expect(existsSync(config)).toBe(false);
});

test.each([
  [403, { error: { code: "ENROLL_USED", message: "This token was used already." } }, "This token was used already."],
  [502, "<html>", "HTTP 502"],
  [200, "<html>", "not a Quarterdeck console"],
  [200, { agentId: 7 }, "not a Quarterdeck console"],
  [200, "x".repeat(100_000), "too long"],
])("an answer %i %j is told in words", async (status, body, words) => {
  const console = await consoleAnswering(status, body);
  const { config, args } = place(console.address, "--node", "ruby");
  await expect(enroll(args, {})).rejects.toThrow(words);
  expect(existsSync(config)).toBe(false);
});

test("https where plain http is spoken is told in words", async () => {
  const console = await consoleAnswering(200, trusted);
  const { args } = place(console.address.replace("http:", "https:"), "--node", "ruby");
  await expect(enroll(args, {})).rejects.toThrow(/cannot be reached: .*does not speak TLS 1\.3/);
});

test("a console that cannot be reached is told in words", async () => {
  const { args } = place("http://127.0.0.1:1", "--node", "ruby");
  await expect(enroll(args, {})).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/);
});

test.each([
  [["--token", token], "--console"],
  [["--console", "console.example", "--token", token], "--console"],
  [["--console", "https://console.example"], "--token"],
  [["--console", "https://console.example", "--token", "secret"], "not an enrolment token"],
  [["--console", "http://console.example", "--token", token], "--allow-plaintext"],
  [["--console", "http://127.0.0.1:1", "--token", token, "--tls-proxy"], "behind https"],
  [["--console", "https://console.example", "--token", token, "--node", "../ruby"], "--node"],
  [["--what"], "--what"],
])("%j: the mistake is named", async (args, words) => {
  await expect(enroll(args, {})).rejects.toThrow(words);
});

test("the fingerprint is the first 22 characters of the key's SHA-256 in base64url", () => {
  const key = Buffer.alloc(32).toString("base64");
  expect(fingerprint(key)).toBe("Zmh6rfhivXdsj8GLjp-OIA");
  expect(tokenFingerprint("qd1.abc.Zmh6rfhivXdsj8GLjp-OIA")).toBe("Zmh6rfhivXdsj8GLjp-OIA");
});
