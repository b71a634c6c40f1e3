// SPDX-License-Identifier: Apache-2.0
import { type Look, sharesNode } from "./look";

/** A device that no node may use runs nowhere. */
export function isItsDevice({ root, finding }: Look): boolean {
  return finding.title.endsWith(" is stopped") && root.about.slice(1).includes(finding.about[0] ?? "");
}

/** No node lacks a device but those whose levels cannot work, this one among them. */
export function lacksLevels({ root, finding, view }: Look): boolean {
  const nodes = finding.about.flatMap((key) => {
    const entity = view.get(key);
    return entity?.kind === "node" ? [entity] : [];
  });
  return sharesNode(root, finding) && nodes.every(({ fence }) => fence !== undefined && fence.broken.length > 0);
}
