// SPDX-License-Identifier: Apache-2.0
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/session/SetupForm";
import { Threshold } from "@/components/session/Threshold";
import { door } from "@/server/door";

export const metadata = { title: "First admin" };

export default async function SetupPage() {
  // Asked for the headers first: whether anyone exists is a question of now, not of the build.
  await headers();
  if (!(await door().needsSetup())) redirect("/sign-in");
  return (
    <Threshold title="Make the first admin">
      <p className="d2">Nobody can sign in yet. The code shows that you can read what this console prints.</p>
      <SetupForm />
    </Threshold>
  );
}
