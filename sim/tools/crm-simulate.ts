// SPDX-License-Identifier: Apache-2.0
import { configure } from "@/sim/cib/configure";
import { recall } from "@/sim/cib/recall";
import { memberOf } from "@/sim/model/model";
import { predict } from "@/sim/model/predict";
import { renderCib } from "@/sim/text/cib";
import { monitorStyleOf } from "@/sim/text/crm-mon";
import { renderSimulation } from "@/sim/text/simulate";
import { cibOf } from "@/sim/tree/cib-view";
import { simulationOf } from "@/sim/tree/simulation-view";
import { done, EXIT, optionsOf, readTheCib, type Tool, ToolEnd, writeText } from "./tool";

const LIST = [
  "xml-file= x",
  "simulate S",
  "output-as=",
  "node-fail= f",
  "save-output= O",
  "show-scores s",
  "run R",
  "quiet Q",
  "set-datetime= t",
];

/** `crm_simulate --xml-file FILE -S --output-as=xml`: the simulation's own scheduler on a copy of the world that the file describes. */
export const crmSimulate: Tool = (call, reach) => {
  const style = monitorStyleOf(call.node.pacemakerVersion ?? "");
  // Before 2.1.0 it spoke to people only.
  if (!style.isModern && call.args.some((word) => word.startsWith("--output-as")))
    throw new ToolEnd(EXIT.usage, "crm_simulate: unrecognized option '--output-as=xml'");
  const options = optionsOf("crm_simulate", LIST, call.args);
  const file = options.get("xml-file");
  if (file === undefined || !options.has("simulate") || options.get("output-as") !== "xml")
    throw new ToolEnd(EXIT.usage, "crm_simulate: this simulated node only knows --xml-file FILE --simulate --output-as=xml");
  const cib = readTheCib(call, file);
  const cluster = structuredClone(call.cluster);
  configure(cluster, cib);
  recall(cluster, cib);
  const lost = options.get("node-fail") ?? null;
  if (lost !== null && !memberOf(cluster, lost)) throw new ToolEnd(EXIT.noSuch, `crm_simulate: no node ${lost}`);
  const prediction = predict(reach.fleet(), cluster, lost);
  const saved = options.get("save-output");
  if (saved !== undefined)
    writeText(
      call,
      saved,
      renderCib({ ...cibOf(prediction.after), epoch: Number(cib.attributes.epoch), numUpdates: Number(cib.attributes.num_updates) }),
    );
  return done(renderSimulation(simulationOf(prediction, style.version), `crm_simulate ${call.args.join(" ")}`, style));
};
