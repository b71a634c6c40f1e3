// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterEntity, NodeEntity, SourceEntity } from "./entities/cluster";
import { AoeEntity, BondEntity, CorosyncEntity, ExportEntity, RingEntity, SessionEntity, TargetEntity } from "./entities/network";
import { ConstraintEntity, DlmEntity, FencingEntity, Ocfs2Entity, ResourceEntity } from "./entities/services";
import { ArrayEntity, DrbdEntity, MirrorEntity, MountEntity, PoolEntity, SwapEntity } from "./entities/storage";
import { EventEntity, FindingEntity, KernelEntity, MaintenanceEntity, RunEntity, SafetyEntity, VerifyEntity } from "./entities/told";

export const Entity = z.discriminatedUnion("kind", [
  ClusterEntity,
  NodeEntity,
  SourceEntity,
  DrbdEntity,
  MirrorEntity,
  BondEntity,
  AoeEntity,
  ExportEntity,
  ArrayEntity,
  TargetEntity,
  SessionEntity,
  CorosyncEntity,
  RingEntity,
  MountEntity,
  SwapEntity,
  PoolEntity,
  Ocfs2Entity,
  DlmEntity,
  ResourceEntity,
  ConstraintEntity,
  FencingEntity,
  FindingEntity,
  EventEntity,
  KernelEntity,
  RunEntity,
  SafetyEntity,
  MaintenanceEntity,
  VerifyEntity,
]);
export type Entity = z.infer<typeof Entity>;
export type EntityKind = Entity["kind"];
export type EntityOf<K extends EntityKind> = Extract<Entity, { kind: K }>;

/** A cluster's view: small entities under stable keys. */
export type View = ReadonlyMap<string, Entity>;

export { Freshness, From, Level, Said } from "./entities/said";
export { MirrorPair } from "./entities/storage";
export { keyOf } from "./keys";
