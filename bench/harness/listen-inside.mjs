// SPDX-License-Identifier: Apache-2.0
// Runs in a node's network namespace: opens a port there and hands the listening socket to whoever started this.
import { createServer } from "node:net";

const server = createServer();
server.listen(0, "127.0.0.1", () => process.send({ type: "listening" }, server));
process.on("disconnect", () => process.exit(0));
