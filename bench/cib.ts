// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { openBrowserSocket } from "./harness/browser-socket";
import { ROOT, startConsole, temporaryFolder } from "./harness/console";
import { requirePackages } from "./harness/debian";
import { largeCib } from "./harness/large-cib";
import { median } from "./harness/numbers";
import { runAgent } from "./harness/run-agent";
import { pause, until, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const SLUG = "large";
const CIB_BYTES = 800_000;
const TURNS = 12;
const CRM_MON = "/usr/sbin/crm_mon";
const QUESTION = ["-1", "--output-as=xml", "--include=all", "--inactive", "--fence-history=3"];

/** The real crm_mon on a CIB of its own: what it prints, and how long it took. */
function askCrmMon(file: string): { text: string; ms: number } {
  const startedMs = performance.now();
  const text = execFileSync(CRM_MON, QUESTION, { env: { ...process.env, CIB_file: file }, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return { text, ms: performance.now() - startedMs };
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  requirePackages([{ file: CRM_MON, debian: "pacemaker-cli-utils" }]);
  return withCleanup(async (later) => {
    const dir = temporaryFolder();
    later(() => rmSync(dir, { recursive: true, force: true }));
    const [root, bin, answers] = [path.join(dir, "root"), path.join(dir, "bin"), path.join(dir, "answers")];
    for (const folder of [root, bin, answers]) mkdirSync(folder);
    const put = (name: string, text: string) => {
      writeFileSync(path.join(answers, `${name}.fresh`), text);
      renameSync(path.join(answers, `${name}.fresh`), path.join(answers, name));
    };
    const variants = [false, true].map((isStandby) => {
      const cib = largeCib(CIB_BYTES, isStandby);
      const file = path.join(dir, `cib-${isStandby}.xml`);
      writeFileSync(file, cib);
      return { cib, file, isStandby, monitor: askCrmMon(file).text };
    });
    const show = ({ cib, monitor }: { cib: string; monitor: string }) => {
      put("cib.xml", cib);
      put("crm_mon.xml", monitor);
    };
    const [first] = variants;
    if (!first) throw new Error("there is no CIB");
    show(first);
    // The bell is a FIFO held open here; the answers are there before it rings, as they are on a node.
    const fifo = path.join(dir, "bell");
    execFileSync("mkfifo", [fifo]);
    const bell = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    later(() => closeSync(bell));
    const tool = (name: string, text: string) => writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    tool("stdbuf", `exec cat ${fifo}`);
    tool("crm_mon", `exec cat ${answers}/crm_mon.xml`);
    tool("cibadmin", `exec cat ${answers}/cib.xml`);

    const console_ = await startConsole();
    later(console_.remove);
    await console_.ask("POST", "/api/v1/clusters", { slug: SLUG, title: "Large", environment: null });
    later(
      (
        await runAgent({
          console: console_,
          cluster: SLUG,
          node: "ruby",
          dir,
          root,
          bin,
          agent: path.join(ROOT, "dist/quarterdeck-agent.mjs"),
        })
      ).stop,
    );
    let seen = "";
    let seenAtMs = 0;
    const socket = await openBrowserSocket(console_, { of: "cluster", slug: SLUG }, (text) => {
      seen = /"standby"/.test(text) ? "standby" : /"online"/.test(text) ? "online" : seen;
      if (text.startsWith('{"type":"patch"')) seenAtMs = performance.now();
    });
    later(socket.close);
    await until(() => (seen === "" ? null : true), "the CIB did not come");
    writeSync(bell, ".");
    say(
      `${TURNS} changes of a CIB of ${(first.cib.length / 1_000).toFixed(0)} kB (crm_mon prints ${(first.monitor.length / 1_000).toFixed(0)} kB), crm_mon's own time between them`,
    );
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn += 1) {
      await pause(1_000);
      const variant = variants[(turn + 1) % 2];
      if (!variant) throw new Error("there is no CIB");
      show(variant);
      seenAtMs = 0;
      seen = "";
      const atMs = performance.now();
      writeSync(bell, ".");
      await until(() => (seen === (variant.isStandby ? "standby" : "online") ? true : null), "the change did not reach the view");
      ours.push(seenAtMs - atMs);
      theirs.push(askCrmMon(variant.file).ms);
    }
    const beside = `crm_mon itself ${median(theirs).toFixed(0)} ms (median of ${TURNS}, in turns)`;
    return [
      row("cib.text-to-view", median(ours), "ms", null, "text of crm_mon and CIB there, to the patch at a browser's socket"),
      row("cib.ratio", median(ours) / median(theirs), "×", 2, beside),
    ];
  });
}

export const cib: Measurement = { name: "cib", about: "a CIB of 800 kB, text to view, beside crm_mon's own time on it", measure };
