// SPDX-License-Identifier: Apache-2.0

/** `5254000001AB` as the rest of the console writes it: `52:54:00:00:01:ab`. */
export function macWithColons(hex: string): string {
  return (hex.toLowerCase().match(/../g) ?? []).join(":");
}
