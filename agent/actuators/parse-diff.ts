// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { ParseError } from "../collectors/define";
import { childrenOf } from "../collectors/pacemaker/fields";
import { readXml, type XmlElement } from "../xml";

/**
 * The digest of a change of the configuration, as `crm_diff` prints it: SHA-256, hex.
 *
 * Shape: `<diff format="2">` with `<version>` (`<source>`, `<target>`) and one `<change>` per place. The change of path "/cib" is
 * the epoch and who wrote when: it is no part of the digest. Nor is the moment at which a constraint with a lifetime ends: it
 * counts from when it is computed, and so differs between a preview and its step; how long it lasts is said by the step.
 * Source: lib/common/patchset.c, Pacemaker 1.1.13 to 2.1; crm_resource's rule with a `date_expression`.
 * @throws ParseError when it is not such a diff
 */
export function diffDigest(text: string): string {
  const root = readXml(text);
  if (root.name !== "diff") throw new ParseError(`not crm_diff's XML: it is <${root.name.slice(0, 40)}>`);
  if (root.attributes.format !== "2") throw new ParseError("crm_diff's XML is not of format 2");
  return digestOf(childrenOf(root, "change").filter((change) => change.attributes.path !== "/cib"));
}

/** The digest of no change at all. */
export const NO_CHANGE = digestOf([]);

function digestOf(changes: readonly XmlElement[]): string {
  return createHash("sha256")
    .update(JSON.stringify(changes.map((change) => plain(change, isOfLifetime(change)))))
    .digest("hex");
}

/** An element as lists only, so that the same change gives the same text. */
function plain({ name, attributes, children }: XmlElement, isLifetime: boolean): unknown {
  const isEnd = (key: string) =>
    (name === "date_expression" && key === "end") || (name === "change-attr" && attributes.name === "end" && isLifetime && key === "value");
  const kept = Object.entries(attributes).filter(([key]) => !isEnd(key));
  return [name, kept.sort(([left], [right]) => (left < right ? -1 : 1)), children.map((inner) => plain(inner, isLifetime))];
}

/** A change inside the rule that ends a constraint of crm_resource. */
function isOfLifetime({ attributes }: XmlElement): boolean {
  return /\/date_expression\[@id='cli-[^']*'\]$/.test(attributes.path ?? "");
}

/** The same diff, fitting any status: only the configuration's epoch must still be that of its source. @throws ParseError */
export function withoutUpdates(text: string): string {
  const source = /<source [^>]*>/.exec(text)?.[0];
  if (source === undefined) throw new ParseError("crm_diff's XML has no <source>");
  return text.replace(source, () => source.replace(/ num_updates="[^"]*"/, ""));
}
