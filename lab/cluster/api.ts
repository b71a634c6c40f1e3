// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { ClusterDetail, type UserRole } from "@/agent/protocol/console/api";
import type { Entity, EntityKind, EntityOf } from "@/agent/protocol/console/view";

/** What is needed to speak with the lab's console; plain text, so that it can be handed to another process. */
export interface ConsoleAccess {
  origin: string;
  /** The console's certificate, self-made. */
  certFile: string;
  /** Slug of the lab's cluster. */
  slug: string;
  /** One user per role, named as its role. */
  password: string;
}

/** What the console answered. `body` is undefined where it said nothing. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A connection that was idle for longer may be one that the console is closing just now: it does so after 5 s. */
const connections = new Agent({ keepAlive: true, timeout: 3_000 });

/** Sends one request. The certificate is checked. @throws when nobody answers */
export async function send(
  { origin, certFile }: Pick<ConsoleAccess, "origin" | "certFile">,
  method: string,
  route: string,
  { body, cookie }: { body?: unknown; cookie?: string | undefined } = {},
): Promise<Answer & { cookie: string | null }> {
  const headers = { "content-type": "application/json", origin, ...(cookie === undefined ? {} : { cookie }) };
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${route}`, { method, headers, ca: readFileSync(certFile), agent: connections }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("error", reject);
      response.on("end", () => {
        const said: unknown = text === "" ? undefined : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, body: said, cookie: response.headers["set-cookie"]?.[0]?.split(";")[0] ?? null });
      });
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A cluster's view as the API gives it, with what tests look for in it. */
export interface SeenView {
  atMs: number;
  entities: ReadonlyMap<string, Entity>;
  /** The entity under a key, if it is of this kind. */
  get<K extends EntityKind>(kind: K, key: string): EntityOf<K> | undefined;
  all<K extends EntityKind>(kind: K): EntityOf<K>[];
}

const isOf =
  <K extends EntityKind>(kind: K) =>
  (entity: Entity): entity is EntityOf<K> =>
    entity.kind === kind;

function seenView({ atMs, entities }: ClusterDetail): SeenView {
  const map = new Map(entities.map(({ key, entity }) => [key, entity]));
  return {
    atMs,
    entities: map,
    get(kind, key) {
      const found = map.get(key);
      return found && isOf(kind)(found) ? found : undefined;
    },
    all: (kind) => [...map.values()].filter(isOf(kind)),
  };
}

/** Somebody signed in at the lab's console. */
export async function signIn(access: ConsoleAccess, role: UserRole) {
  const signed = await send(access, "POST", "/api/v1/session", { body: { user: role, password: access.password } });
  if (signed.status !== 200 || signed.cookie === null)
    throw new Error(`${role} could not sign in: ${signed.status} ${JSON.stringify(signed.body)}`);
  const { cookie } = signed;
  const ask = async (method: string, route: string, body?: unknown): Promise<Answer> => {
    const { status, body: said } = await send(access, method, route, { body, cookie });
    return { status, body: said };
  };
  return {
    role,
    cookie,
    /** Any route; a refusal is an answer. */
    ask,
    /** A route of the lab's cluster: `/commands` for `/api/v1/clusters/lab/commands`. */
    askCluster: (method: string, route: string, body?: unknown) => ask(method, `/api/v1/clusters/${access.slug}${route}`, body),
    async view(): Promise<SeenView> {
      const { status, body } = await ask("GET", `/api/v1/clusters/${access.slug}`);
      if (status !== 200) throw new Error(`The view could not be read: ${status} ${JSON.stringify(body)}`);
      return seenView(ClusterDetail.parse(body));
    },
  };
}
export type Client = Awaited<ReturnType<typeof signIn>>;
