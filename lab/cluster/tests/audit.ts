// SPDX-License-Identifier: Apache-2.0
import { AuditPage, type AuditRow, AuditVerdict } from "@/agent/protocol/console/commands";
import type { Client } from "../api";
import { lab } from "./lab";

/** The row of a run, as soon as it is as `look` wants it. */
export function rowOf(client: Client, run: string, look: (row: AuditRow) => boolean = () => true): Promise<AuditRow> {
  return lab.until(async () => {
    const { body } = await client.ask("GET", "/api/v1/audit?cluster=lab");
    const row = AuditPage.parse(body).rows.find((each) => each.run === run);
    return row && look(row) ? row : null;
  }, `The audit does not have the run ${run} as it should`);
}

/** What the console finds when it reads its chain from the beginning. */
export async function chainOf(admin: Client): Promise<AuditVerdict> {
  return AuditVerdict.parse((await admin.ask("GET", "/api/v1/audit/verify")).body);
}
