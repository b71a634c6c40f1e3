// SPDX-License-Identifier: Apache-2.0
import type { Host } from "@/agent/host/host";

interface News {
  listeners: Set<() => void>;
  stop: AbortController;
  /** Moves with every word. */
  count: number;
  isHeard: boolean;
}

const followed = new WeakMap<Host, News>();

/** `ip monitor link`: every change of an interface (carrier, state, MTU, address, ports). One process for all who listen. */
export function followLinks(host: Host, onNews: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const news = followed.get(host) ?? begin(host);
  news.listeners.add(onNews);
  signal.addEventListener(
    "abort",
    () => {
      news.listeners.delete(onNews);
      if (news.listeners.size > 0) return;
      news.stop.abort();
      followed.delete(host);
    },
    { once: true },
  );
}

/** A number that moves with every word about a link; null where nothing would say one: then ask the links themselves. */
export function linkNews(host: Host): number | null {
  const news = followed.get(host);
  return news?.isHeard ? news.count : null;
}

function begin(host: Host): News {
  // It greets nobody, so it counts as listening until it ends; then only its next word shows that it listens again.
  // In a tree nothing says what happens to interfaces.
  const news: News = { listeners: new Set(), stop: new AbortController(), count: 0, isHeard: host.isReal };
  followed.set(host, news);
  const what = {
    tool: "ip",
    args: ["monitor", "link"],
    onSilence: () => {
      news.isHeard = false;
    },
  };
  host.follow(
    what,
    () => {
      news.count += 1;
      news.isHeard = host.isReal;
      for (const tell of [...news.listeners]) tell();
    },
    news.stop.signal,
  );
  return news;
}
