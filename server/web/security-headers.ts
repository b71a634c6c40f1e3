// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * The strict policy of every page: scripts only with this response's nonce, no frames, no other origin.
 * Next reads the nonce from the policy on the *request*, which is why it is set on both.
 * `style-src-attr` is open because a bar's width is an inline style; style sheets themselves are not.
 */
export function pagePolicy(nonce: string, isDevelopment: boolean): string {
  // Development only: the bundler's hot reload evaluates code and injects style sheets.
  const scripts = isDevelopment ? "'unsafe-eval'" : "";
  const styles = isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' ${scripts}`.trim(),
    `style-src 'self' ${styles}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function securePage(request: IncomingMessage, response: ServerResponse, isDevelopment: boolean): void {
  const policy = pagePolicy(randomBytes(16).toString("base64"), isDevelopment);
  request.headers["content-security-policy"] = policy;
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("X-Content-Type-Options", "nosniff");
  // A wall's key stands in its address: nobody is told where a request of such a page comes from.
  response.setHeader("Referrer-Policy", request.url?.startsWith("/wall/") === true ? "no-referrer" : "same-origin");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}
