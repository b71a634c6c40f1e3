// SPDX-License-Identifier: Apache-2.0
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/session/SignInForm";
import { Threshold } from "@/components/session/Threshold";
import { door } from "@/server/door";

export const metadata = { title: "Sign in" };

export default async function SignInPage() {
  const cookie = (await headers()).get("cookie");
  if (await door().sessionOf(cookie)) redirect("/");
  if (await door().needsSetup()) redirect("/setup");
  return (
    <Threshold title="Sign in">
      <SignInForm />
    </Threshold>
  );
}
