// SPDX-License-Identifier: Apache-2.0

/** The system's name of a failure ("ENXIO"); null when it is no failure of the system. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
