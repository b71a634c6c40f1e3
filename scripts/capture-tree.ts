// SPDX-License-Identifier: Apache-2.0
import { captureTree } from "../server/cli/capture-tree";

// Writes a captured node as a tree, to look at it with the agent: tsx scripts/capture-tree.ts CAPTURE_NODE_DIR OUT_DIR
const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  process.stderr.write("usage: tsx scripts/capture-tree.ts CAPTURE_NODE_DIR OUT_DIR\n");
  process.exitCode = 2;
} else captureTree(from, to);
