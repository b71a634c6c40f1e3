// SPDX-License-Identifier: Apache-2.0

/** It cannot be done as it was asked for, or could not be done at all; the message is for the person. */
export class CliError extends Error {
  constructor(
    message: string,
    /** 2: the command line is at fault. 1: the world is. 6: something was asked for, and how it ended is not known. */
    readonly exitCode: 1 | 2 | 6 = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "CliError";
  }
}
