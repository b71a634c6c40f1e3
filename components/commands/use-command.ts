// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview, Confirmation, ConfirmationAnswer, OfferField } from "@/agent/protocol/console/commands";
import type { Ask } from "@/agent/protocol/console/runs";
import { answers } from "@/components/ask/answers";
import { AskError, ask as askConsole } from "@/components/ask/ask";
import { roleRefusal, type Wanted } from "./acting";
import { askOf, openFields, refusalOf } from "./fields";

/** Where one command stands between the wish and its run. */
export type Stage =
  | { is: "notYours"; why: string }
  | { is: "refused"; why: string; onPreview: () => void }
  | { is: "fields"; does: string; fields: readonly OfferField[]; onAsk: (form: Ask["args"]) => void }
  | { is: "asking" }
  | { is: "noPreview"; isRefused: boolean; why: string; onAgain: () => void }
  | {
      is: "preview";
      preview: CommandPreview;
      isStarting: boolean;
      error: Error | null;
      onConfirm: (confirmation: Confirmation) => void;
      onAgain: () => void;
    }
  | { is: "changed"; answer: Extract<ConfirmationAnswer, { did: "refused" }>; onAgain: () => void }
  | { is: "running"; run: string };

/** Takes one command from the wish to its run; every answer is the console's. */
export function useCommand(wanted: Extract<Wanted, { what: "offer" | "ask" }>, role: UserRole): Stage {
  const { slug } = wanted;
  const offer = wanted.what === "offer" ? wanted.offer : null;
  const filled = wanted.what === "offer" ? wanted.filled : {};
  const [form, setForm] = useState<Ask["args"] | null>(null);
  const [isAllTheSame, setAllTheSame] = useState(false);
  const [attempt, setAttempt] = useState(0);

  const notYours = roleRefusal(role, offer?.needs ?? "operator");
  const refusal = offer && !isAllTheSame ? refusalOf(offer, filled) : null;
  const fields = offer ? openFields(offer, filled) : [];
  const isComplete = notYours === null && refusal === null && (fields.length === 0 || form !== null);
  const asked = wanted.what === "ask" ? wanted.ask : askOf(wanted.offer, filled, form ?? {});

  const preview = useQuery({
    queryKey: ["preview", slug, asked, attempt],
    queryFn: () => askConsole("POST", `/api/v1/clusters/${slug}/previews`, answers.preview, asked),
    enabled: isComplete,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const confirm = useMutation({
    mutationFn: (confirmation: Confirmation) =>
      askConsole("POST", `/api/v1/clusters/${slug}/runs`, answers.confirmation, confirmation, 409),
  });
  const onAgain = () => {
    confirm.reset();
    setAttempt((before) => before + 1);
  };

  if (notYours !== null) return { is: "notYours", why: notYours };
  if (refusal !== null) return { is: "refused", why: refusal, onPreview: () => setAllTheSame(true) };
  if (!isComplete) return { is: "fields", does: offer?.does ?? "", fields, onAsk: setForm };
  if (confirm.data?.did === "started") return { is: "running", run: confirm.data.run };
  if (confirm.data?.did === "refused") return { is: "changed", answer: confirm.data, onAgain };
  if (preview.error) {
    const isRefused = preview.error instanceof AskError && preview.error.code === "COMMAND_REFUSED";
    return { is: "noPreview", isRefused, why: preview.error.message, onAgain };
  }
  if (!preview.data) return { is: "asking" };
  return { is: "preview", preview: preview.data, isStarting: confirm.isPending, error: confirm.error, onConfirm: confirm.mutate, onAgain };
}
