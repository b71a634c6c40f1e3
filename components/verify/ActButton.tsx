// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Acting, useActing } from "@/components/commands/acting";
import { bareTitle } from "@/components/commands/offer-title";
import { offersOf } from "@/components/commands/offers";
import { Button } from "@/components/ui/Button";
import { Icon } from "@/components/ui/Icon";

interface ActButtonProps {
  slug: string;
  /** The key of what it is about: `mirror:store/0`. */
  about: string;
  /** The verb whose dialog it opens; of several the first that is offered. */
  verbs: readonly string[];
  word: string;
  /** What assistive technology calls it: with the object's name. */
  label: string;
}

/** Opens the dialog of one command. What is offered now is asked for when it is pressed; a refusal stands in the dialog. */
export function ActButton(props: ActButtonProps) {
  const acting = useActing();
  return acting === null ? null : <Asking {...props} acting={acting} />;
}

function Asking({ slug, about, verbs, word, label, acting }: ActButtonProps & { acting: Acting }) {
  const queries = useQueryClient();
  const open = useMutation({
    mutationFn: async () => {
      const { offers } = await queries.fetchQuery({ ...offersOf(slug, about), staleTime: 0 });
      const offer = verbs.flatMap((verb) => offers.find(({ ask }) => ask.verb === verb) ?? [])[0];
      if (!offer) throw new Error("It is not offered here now. Load the page again.");
      acting.open({ what: "offer", slug, title: bareTitle(offer.title), offer, filled: {} });
    },
  });
  return (
    <>
      <Button small aria-label={label} disabled={open.isPending} onClick={() => open.mutate()}>
        {word}
      </Button>
      {open.error && (
        <small role="alert" className="bad">
          <Icon shape="stop" /> {open.error.message}
        </small>
      )}
    </>
  );
}
