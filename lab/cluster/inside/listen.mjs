// SPDX-License-Identifier: Apache-2.0
// Runs in a network namespace: opens a port there, on the address given, and hands the listening socket to whoever started this.
import { createServer } from "node:net";

const server = createServer();
server.listen(0, process.argv[2], () => process.send({ type: "listening" }, server));
process.on("disconnect", () => process.exit(0));
