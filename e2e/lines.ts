// SPDX-License-Identifier: Apache-2.0
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Page } from "@playwright/test";

/** The moment from which on a part of a page says this. The page itself keeps it: looks from outside are up to a second apart. */
export function saidAt(page: Page, part: string, words: RegExp): Promise<number> {
  return page.evaluate(
    ([selector, source]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const all = [...document.querySelectorAll(selector)];
          if (!all.some((one) => new RegExp(source, "i").test(one.textContent ?? ""))) return;
          watch.disconnect();
          resolve(Date.now());
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { childList: true, characterData: true, subtree: true });
        look();
      }),
    [part, words.source] as const,
  );
}

/** A line to the console that can be cut without a word: both ends stay open, nothing passes. */
export async function cuttableLine(target: URL): Promise<{ origin: string; cut(): void; mend(): void; close(): void }> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((from) => {
    const to = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on("data", (bytes) => {
        if (!isCut) other.write(bytes);
      });
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on("error", () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
