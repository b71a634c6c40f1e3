// SPDX-License-Identifier: Apache-2.0
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { allowedSteps, isTrustedLink, policyFileOf, stepsSentence } from "./allowed-steps";
import { openAuditHeads } from "./audit-heads";
import { systemClock } from "./clock";
import { readingError } from "./collect";
import { CATALOG, type Catalog } from "./collectors/catalog";
import { type Config, readConfig } from "./config";
import { createHost, type NodeHost } from "./host/node-host";
import { type Journal, openJournal } from "./journal";
import { createJournalDisk } from "./journal-disk";
import { loadKeys } from "./keys";
import { createLineIntake } from "./line-intake";
import { type Link, startLink } from "./link";
import { bootId } from "./node-name";
import { errorText, plainText } from "./plain-text";
import { readPolicy } from "./policy";
import { MAX_FRAME_BYTES } from "./protocol/messages";
import type { Reading, SourceName } from "./protocol/sources";
import { timing } from "./protocol/timing";
import { readingsOf } from "./readings";
import { watch } from "./run";
import { createStepper } from "./stepper";
import { type Env, ioThreads, requireFolder } from "./tree-options";
import { DEFAULT_CONFIG, options, RunError } from "./usage";
import { AGENT_VERSION } from "./version";

/** An agent at work. */
export interface Serving {
  isLinked(): boolean;
  /** Ends the readings, what is still to be written, the link, and every tool that runs. */
  stop(): Promise<void>;
}

export interface ServeDeps {
  config: Config;
  host: NodeHost;
  catalog: Catalog;
  log: (sentence: string) => void;
}

/** Room for the frame around a reading. */
const FRAME_BYTES = 1_024;

/** A reading that no frame can carry is a failure to read it: said, not hidden. */
function sendable<N extends SourceName>(source: N, reading: Reading<N>): Reading<N> {
  if (reading.status !== "ok" || Buffer.byteLength(JSON.stringify(reading)) <= MAX_FRAME_BYTES - FRAME_BYTES) return reading;
  const why = `what it says is larger than the ${MAX_FRAME_BYTES / 1024 / 1024} MiB a frame may hold`;
  return { status: "failed", takenAtMs: reading.takenAtMs, error: readingError(source, "COLLECT_TOO_LARGE", why) };
}

/** The boot in which the journal's last word of the machine was read; null: it has none, or did not say. */
function bootOf(journal: Journal): string | null {
  const host = journal.lastFact("host");
  return host?.status === "ok" ? host.value.bootId : null;
}

/** Reads the node, keeps the journal and holds the link, until told to stop. @throws RunError when the node is not enrolled */
export async function serve({ config, host, catalog, log }: ServeDeps): Promise<Serving> {
  const clock = systemClock;
  const keys = await loadKeys(config.stateDir);
  if (keys === null) throw new RunError(`${config.stateDir} holds no key of this agent: enrol this node (again).`);
  const ca = config.caFile === undefined ? null : await readFile(config.caFile, "utf8");
  const heads = await openAuditHeads(config.stateDir, config.consoleKey);
  const boot = () => bootId(host);
  let link: Link | null = null;
  const journal = await openJournal({
    disk: createJournalDisk(config.stateDir),
    clock,
    log,
    onSafe: () => link?.pump(),
    ...(config.journalMaxBytes === undefined ? {} : { maxBytes: config.journalMaxBytes }),
  });
  const intake = createLineIntake(journal, boot, clock);
  // After a boot all is told once more: that something came up again is news, though it reads as before.
  const isBooted = bootOf(journal) !== (await boot());

  const watching = watch({
    catalog,
    host,
    clock,
    lastTold: (source) => (isBooted ? null : journal.lastFact(source)),
    onReading(source, raw, change) {
      if (change === "same") return;
      const reading = sendable(source, raw);
      if (change === "steady") {
        link?.overtaken(source);
        journal.append({ type: "fact", atMs: reading.takenAtMs, source, readings: readingsOf(source, reading) }, null);
      } else link?.telemetry(readingsOf(source, reading));
    },
    onLine: intake.take,
    onLost: intake.lost,
  });

  const stepper = createStepper({
    host,
    clock,
    agentId: config.agentId,
    node: config.node,
    consoleKey: config.consoleKey,
    isTrustedLink: isTrustedLink(config),
    policy: () => readPolicy(policyFileOf(config)),
    heads,
    reread: watching.reread,
    drbd: () => watching.current().drbd,
    log,
  });

  link = startLink({
    identity: { agentId: config.agentId, node: config.node, keys, consoleKey: config.consoleKey },
    console: config.console,
    allowPlainText: config.allowPlainText ?? false,
    tlsProxy: config.tlsProxy ?? false,
    ca,
    journal,
    clock,
    timing: timing(config.timingFactor),
    bootId: boot,
    current: watching.current,
    readTimes: watching.readTimes,
    stepper,
    log,
  });
  const started = link;
  return {
    isLinked: started.isLinked,
    async stop() {
      watching.stop();
      intake.stop();
      host.close();
      await started.stop();
      await journal.close();
    },
  };
}

/** `quarterdeck-agent run`: serves until SIGTERM or SIGINT. */
export async function run(args: readonly string[], env: Env): Promise<null> {
  const chosen = options("run", args, { config: { type: "string" } });
  const config = await readConfig(chosen.config ?? DEFAULT_CONFIG);
  requireFolder("root", config.root);
  requireFolder("bin", config.bin);
  const log = (sentence: string) => process.stderr.write(`${plainText(sentence, 1_000)}\n`);
  const cibFile = config.cibFile ?? (env.CIB_file || null);
  // Copies of the CIB hold passwords: what a killed run left of them is removed.
  const scratchIn = path.join(config.stateDir, "scratch");
  await rm(scratchIn, { recursive: true, force: true });
  const host = createHost({ root: config.root ?? "/", bin: config.bin, cibFile, ioThreads: ioThreads(env), scratchIn });
  // Before anything is started: a stop that comes early must not be missed.
  const told = new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  log(`quarterdeck-agent ${AGENT_VERSION} reads ${config.node} ${stepsSentence(await allowedSteps(config))}`);
  const serving = await serve({ config, host, catalog: CATALOG, log });
  const signal = await told;
  log(`Stopping (${signal}).`);
  await serving.stop().catch((error: unknown) => log(`Not everything stopped cleanly: ${errorText(error)}`));
  return null;
}
