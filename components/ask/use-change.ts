// SPDX-License-Identifier: Apache-2.0
"use client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { answers } from "./answers";
import { ask, type Method } from "./ask";

/** Asks the console to change something, then asks again for everything under these keys, whatever came of it. */
export type Change = (method: Method, path: string, body?: unknown) => Promise<void>;

export function useChange(...keys: readonly string[]): Change {
  const queries = useQueryClient();
  return async (method, path, body) => {
    try {
      await ask(method, path, answers.nothing, body);
    } finally {
      await Promise.all(keys.map((key) => askAgain(queries, key)));
    }
  };
}

/** What is on its way was asked for before the change: it is not taken for the answer. */
async function askAgain(queries: QueryClient, key: string): Promise<void> {
  await queries.cancelQueries({ queryKey: [key] });
  await queries.invalidateQueries({ queryKey: [key] });
}
