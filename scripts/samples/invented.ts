// SPDX-License-Identifier: Apache-2.0

/** Words of our own that stand for what a text says in another way; DRBD 9's words for the older `cs:` among them. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  ...["Unknown", "unknown", "Connecting", "Connected", "Established", "Off", "sample", "resync", "verify"],
  ...["network", "backing device", "network and backing device", "callback pending", "barrier", "flush", "drain", "none"],
  ...["user", "peer", "dependency", "user,peer", "promotable", "group", "clone", "bundle", "location", "colocation", "order", "ticket"],
  ...["crm_mon --output-as=xml", "crm_mon --as-xml", "cibadmin -Q", "CIB on disk", "0.7", "8.0", "8.2", "8.3", "8.4", "9"],
]);

/** Fields that are worked out, not read: their own tests hold them. */
const WORKED_OUT: ReadonlySet<string> = new Set([
  "percent",
  "etaSeconds",
  "unread",
  "agent",
  "rule",
  "intervalMs",
  "lastChange",
  "completed",
]);

/** One printed unit of ours: bytes of KiB, MiB and sectors, bit/s of Mbit/s. */
const UNITS = [1, 1024, 512, 1_000_000, 1_048_576];

/**
 * The parts of a value that its text does not hold, in its own words or units: `devices.0.disk = "UpToDate"`.
 * Sums over several peers and values whose text is only implied (a state from the history of operations) are named too:
 * a person judges those.
 */
export function invented(value: unknown, raw: string, workedOut: readonly string[] = []): string[] {
  const text = raw
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
  const seen = new Set(text.replace(/(\d),(?=\d)/g, "$1").match(/-?\d+(?:\.\d+)?/g) ?? []);
  const lower = text.toLowerCase();
  const found: string[] = [];
  const visit = (at: string, key: string, part: unknown): void => {
    if (WORKED_OUT.has(key) || workedOut.includes(key) || part === null || typeof part === "boolean") return;
    if (typeof part === "string") {
      const said = part === "" || OWN_WORDS.has(part) || lower.includes(part.toLowerCase()) || lower.includes(part.replaceAll(":", ""));
      if (!said) found.push(`${at} = ${JSON.stringify(part)}`);
    } else if (typeof part === "number") {
      if (part !== 0 && !UNITS.some((unit) => seen.has(String(part / unit)) || seen.has(String(-part / unit))))
        found.push(`${at} = ${part}`);
    } else if (typeof part === "object") {
      for (const [name, inner] of Object.entries(part)) visit(at === "" ? name : `${at}.${name}`, /^\d+$/.test(name) ? key : name, inner);
    }
  };
  visit("", "", value);
  return found;
}
