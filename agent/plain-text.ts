// SPDX-License-Identifier: Apache-2.0

/** Everything that could move a cursor, ring a bell, break a line or turn the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is the purpose
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

/** One line of plain words from any text: no control or direction characters, blanks folded, at most `most` characters. */
export function plainText(text: string, most = 500): string {
  // Cut before cleaning, so that a megabyte of stderr costs nothing.
  const clean = text
    .slice(0, most * 4)
    .replace(HOSTILE, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  if (clean.length <= most) return clean;
  // The cut may have halved a surrogate pair.
  return `${clean.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** What an unknown error says, as plain text. */
export function errorText(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error));
}

/** What to do about a TLS certificate that nobody vouches for; empty for any other error. */
export function certificateHint(error: unknown): string {
  switch (systemCode(error)) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return "; give the agent the certificate of who vouches for it with --ca FILE (caFile in the configuration)";
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return "; what listens there does not speak TLS 1.3, or no TLS at all: is it the console, and is nothing in between?";
    default:
      return "";
  }
}

/** The system's error code (`ENOENT`, `EACCES` …) of an unknown error; null when it has none. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
