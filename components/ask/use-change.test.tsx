// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { AskProvider } from "./AskProvider";
import { ask } from "./ask";
import { useChange } from "./use-change";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const Names = z.object({ names: z.array(z.string()) });

function Board() {
  const change = useChange("names");
  const names = useQuery({ queryKey: ["names"], queryFn: () => ask("GET", "/names", Names) });
  return (
    <>
      <button type="button" onClick={() => change("POST", "/names", { name: "rosa" })}>
        add
      </button>
      <p>{names.data?.names.join(", ") ?? "nothing yet"}</p>
    </>
  );
}

test("a list that was asked for before a change, and answers after it, does not hide the change", async () => {
  const kept = ["anna"];
  const held: (() => void)[] = [];
  vi.stubGlobal("fetch", async (_path: string, { method }: { method: string }) => {
    const answer = new Response(JSON.stringify({ names: [...kept] }));
    if (method === "POST") kept.push("rosa");
    else if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  });
  render(
    <AskProvider>
      <Board />
    </AskProvider>,
  );
  await waitFor(() => expect(held).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "add" }));
  await waitFor(() => expect(kept).toEqual(["anna", "rosa"]));
  await waitFor(() => expect(screen.getByText("anna, rosa")).toBeDefined());
  held[0]?.();
  await waitFor(() => expect(screen.getByText("anna, rosa")).toBeDefined());
});
