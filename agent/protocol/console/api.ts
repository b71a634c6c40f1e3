// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug, NodeName, NodeRole } from "../names";
import { Entity, Freshness, Level } from "./view";

export const UserRole = z.enum(["viewer", "operator", "admin"]);
export type UserRole = z.infer<typeof UserRole>;

/** `GET /api/v1/session`: who is asking. */
export const SessionInfo = z.object({ user: z.string(), role: UserRole, expiresAtMs: z.number() });
export type SessionInfo = z.infer<typeof SessionInfo>;

/** `POST /api/v1/session`: sign in. Answers SessionInfo and the cookie. `DELETE` signs out. */
export const SignIn = z.object({ user: z.string().min(1).max(64), password: z.string().min(1).max(200) });
export type SignIn = z.infer<typeof SignIn>;

/** `POST /api/v1/setup`: the first admin, with the one-time code that `npm start` printed. Signs in as well. */
export const Setup = z.object({
  code: z.string().max(64),
  user: z.string().regex(/^[a-z][a-z0-9._-]{0,31}$/),
  password: z.string().min(12).max(200),
});
export type Setup = z.infer<typeof Setup>;

/** A value with where it is from and how old it is. */
const Sourced = z.object({
  key: z.string(),
  entity: Entity,
  /** Null for what the console itself derives (cluster, mirrors, findings); then `from` names every source it stands on. */
  from: z.array(
    z.object({
      node: z.string(),
      source: z.string(),
      freshness: Freshness,
      takenAtMs: z.number().nullable(),
      ageMs: z.number().nullable(),
    }),
  ),
});

/** `GET /api/v1/clusters` */
export const ClusterList = z.object({
  atMs: z.number(),
  clusters: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      environment: z.string().nullable(),
      level: z.string(),
      headline: z.string(),
      why: z.string().nullable(),
      sinceMs: z.number().nullable(),
      nodes: z.array(
        z.object({
          name: z.string(),
          role: NodeRole,
          link: Freshness,
          state: z.string(),
          lastWordAtMs: z.number().nullable(),
          ageMs: z.number().nullable(),
        }),
      ),
    }),
  ),
});
export type ClusterList = z.infer<typeof ClusterList>;

/** `GET /api/v1/clusters/{slug}`: every value of the view, each with source and age. */
export const ClusterDetail = z.object({ atMs: z.number(), slug: z.string(), entities: z.array(Sourced) });
export type ClusterDetail = z.infer<typeof ClusterDetail>;

/** Something of a cluster that a person can go to. */
export const Place = z.object({
  kind: z.enum(["cluster", "node", "mirror", "service", "finding"]),
  /** The cluster's slug. */
  cluster: z.string(),
  /** Its key in the cluster's view. */
  key: z.string(),
  /** "store", "store/1" for a further volume, a finding's title. */
  name: z.string(),
  level: Level,
  /** Its state in words: "resync 61 %", "started on ruby"; for a finding why it is one. */
  says: z.string(),
  /** It is of a recording, which holds one moment. Missing: it lives. */
  isRecorded: z.literal(true).optional(),
});
export type Place = z.infer<typeof Place>;

/** `GET /api/v1/places`: everything a person can go to, of every cluster. */
export const PlaceList = z.object({ atMs: z.number(), places: z.array(Place) });
export type PlaceList = z.infer<typeof PlaceList>;

/** `GET /api/v1/agents` */
export const AgentList = z.object({
  atMs: z.number(),
  agents: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      node: z.string(),
      role: NodeRole,
      link: Freshness,
      lastWordAtMs: z.number().nullable(),
      ageMs: z.number().nullable(),
      agentVersion: z.string().nullable(),
      enrolledAtMs: z.number(),
      trustEndedAtMs: z.number().nullable(),
      /** Who made the enrolment's command; null when that was before the console kept it. */
      enrolledBy: z.string().nullable(),
      /** What people call the machine beside its name: "rack 4, left". */
      label: z.string().nullable(),
    }),
  ),
});
export type AgentList = z.infer<typeof AgentList>;

/** `POST /api/v1/clusters` (admin): a cluster to enrol nodes into. */
export const NewCluster = z.object({ slug: ClusterSlug, title: z.string().min(1).max(60), environment: z.string().max(12).nullable() });
export type NewCluster = z.infer<typeof NewCluster>;
/** `PUT /api/v1/clusters/{slug}` (admin): another title, another environment. The slug stays: addresses and agents hold on to it. */
export const ClusterChange = NewCluster.omit({ slug: true });
export type ClusterChange = z.infer<typeof ClusterChange>;
/** `DELETE /api/v1/clusters/{slug}` (admin): the cluster and its history. Refused while an agent of it is trusted. */

/** `POST /api/v1/enrollments` (admin): a one-time token for one cluster, one role, one node name. */
export const NewEnrollment = z.object({ cluster: ClusterSlug, node: NodeName, role: NodeRole });
export type NewEnrollment = z.infer<typeof NewEnrollment>;
export const Enrollment = z.object({ token: z.string(), command: z.string(), expiresAtMs: z.number() });
export type Enrollment = z.infer<typeof Enrollment>;
/** `PUT /api/v1/agents/{id}` (admin): a label beside the node's name; null takes it away. `DELETE` ends the agent's trust and closes its socket at once. */
export const AgentChange = z.object({ label: z.string().trim().min(1).max(60).nullable() });
export type AgentChange = z.infer<typeof AgentChange>;

/** `GET /api/v1/enrollments` (admin): tokens that a node may still bring. `DELETE /api/v1/enrollments/{id}` withdraws one. */
export const EnrollmentList = z.object({
  enrollments: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      node: z.string(),
      role: NodeRole,
      expiresAtMs: z.number(),
      /** Who made it; null when that is not kept. */
      createdBy: z.string().nullable(),
    }),
  ),
});
export type EnrollmentList = z.infer<typeof EnrollmentList>;

/** `GET /healthz`: no session needed. 503 with an ErrorBody when the database does not answer. */
export const Health = z.object({ status: z.literal("ok"), agents: z.number().int(), clusters: z.number().int() });
export type Health = z.infer<typeof Health>;
