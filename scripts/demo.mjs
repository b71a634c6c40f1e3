// SPDX-License-Identifier: Apache-2.0
// `npm run demo`: the console with its embedded database and the simulated fleet, ready to look at.
// The console here is the same program as `npm start`; this script is only its first admin, by the documented way in.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import path from "node:path";
import { startChildren } from "./children.mjs";

const root = path.resolve(import.meta.dirname, "..");
const isDev = process.argv.includes("--dev");
const isCalm = process.argv.includes("--calm");
const dataDir = path.resolve(process.env.DATA_DIR ?? path.join(root, "data/demo"));
const children = startChildren();

mkdirSync(dataDir, { recursive: true, mode: 0o700 });

const started = await children.start("console", ["dist/console.mjs"], {
  cwd: root,
  env: { ...process.env, DATA_DIR: dataDir, NODE_ENV: isDev ? "development" : "production" },
});
const { origin, setupCode, certFile } = await started.message("ready");

if (setupCode !== null) console.log("The demo uses that code itself and makes the admin.");
const account = await signInOrSetUp();
const { readyNodes, buttons } = await startFleet();

console.log("");
console.log(`Open ${origin.replace("127.0.0.1", "localhost")}`);
console.log(`Sign in as ${account.user} with the password ${account.password}`);
console.log(`API token: ${account.token}`);
console.log(`${readyNodes} nodes of the simulated fleet are live. Break something: with the buttons at`);
console.log(`${buttons} or at a shell: ${process.env.DATA_DIR ? `DATA_DIR=${dataDir} ` : ""}npm run sim -- list`);
console.log("Ctrl-C ends everything.");
process.send?.({ type: "ready", origin, account, simDir: path.join(dataDir, "sim") });

/** Sends JSON and gives the answer; `allowed` are statuses that are answers too. */
async function ask(method, route, { body, headers = {}, allowed = [] } = {}) {
  const options = {
    method,
    headers: { "content-type": "application/json", origin, ...headers },
    // Not fetch: it cannot be told to believe the console's own certificate.
    ...(certFile === null ? {} : { ca: readFileSync(certFile) }),
  };
  const answer = await new Promise((resolve, reject) => {
    const asked = (certFile === null ? requestPlain : requestTls)(`${origin}${route}`, options, resolve);
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += part;
  if (answer.statusCode > 299 && !allowed.includes(answer.statusCode)) throw new Error(`${method} ${route}: ${answer.statusCode} ${text}`);
  return { text, cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
}

async function signInOrSetUp() {
  const file = path.join(dataDir, "demo.json");
  if (setupCode === null) {
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch {
      console.error(
        `${dataDir} has an admin already, but demo.json with the demo's sign-in is missing. Remove the folder or set DATA_DIR to another.`,
      );
      await children.stop(1);
    }
  }
  const user = "admin";
  const password = randomBytes(9).toString("base64url");
  const { cookie } = await ask("POST", "/api/v1/setup", { body: { code: setupCode, user, password } });
  const made = await ask("POST", "/api/v1/tokens", { body: { name: "demo", role: "admin", days: null }, headers: { cookie } });
  const { token } = JSON.parse(made.text);
  const account = { user, password, token };
  writeFileSync(file, JSON.stringify(account), { mode: 0o600 });
  return account;
}

async function startFleet() {
  const args = [
    "dist/sim.mjs",
    "run",
    "--dir",
    path.join(dataDir, "sim"),
    "--console",
    origin,
    "--agent",
    path.join(root, "dist/quarterdeck-agent.mjs"),
  ];
  if (isCalm) args.push("--calm");
  const trust = certFile === null ? {} : { NODE_EXTRA_CA_CERTS: certFile };
  const fleet = await children.start("fleet", args, { cwd: root, env: { ...process.env, ...trust, QUARTERDECK_TOKEN: account.token } });
  const { nodes, control } = await fleet.message("ready");
  return { readyNodes: nodes, buttons: control };
}
