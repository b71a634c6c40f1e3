// SPDX-License-Identifier: Apache-2.0
import { errorText, systemCode } from "../plain-text";
import { HostError } from "./host";

/** The system's refusal as a HostError; `what` names the file or tool. The cause keeps the system's code. */
export function hostFailure(what: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  const code = systemCode(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return new HostError("HOST_FORBIDDEN", `${what}: this user is not permitted (${code})`, { cause: error });
    case "EISDIR":
      return new HostError("HOST_READ", `${what} is a folder, not a file`, { cause: error });
    case "ELOOP":
      return new HostError("HOST_READ", `${what} is a symbolic link that leads round or may not be followed`, { cause: error });
    case null:
      return new HostError("HOST_READ", `${what}: ${errorText(error)}`, { cause: error });
    default:
      return new HostError("HOST_READ", `${what}: the system answered ${code}`, { cause: error });
  }
}

/** True for the two ways in which a path is simply not there. */
export function isNotThere(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
