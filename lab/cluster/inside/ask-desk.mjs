// SPDX-License-Identifier: Apache-2.0
// `ask-desk.mjs SOCKET WORD …`: what the agents inside a node want done outside of it. Exit 0: done; 2: off; else why not.
import { connect } from "node:net";

const [place = "", ...words] = process.argv.slice(2);
const socket = connect(place, () => socket.write(`${JSON.stringify(words)}\n`));
let answer = "";
socket.on("data", (bytes) => {
  answer += bytes;
});
socket.on("error", (error) => {
  process.stderr.write(`The lab does not answer: ${error.message}\n`);
  process.exit(1);
});
socket.on("close", () => {
  if (answer === "") process.exit(1);
  const { exitCode, message } = JSON.parse(answer);
  process.stderr.write(message === "" ? "" : `${message}\n`);
  process.exit(exitCode);
});
