// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";
import { z } from "zod";

const Answer = z.object({ return: z.unknown().optional(), error: z.object({ desc: z.string() }).optional() });

/**
 * Gives qemu an order at its monitor. @throws in its words
 * Source: QEMU Machine Protocol: a greeting, `qmp_capabilities`, then one answer for each order, events between them.
 */
export function order(socketFile: string, execute: string, args: Record<string, unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketFile, () => {
      for (const one of [{ execute: "qmp_capabilities" }, { execute, arguments: args }]) socket.write(`${JSON.stringify(one)}\n`);
    });
    let text = "";
    let answers = 0;
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => {
      const lines = (text + part).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const { return: done, error } = Answer.parse(JSON.parse(line));
        if (error) reject(new Error(`The virtual machine does not ${execute}: ${error.desc}.`));
        if (done !== undefined) answers += 1;
      }
      if (answers < 2) return;
      socket.end();
      resolve();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`The virtual machine ended while it was told to ${execute}.`)));
  });
}
