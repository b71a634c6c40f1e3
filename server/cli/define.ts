// SPDX-License-Identifier: Apache-2.0
import type { ConsoleAddress } from "./console-client";

/** What was chosen on the command line, beside the words. */
export interface Chosen {
  cluster?: string | undefined;
  json?: boolean | undefined;
  yes?: boolean | undefined;
  accept?: string | undefined;
  type?: string | undefined;
  reason?: string | undefined;
  hours?: string | undefined;
  until?: string | undefined;
  note?: string | undefined;
  off?: boolean | undefined;
  cron?: string | undefined;
  zone?: string | undefined;
  minutes?: string | undefined;
  stop?: boolean | undefined;
  node?: string | undefined;
  agents?: boolean | undefined;
  format?: string | undefined;
  by?: string | undefined;
  verb?: string | undefined;
  outcome?: string | undefined;
}

/** What a word of the program prints, and the code it ends with. */
export interface Said {
  text: string;
  exitCode: number;
}

/** A word of the program: `quarterdeck safe …`. */
export interface Word {
  name: string;
  /** What follows it, for the usage: "NODE". */
  usage: string;
  does: string;
  run(address: ConsoleAddress, words: readonly string[], chosen: Chosen, tell: (line: string) => void): Promise<Said>;
}
