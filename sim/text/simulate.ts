// SPDX-License-Identifier: Apache-2.0
import { type Monitor, type MonitorStyle, standing } from "./crm-mon";
import { element, renderXml } from "./xml";

type Standing = Pick<Monitor, "nodes" | "items">;

/** What `crm_simulate -S` found. */
export interface Simulation {
  before: Standing;
  /** The lines of <actions>: attributes in the tool's order. */
  actions: readonly { name: "node_action" | "rsc_action"; attributes: Readonly<Record<string, string>> }[];
  /** The lines of <transition>, likewise. */
  transition: readonly { name: "fencing_action" | "rsc_action"; attributes: Readonly<Record<string, string>> }[];
  after: Standing;
}

/** `crm_simulate -S --output-as=xml`, without the pseudo actions. Source: tools/crm_simulate.c of 2.1.5. */
export function renderSimulation({ before, actions, transition, after }: Simulation, request: string, style: MonitorStyle): string {
  const lines = (all: Simulation["actions"] | Simulation["transition"]) => all.map(({ name, attributes }) => element(name, attributes));
  return renderXml(
    element("pacemaker-result", { "api-version": style.api, request }, [
      element("cluster_status", {}, standing(before, style)),
      element("actions", {}, lines(actions)),
      element("transition", {}, lines(transition)),
      element("revised_cluster_status", {}, standing(after, style)),
      element("status", { code: 0, message: "OK" }),
    ]),
  );
}
