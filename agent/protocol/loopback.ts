// SPDX-License-Identifier: Apache-2.0

/** True for an address that never leaves the machine, as it stands in a URL (`[::1]`) or alone (`::1`). */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
