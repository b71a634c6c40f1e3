// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

/**
 * Why a source, or one part of it, could not be read.
 *
 * - `COLLECT_FORBIDDEN`  there, but this user may not read it
 * - `COLLECT_TIMEOUT`    the tool or file did not answer within its limit
 * - `COLLECT_PARSE`      it answered, in words we do not understand
 * - `COLLECT_READ`       any other failure to read
 * - `COLLECT_TOO_LARGE`  larger than the bound we accept from this source
 */
export const CollectErrorCode = z.enum(["COLLECT_FORBIDDEN", "COLLECT_TIMEOUT", "COLLECT_PARSE", "COLLECT_READ", "COLLECT_TOO_LARGE"]);
export type CollectErrorCode = z.infer<typeof CollectErrorCode>;

/** A failure as an operator reads it: what, where, what next. Never a secret. */
export const ReadingError = z.object({ code: CollectErrorCode, message: z.string().max(2_000) });
export type ReadingError = z.infer<typeof ReadingError>;

/** One part of a source that could not be read although the rest could, e.g. the LACP details of a bond. */
export const Unread = z.object({ what: z.string().max(200), code: CollectErrorCode, message: z.string().max(2_000) });
export type Unread = z.infer<typeof Unread>;

/** What a REST route answers when it does not answer with what was asked. */
export const ErrorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export type ErrorBody = z.infer<typeof ErrorBody>;
