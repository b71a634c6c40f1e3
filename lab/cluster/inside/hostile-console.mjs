// SPDX-License-Identifier: Apache-2.0
// `hostile-console.mjs AGENT CONFIG FOLDER`, inside a node: a console that an agent of its own trusts, and that then sends steps it
// should not. CONFIG is the node's agent configuration, whose tree and tools the agent uses. Prints one JSON object per thing tried:
// what, and the code of the refusal ("ok" when it was taken). The agent's log is FOLDER/log.
import { spawn, spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { WebSocketServer } from "ws";

const [program = "", configFile = "", folder = ""] = process.argv.slice(2);
const { node, root, bin } = JSON.parse(readFileSync(configFile, "utf8"));
const AGENT_ID = "agent-of-the-hostile-console";

const raw = (key) => createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
const [own, stranger, agent] = [1, 2, 3].map(() => generateKeyPairSync("ed25519").privateKey);
const signed = (key, text) => sign(null, Buffer.from(text), key).toString("base64");

mkdirSync(path.join(folder, "state"), { recursive: true, mode: 0o700 });
writeFileSync(path.join(folder, "state/agent.key"), agent.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
writeFileSync(path.join(folder, "policy.json"), '{ "steps": ["standby", "prefer"] }', { mode: 0o600 });

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/ws/agent" });
const link = new Promise((resolve) => {
  server.once("connection", (socket) => {
    const consoleNonce = randomBytes(32).toString("base64");
    const lines = (signer, { agentId, node: name, nonce }) =>
      `${[
        "quarterdeck link 1",
        `signer ${signer}`,
        `agent ${agentId}`,
        `node ${name}`,
        `agent-nonce ${nonce}`,
        `console-nonce ${consoleNonce}`,
        `agent-key ${raw(agent)}`,
        `console-key ${raw(own)}`,
      ].join("\n")}\n`;
    const waiting = new Map();
    const say = (frame) => socket.send(JSON.stringify(frame));
    const pings = setInterval(() => socket.ping(), 1_000);
    socket.on("close", () => clearInterval(pings));
    socket.on("message", (bytes) => {
      const frame = JSON.parse(String(bytes));
      if (frame.type === "hello") say({ type: "challenge", nonce: consoleNonce, signature: signed(own, lines("console", frame)) });
      if (frame.type === "proof") {
        say({ type: "welcome", ackedSeq: 0, ackedJournalId: null });
        resolve({
          ask: (question) =>
            new Promise((answered) => {
              const id = randomBytes(8).toString("hex");
              waiting.set(id, answered);
              say({ ...question, id });
            }),
        });
      }
      if ("seq" in frame) say({ type: "ack", journalId: frame.journalId, seq: frame.seq });
      waiting.get(frame.id)?.(frame.result);
    });
  });
});

server.once("listening", () => {
  const config = { console: `http://127.0.0.1:${server.address().port}`, agentId: AGENT_ID, node, consoleKey: raw(own) };
  const more = { stateDir: path.join(folder, "state"), root, bin, policyFile: path.join(folder, "policy.json") };
  writeFileSync(path.join(folder, "agent.json"), JSON.stringify({ ...config, ...more }), { mode: 0o600 });
  const child = spawn(process.execPath, [program, "run", "--config", path.join(folder, "agent.json")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(createWriteStream(path.join(folder, "log"), { flags: "a" }));
  attempts().then(
    () => end(child, 0),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      end(child, 1);
    },
  );
});

function end(child, code) {
  child.once("close", () => process.exit(code));
  child.kill("SIGTERM");
}

const tell = (what, result) => process.stdout.write(`${JSON.stringify({ what, code: result.ok ? "ok" : result.error.code })}\n`);
/** The configuration's epoch, as Pacemaker's own tool has it now. */
function tellEpoch(when) {
  const epoch = / epoch="(\d+)"/.exec(spawnSync("cibadmin", ["--query"], { encoding: "utf8" }).stdout)?.[1];
  process.stdout.write(`${JSON.stringify({ what: `epoch ${when}`, code: epoch })}\n`);
}
const STANDBY = { kind: "standby", node, on: true };

async function attempts() {
  const { ask } = await link;
  const sources = ["pacemaker", "drbd"];
  let run = 0;
  /** An order that would be taken, but for what the caller changes. */
  const order = async (change = {}) => {
    const prepared = await ask({ type: "prepare", sources, steps: [STANDBY] });
    if (!prepared.ok) throw new Error(`the agent does not prepare: ${prepared.error.message}`);
    const { nonce, steps } = prepared.ready;
    run += 1;
    const audit = { seq: run, hash: randomBytes(32).toString("hex") };
    const expect = { change: steps[0].change, drbd: [] };
    return { agentId: AGENT_ID, node, runId: `run-${run}`, step: STANDBY, nonce, audit, expect, ...change };
  };
  const send = (body, key = own) => ask({ type: "step", body, signature: signed(key, `quarterdeck step 1\n${body}`) });

  const text = JSON.stringify(await order());
  const signature = signed(own, `quarterdeck step 1\n${text}`);
  tell("a changed byte", await ask({ type: "step", body: text.replace('"on":true', '"on":true '), signature }));
  tell("signed by somebody else", await send(text, stranger));
  tell("for another agent", await send(JSON.stringify(await order({ agentId: "somebody-else" }))));
  tell("for another node", await send(JSON.stringify(await order({ node: "nobody" }))));
  tell("another step than was prepared", await send(JSON.stringify(await order({ step: { ...STANDBY, on: false } }))));
  tell("a nonce of its own making", await send(JSON.stringify(await order({ nonce: randomBytes(32).toString("base64") }))));
  tell("not in the policy", await ask({ type: "preview", steps: [{ kind: "fence", node, action: "off" }] }));
  for (const resource of ["-h", "a;reboot"]) {
    const prefer = { kind: "prefer", resource, node, role: null, lifetimeSeconds: null };
    tell(`a resource named ${resource}`, await ask({ type: "preview", steps: [prefer] }));
  }
  tellEpoch("after all that");
  const late = JSON.stringify(await order());
  spawnSync("crm_attribute", ["--type", "crm_config", "--name", "cluster-delay", "--update", "61s"]);
  tellEpoch("after a change by hand");
  tell("a changed configuration", await send(late));
  tellEpoch("after its refusal");

  const good = JSON.stringify(await order());
  tell("as it should be", await send(good));
  tellEpoch("after the good one");
  tell("replayed", await send(good));
  tellEpoch("after its replay");
}
