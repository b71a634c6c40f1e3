// SPDX-License-Identifier: Apache-2.0
import { WebSocket } from "ws";
import { backoffMs } from "./clock";
import { consoleUrl, plainTextRefusal } from "./console-address";
import { type Ending, type RefusalCode, type Session, type SessionDeps, startSession } from "./link-session";
import type { Readings, SourceName } from "./protocol/sources";
import { tlsOptions, tlsTrust } from "./tls-trust";

export interface LinkDeps extends Omit<SessionDeps, "bootId" | "trust" | "steps"> {
  /** The console's address, `https://console.example:8443`. */
  console: string;
  allowPlainText: boolean;
  /** A reverse proxy ends TLS before the console. */
  tlsProxy: boolean;
  /** The certificates (PEM) that the console's own is checked against; null: see `tlsOptions`. */
  ca: string | null;
  bootId: () => Promise<string | null>;
  /** One sentence for the log. */
  log: (sentence: string) => void;
}

/** The agent's link to its console: connects, and connects again for as long as it lives. */
export interface Link {
  isLinked(): boolean;
  telemetry(readings: Readings): void;
  /** A newer reading of the source is in the journal: telemetry that still waits must not come after it. */
  overtaken(source: SourceName): void;
  pump(): void;
  /** Says goodbye; settles when the socket is closed. */
  stop(): Promise<void>;
}

/** Frames of the console are small; a larger one is not from it. */
const MAX_HEARD_BYTES = 1024 * 1024;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** When only a person can mend it: often enough to notice that they did. */
const HOPELESS_RETRY_MS = 60_000;
/** A goodbye takes no longer. */
const CLOSE_MS = 1_000;

function needsPerson(code: RefusalCode): boolean {
  switch (code) {
    case "LINK_UNKNOWN_AGENT":
    case "LINK_TRUST_ENDED":
    case "LINK_BAD_SIGNATURE":
    case "LINK_WRONG_NODE":
    case "LINK_PROTOCOL":
    case "LINK_CHANNEL":
      return true;
    case "LINK_BAD_FRAME":
    case "LINK_REPLACED":
    case "LINK_FOREIGN_FACT":
      return false;
    default: {
      const never: never = code;
      return never;
    }
  }
}

export function startLink(deps: LinkDeps): Link {
  const { clock, timing, log } = deps;
  const url = consoleUrl(deps.console, "/ws/agent", "ws");
  const trust = tlsTrust(deps.console, deps.tlsProxy);
  let session: Session | null = null;
  let socket: WebSocket | null = null;
  let isStopped = false;
  let cancelRetry: () => void = () => undefined;
  let attempt = 0;
  let lastSaid = "";

  /** Trying goes on for days; the log hears of it once. */
  function say(sentence: string): void {
    if (sentence === lastSaid) return;
    lastSaid = sentence;
    log(sentence);
  }

  function retryAfter(ms: number): void {
    if (!isStopped) cancelRetry = clock.after(ms, () => void connect());
  }

  function ended(ending: Ending, linkedMs: number | null): void {
    session = null;
    switch (ending.kind) {
      case "stopped":
        return;
      case "stranger":
        say(ending.message);
        retryAfter(HOPELESS_RETRY_MS);
        return;
      case "refused":
        say(`The console refused this agent (${ending.code}): ${ending.message}`);
        if (!needsPerson(ending.code)) break;
        retryAfter(HOPELESS_RETRY_MS);
        return;
      case "lost":
        say(
          linkedMs === null
            ? `No link to ${deps.console}: ${ending.why}. Trying on.`
            : `The link to ${deps.console} broke: ${ending.why}. Connecting again.`,
        );
        break;
      default:
        ending satisfies never;
    }
    // Only a link that held counts as a fresh start: one that breaks at once each time must not be tried at full speed.
    if (linkedMs !== null && clock.elapsed() - linkedMs >= timing.lostAfterMs) attempt = 0;
    retryAfter(backoffMs(attempt++, FIRST_RETRY_MS, LONGEST_RETRY_MS, clock.random()));
  }

  async function connect(): Promise<void> {
    const refusal = plainTextRefusal(deps.console, deps.allowPlainText);
    if (refusal !== null) {
      say(refusal);
      return retryAfter(HOPELESS_RETRY_MS);
    }
    const [bootId, steps] = await Promise.all([deps.bootId(), deps.stepper.kinds()]);
    if (isStopped) return;
    socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_HEARD_BYTES,
      handshakeTimeout: timing.lostAfterMs,
      followRedirects: false,
      ...tlsOptions(trust, deps.ca),
    });
    let linkedMs: number | null = null;
    session = startSession(
      socket,
      { ...deps, bootId, trust, steps },
      {
        linked: () => {
          linkedMs = clock.elapsed();
          say(`Linked to ${deps.console} as ${deps.identity.node}.`);
        },
        ended: (ending) => ended(ending, linkedMs),
      },
    );
  }

  void connect();
  return {
    isLinked: () => session?.isLinked() ?? false,
    telemetry: (readings) => session?.telemetry(readings),
    overtaken: (source) => session?.overtaken(source),
    pump: () => session?.pump(),
    async stop() {
      isStopped = true;
      cancelRetry();
      const open = socket;
      session?.end({ kind: "stopped" });
      if (open === null || open.readyState === WebSocket.CLOSED) return;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(CLOSE_MS, () => {
          open.terminate();
          resolve();
        });
        open.once("close", () => {
          cancel();
          resolve();
        });
      });
    },
  };
}
