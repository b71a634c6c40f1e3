// SPDX-License-Identifier: Apache-2.0
import { AgentList, Enrollment, type NewCluster, type NewEnrollment } from "@/agent/protocol/console/api";
import { decodeJson } from "@/agent/protocol/decode";
import { ErrorBody } from "@/agent/protocol/errors";

const ANSWER_WITHIN_MS = 30_000;

/** What the simulation asks of the console's REST API, as an admin's token may. */
export function createConsoleClient(origin: string, token: string) {
  async function ask(method: string, route: string, body?: unknown): Promise<{ status: number; text: string }> {
    const response = await fetch(new URL(route, origin), {
      method,
      // A line that is kept for the next question may be closed by the other end just as that is asked.
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", connection: "close" },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  }

  function failure(what: string, answer: { status: number; text: string }): Error {
    const said = decodeJson(ErrorBody, answer.text);
    return new Error(
      `${what}: the console answered ${answer.status}${said.ok ? ` (${said.value.error.code}: ${said.value.error.message})` : ""}.`,
    );
  }

  return {
    /** Makes the cluster known; one that is there already stays as it is. */
    async addCluster(cluster: NewCluster): Promise<void> {
      const answer = await ask("POST", "/api/v1/clusters", cluster);
      if (answer.status !== 409 && answer.status >= 400) throw failure(`Cluster ${cluster.slug} could not be added`, answer);
    },
    async agents(): Promise<AgentList["agents"]> {
      const answer = await ask("GET", "/api/v1/agents");
      if (answer.status !== 200) throw failure("The agents could not be listed", answer);
      const list = decodeJson(AgentList, answer.text);
      if (!list.ok) throw new Error(`The console's list of agents does not fit: ${list.error}`);
      return list.value.agents;
    },
    /** Ends an agent's trust; one that is gone already is fine. */
    async endTrust(id: string): Promise<void> {
      const answer = await ask("DELETE", `/api/v1/agents/${encodeURIComponent(id)}`);
      if (answer.status !== 404 && answer.status >= 400) throw failure(`The trust in agent ${id} could not be ended`, answer);
    },
    async newToken(enrollment: NewEnrollment): Promise<string> {
      const answer = await ask("POST", "/api/v1/enrollments", enrollment);
      if (answer.status >= 400) throw failure(`${enrollment.node} could not be enrolled`, answer);
      const made = decodeJson(Enrollment, answer.text);
      if (!made.ok) throw new Error(`The console's enrolment token does not fit: ${made.error}`);
      return made.value.token;
    },
  };
}
export type ConsoleClient = ReturnType<typeof createConsoleClient>;
