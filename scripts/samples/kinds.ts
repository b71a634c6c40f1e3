// SPDX-License-Identifier: Apache-2.0
import { parseAoeDebug } from "../../agent/collectors/aoe/parse-debug";
import { parseBond } from "../../agent/collectors/bonding/parse";
import { parseEvents2 } from "../../agent/collectors/drbd/parse-events2";
import { parseStatusJson } from "../../agent/collectors/drbd/parse-json";
import { parseProcDrbd } from "../../agent/collectors/drbd/parse-proc";
import { parseCib } from "../../agent/collectors/pacemaker/parse-cib";
import { parseCrmMon } from "../../agent/collectors/pacemaker/parse-crm-mon";

export type Kind = "proc-drbd" | "events2" | "drbd-json" | "bonding" | "aoe" | "cib" | "crm_mon";

/** What a sample is, from its text alone: a folder's or file's name proves nothing. Null: no parser of ours reads it. */
export function kindOf(text: string): Kind | null {
  const start = text.slice(0, 20_000);
  if (start.trimStart().startsWith("<")) {
    const root = /<[a-z][^>]*>/i.exec(start.replace(/<!--[\s\S]*?-->/g, ""))?.[0] ?? "";
    if (/^<cib[\s>]/.test(root)) return "cib";
    return /^<crm_mon[\s>]|^<pacemaker-result\s[^>]*request="[^"]*crm_mon/.test(root) ? "crm_mon" : null;
  }
  if (/^\s*\[\s*(?:\{|\])/.test(start) && /"connections"|^\s*\[\s*\]\s*$/.test(text)) return "drbd-json";
  if (
    /^(?:\S+\s+)?(?:exists|create|change|destroy|call|response|rename) (?:-|resource|device|connection|peer-device|path|helper)(?:\s|$)/m.test(
      start,
    )
  )
    return "events2";
  if (/^\s*rttavg:/m.test(start)) return "aoe";
  if (/^[>\s]*(?:Bonding Mode:|Slave Interface:|MII Status:)/m.test(start)) return "bonding";
  if (/^\s*version: [0-9.]+\S* \(api:|^\s*\d+:\s*cs:\w/m.test(start)) return "proc-drbd";
  return null;
}

/** The value of our own parser. @throws what the parser throws */
export function parse(kind: Kind, text: string): unknown {
  switch (kind) {
    case "proc-drbd":
      return parseProcDrbd(text);
    case "events2":
      return parseEvents2(text);
    case "drbd-json":
      return parseStatusJson(text);
    case "bonding":
      return parseBond("sample", text);
    case "aoe":
      return parseAoeDebug("e0.0", text);
    case "cib":
      return parseCib(text, "cibadmin -Q");
    case "crm_mon":
      return parseCrmMon(text, "crm_mon --output-as=xml").pacemaker;
    default: {
      const never: never = kind;
      return never;
    }
  }
}
