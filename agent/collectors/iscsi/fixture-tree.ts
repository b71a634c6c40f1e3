// SPDX-License-Identifier: Apache-2.0
import type { MemoryTree } from "@/agent/host/memory-host";

/**
 * A recorded tree as one text, for tests: `=== /path`, then the file's text; `=== /path/` for a folder; `=== /path -> target`
 * for a link.
 */
export function fixtureTree(text: string): Required<Pick<MemoryTree, "files" | "folders" | "links">> {
  const files: Record<string, string> = {};
  const links: Record<string, string> = {};
  const folders: string[] = [];
  let file: string | null = null;
  for (const line of text.split(/(?<=\n)/)) {
    const heading = /^=== (\/.*?)\n?$/.exec(line)?.[1];
    const [, from, to] = /^(.+) -> (.+)$/.exec(heading ?? "") ?? [];
    if (heading === undefined) {
      if (file !== null) files[file] += line;
      continue;
    }
    file = null;
    if (from !== undefined && to !== undefined) links[from] = to;
    else if (heading.endsWith("/")) folders.push(heading.slice(0, -1));
    else {
      file = heading;
      files[file] = "";
    }
  }
  return { files, links, folders };
}
