// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { resource, said, viewOf } from "./guards/test-view";
import { isBusy } from "./progress";

const at = (role: string) => viewOf(resource("g_mail", "ruby", { places: [{ node: "ruby", role, said: said("busy", role) }] }));
const G_MAIL = new Set(["g_mail"]);

it("a start is under way where Pacemaker gives the service a role for it and no pending operation", () => {
  for (const role of ["Starting", "Stopping", "Promoting"]) expect(isBusy(at(role), G_MAIL)).toBe(true);
  expect(isBusy(at("Started"), G_MAIL)).toBe(false);
});

it("what another service does is no reason to wait for this one", () => {
  expect(isBusy(at("Starting"), new Set(["vm_other"]))).toBe(false);
});
