// SPDX-License-Identifier: Apache-2.0

/** Why the database cannot be used as it is. `code` decides; `message` is for the operator. */
export class DatabaseError extends Error {
  constructor(
    readonly code: "DATABASE_IN_USE" | "DATABASE_CHANGED_MIGRATION" | "DATABASE_NEWER" | "DATABASE_MIGRATION_FAILED",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "DatabaseError";
  }
}
