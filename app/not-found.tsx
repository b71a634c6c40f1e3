// SPDX-License-Identifier: Apache-2.0
import { BareBar } from "@/components/shell/BareBar";
import { NotThere } from "@/components/shell/NotThere";

export default function NotFound() {
  return (
    <>
      <BareBar />
      <NotThere what="This page" />
    </>
  );
}
