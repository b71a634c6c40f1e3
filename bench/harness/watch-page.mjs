// SPDX-License-Identifier: Apache-2.0
// Runs in the measured page before its own scripts.
let painted = null;

/** Begins to watch for a text that comes or goes; the answer of `benchPainted` is when the first frame with it was painted. */
globalThis.benchWatch = (text, isThere) => {
  painted = new Promise((resolve) => {
    const look = () => {
      if ((document.querySelector("main")?.textContent ?? "").includes(text) !== isThere) return;
      observer.disconnect();
      // The frame is on screen when the task after it runs.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(null);
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });
};
globalThis.benchPainted = () => painted;
