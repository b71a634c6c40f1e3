// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect, useRef } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import { AskProvider } from "@/components/ask/AskProvider";
import { useEntity } from "@/components/live/use-live";
import { Dialog } from "@/components/ui/Dialog";
import { Env } from "@/components/ui/Env";
import { formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { AskingPreview } from "./AskingPreview";
import type { Wanted } from "./acting";
import { FieldsForm } from "./FieldsForm";
import { NoPreview } from "./NoPreview";
import { PreviewView } from "./PreviewView";
import { RefusedView } from "./RefusedView";
import { RunPanel } from "./RunPanel";
import { type Stage, useCommand } from "./use-command";

interface CommandDialogProps {
  wanted: Wanted;
  userRole: UserRole;
  /** Opens it anew for something else: an undo. */
  onOpen: (wanted: Wanted) => void;
  onClose: () => void;
}
type Inside<W extends Wanted["what"]> = Omit<CommandDialogProps, "onClose" | "wanted"> & {
  wanted: Extract<Wanted, { what: W }>;
  close: () => void;
};

/** The one dialog of all commands: what it needs, what it would do, what speaks against it, and then how it goes. */
export function CommandDialog({ wanted, onClose, ...rest }: CommandDialogProps) {
  return (
    <AskProvider>
      <Dialog label={wanted.title} className="cmd" asks onClose={onClose}>
        {(close) =>
          wanted.what === "run" ? <Looking {...rest} wanted={wanted} close={close} /> : <Doing {...rest} wanted={wanted} close={close} />
        }
      </Dialog>
    </AskProvider>
  );
}

function Looking({ wanted, userRole, onOpen, close }: Inside<"run">) {
  return (
    <>
      <Head slug={wanted.slug} title={wanted.title} step="running" onClose={close} />
      <RunPanel slug={wanted.slug} id={wanted.run} userRole={userRole} onOpen={onOpen} onClose={close} />
    </>
  );
}

function Doing({ wanted, userRole, onOpen, close }: Inside<"offer" | "ask">) {
  const stage = useCommand(wanted, userRole);
  const { slug } = wanted;
  const title = stage.is === "preview" ? stage.preview.title : wanted.title;
  return (
    <>
      <Head slug={slug} title={title} refused={sayRefused(stage)} step={stage.is} onClose={close} />
      <Body stage={stage} slug={slug} userRole={userRole} onOpen={onOpen} close={close} />
    </>
  );
}

function Body({ stage, slug, userRole, onOpen, close }: Omit<Inside<"offer">, "wanted"> & { stage: Stage; slug: string }) {
  switch (stage.is) {
    case "notYours":
      return <NoPreview isRefused message={stage.why} again={null} onClose={close} />;
    case "refused":
      return (
        <NoPreview
          isRefused
          message={stage.why}
          again={{ says: "See all that speaks against it", onAgain: stage.onPreview }}
          onClose={close}
        />
      );
    case "fields":
      return <FieldsForm does={stage.does} fields={stage.fields} onAsk={stage.onAsk} onCancel={close} />;
    case "asking":
      return <AskingPreview slug={slug} onClose={close} />;
    case "noPreview":
      return (
        <NoPreview
          isRefused={stage.isRefused}
          message={stage.why}
          again={{ says: "Preview again", onAgain: stage.onAgain }}
          onClose={close}
        />
      );
    case "preview":
      return <PreviewView key={stage.preview.id} {...stage} userRole={userRole} onClose={close} />;
    case "changed":
      return <RefusedView answer={stage.answer} onAgain={stage.onAgain} onClose={close} />;
    case "running":
      return <RunPanel slug={slug} id={stage.run} userRole={userRole} onOpen={onOpen} onClose={close} />;
  }
}

function sayRefused(stage: Stage): string | null {
  if (stage.is === "changed") return "refused";
  if (stage.is !== "preview") return null;
  const blocks = stage.preview.findings.filter(({ level }) => level === "block").length;
  return blocks === 0 ? null : `refused, ${formatCount(blocks, "reason")}`;
}

interface HeadProps {
  slug: string;
  title: string;
  refused?: string | null;
  /** Where it stands: with each new stage the focus begins at the head, so that no key meets a button unseen. */
  step: string;
  onClose: () => void;
}

/** Where one acts, and what: the environment first. */
function Head({ slug, title, refused = null, step, onClose }: HeadProps) {
  const cluster = useEntity(slug, "cluster", keyOf.cluster);
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new stage is what moves the focus
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <header className="cmd-head">
      <p className="cmd-where">
        <Env environment={cluster?.environment ?? null} /> <b>{cluster?.title ?? slug}</b>
      </p>
      <h2 ref={heading} tabIndex={-1}>
        {title}
        {refused !== null && (
          <>
            {": "}
            <span className="bad">
              <Icon shape="stop" /> {refused}
            </span>
          </>
        )}
      </h2>
      <button type="button" className="cmd-x" aria-label="Close" onClick={onClose}>
        <Icon shape="close" />
      </button>
    </header>
  );
}
