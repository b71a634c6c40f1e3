// SPDX-License-Identifier: Apache-2.0

const END = /<\/status>\s*<\/cib>\s*$/;

/**
 * A whole CIB with an empty status section: beside crm_mon's answer only the configuration is wanted, and the status (every
 * resource's history on every node) is most of a large CIB. A text that does not end as a whole CIB does is given back as it
 * is, for the parser to judge.
 *
 * Source: `cibadmin -Q`, Pacemaker 1.1 to 2.1, which prints the status section last.
 */
export function withoutStatus(cib: string): string {
  const end = END.exec(cib);
  // The last one: a comment in the configuration may hold anything, the status holds no comments.
  const start = cib.lastIndexOf("<status>");
  return end === null || start === -1 || start > end.index ? cib : `${cib.slice(0, start)}<status/></cib>\n`;
}
