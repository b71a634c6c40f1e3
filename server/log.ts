// SPDX-License-Identifier: Apache-2.0

/** What the console says of itself, one line each, on standard error. Never a secret, never a whole frame. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

export function createLog(now: () => Date, write: (line: string) => void): Log {
  const line = (level: string, message: string) => write(`${now().toISOString()} ${level} ${message.replace(/[\r\n\t]+/g, " ")}\n`);
  return {
    info: (message) => line("info", message),
    warn: (message) => line("warn", message),
    error: (message, cause) => line("error", cause instanceof Error ? `${message}: ${cause.message}` : message),
  };
}
