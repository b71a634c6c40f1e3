// SPDX-License-Identifier: Apache-2.0

const STYLE = `
:root { color-scheme: dark; }
body { margin: 24px; background: #0c0e11; color: #e8ebef; font: 13px/1.5 system-ui, sans-serif; }
h1 { font-size: 20px; font-weight: 600; } h2 { font-size: 16px; font-weight: 600; margin: 24px 0 4px; }
p { color: #b3bbc6; margin: 4px 0 12px; max-width: 70ch; }
table { border-collapse: collapse; } th { text-align: left; font-weight: 600; padding: 4px 24px 4px 0; vertical-align: top; white-space: nowrap; }
td { padding: 4px 24px 4px 0; border-top: 1px solid #242a32; vertical-align: top; } tr th { border-top: 1px solid #242a32; }
button { font: inherit; color: #58a6ff; background: none; border: 1px solid #3b434e; border-radius: 4px; padding: 1px 8px; margin: 2px 4px 2px 0; cursor: pointer; }
button[aria-pressed="true"] { color: #fcc44f; border-color: #fcc44f; }
button:focus-visible { outline: 2px solid #58a6ff; outline-offset: 2px; }
.state { color: #8b95a2; } #message { min-height: 20px; color: #ff7a68; }
`;

const SCRIPT = `
const body = document.querySelector("#nodes"), message = document.querySelector("#message"), active = document.querySelector("#active");
const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text ?? "" });
let drawn = "";
async function call(route, name, args) {
  const response = await fetch(route, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name, args }) });
  const answer = await response.json();
  message.textContent = answer.ok ? "" : answer.message;
  await show();
}
function button(fault, args, isActive) {
  const label = [...args.slice(1)].join(" ");
  const one = make("button", label === "" ? fault.title : label);
  one.setAttribute("aria-pressed", String(isActive));
  one.title = (isActive ? "Repair: " : "Break: ") + fault.name + " " + args.join(" ");
  one.addEventListener("click", () => call(isActive ? "repair" : "fault", fault.name, args));
  return one;
}
async function show() {
  const state = await (await fetch("state")).json();
  const { atMs, ...rest } = state;
  const text = JSON.stringify(rest);
  if (text === drawn) return;
  drawn = text;
  const keys = new Set(state.active.map((one) => [one.name, ...one.args].join(" ")));
  body.replaceChildren(...state.nodes.map((node) => {
    const row = make("tr");
    const name = make("th", node.cluster + " / " + node.node);
    const words = [node.power === "on" ? "up" : node.power, node.isAgentRunning ? "agent runs" : "no agent", node.isLineCut ? "line cut" : ""].filter(Boolean).join(", ");
    const cell = make("td");
    for (const fault of state.faults) {
      const own = fault.choices.filter((args) => args[0] === node.node);
      if (own.length === 0) continue;
      const group = make("div");
      if (own.some((args) => args.length > 1)) group.append(make("span", fault.title + ": "));
      group.append(...own.map((args) => button(fault, args, keys.has([fault.name, ...args].join(" ")))));
      cell.append(group);
    }
    const stateCell = make("td", words);
    stateCell.className = "state";
    row.append(name, stateCell, cell);
    return row;
  }));
  active.textContent = state.active.length === 0 ? "Nothing is broken by hand." : "Broken by hand: " + state.active.map((one) => [one.name, ...one.args].join(" ")).join("; ") + ".";
}
show();
setInterval(show, 1000);
`;

/** The control page: one row per node, one button per thing that can be broken; a pressed button repairs. */
export function controlPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Simulated fleet</title><meta name="viewport" content="width=device-width"><style nonce="${nonce}">${STYLE}</style></head>
<body>
<h1>Simulated fleet</h1>
<p>Every node here is simulated; the agents on them are real. A button breaks something; an amber one is broken, and repairs.</p>
<p id="active" role="status"></p>
<p id="message" role="alert"></p>
<table><tbody id="nodes"></tbody></table>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}
