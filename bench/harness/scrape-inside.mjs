// SPDX-License-Identifier: Apache-2.0
// Runs in a node's network namespace: asks each address once a second and tells of every whole answer.
const urls = process.argv.slice(2);
setInterval(() => {
  for (const url of urls) {
    fetch(url)
      .then((response) => response.text())
      .then((text) => process.send({ url, bytes: text.length }))
      // An exporter that does not answer is told by the count of answers.
      .catch(() => undefined);
  }
}, 1_000);
process.on("disconnect", () => process.exit(0));
