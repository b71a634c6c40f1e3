// SPDX-License-Identifier: Apache-2.0

/** What the audit is narrowed to; empty text: not narrowed. */
export interface AuditFilter {
  cluster: string;
  by: string;
  verb: string;
  outcome: string;
}

const NAMES = ["cluster", "by", "verb", "outcome"] as const;

export function readFilter(params: Pick<URLSearchParams, "get">): AuditFilter {
  const of = (name: string) => params.get(name) ?? "";
  return { cluster: of("cluster"), by: of("by"), verb: of("verb"), outcome: of("outcome") };
}

/** The filter as an address has it, without what is empty; with `more` after it. */
export function writeFilter(filter: AuditFilter, more: Readonly<Record<string, string>> = {}): string {
  const told = NAMES.flatMap((name) => (filter[name] === "" ? [] : [[name, filter[name]] as [string, string]]));
  return new URLSearchParams([...told, ...Object.entries(more)]).toString();
}

export function isNarrowed(filter: AuditFilter): boolean {
  return NAMES.some((name) => name !== "cluster" && filter[name] !== "");
}
