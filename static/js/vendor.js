/** The libraries of others, made at build time, loaded when they are first needed. */
import { retryableError } from "./problems.js";
import { t } from "./shell/language.js";

const SOCKET_IO = new URL("../vendor/socket.io.esm.min.js", import.meta.url);

/** Returns the `io` of socket.io-client, or the one that a test put in its place. */
export async function loadSocketIo(environment) {
  if (environment.io !== null) return environment.io;
  try {
    return (await import(SOCKET_IO.href)).io;
  } catch (error) {
    throw retryableError(t("transport.no-library", { reason: error.message }));
  }
}
