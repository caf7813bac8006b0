/** What every kind of broker can do. */

import { rootCertificates } from "node:tls";
import { EmotionNetError } from "@emotionnet/core";
import type { Message } from "../message/message.ts";
import type { Target } from "./target.ts";

/** A message as it lies in the spool. */
export interface Outgoing {
  readonly message: Pick<Message, "id" | "kind" | "source">;
  /** The message as JSON, one line. */
  readonly text: string;
}

/** One connection; when anything goes wrong with it, it is closed and a new one is made. */
export interface Connection {
  /** Whether it is not known to be lost. */
  readonly isOpen: boolean;
  /**
   * Sends messages in order; resolves when the broker has answered for every one.
   * @returns the places in `messages` of those that the broker can never take because they are too large.
   * @throws when it is not known of every message whether the broker has it.
   */
  send(messages: readonly Outgoing[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** What the clients of all brokers are told about TLS. */
export interface TlsOptions {
  /** Certificates of authorities to trust beside the usual ones, as PEM. */
  readonly ca?: string;
}

/** For Node's TLS. */
export function trustOf({ ca }: TlsOptions): { ca?: string[] } {
  // Naming one replaces the usual ones.
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}

/** Milliseconds for a connection to be made. */
export const CONNECT_TIMEOUT = 5_000;

/** Asks the broker whether it is there, in seconds: a connection that is dead without a word is noticed. */
export const KEEP_ALIVE_SECONDS = 15;

/** The broker is there and says no: trying again without a change is no use. */
export function refused(target: Target, reason: string, mend: string): EmotionNetError {
  return new EmotionNetError("broker-refused", {
    got: `a refusal from ${target.name}: ${reason.replace(/\.$/, "")}`,
    wanted: "a broker that takes messages from this user",
    mend,
  });
}

export const CHECK_CREDENTIALS = "Check the name and password in the address (name:password@host).";

const untrusted =
  "Name the certificate of the authority that signed the broker's (--publish-ca FILE, or --ca with publish).";
const plain = "Check that this port speaks TLS; for one without, leave out the s behind the scheme.";
/** By the codes of Node's TLS: the broker answers, but not as it should. */
const tlsMends: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: "Name the host as its certificate does.",
  CERT_HAS_EXPIRED: "Renew the broker's certificate, or set the clock of this machine.",
  CERT_NOT_YET_VALID: "Set the clock of this machine, or renew the broker's certificate.",
  EPROTO: plain,
  ERR_SSL_WRONG_VERSION_NUMBER: plain,
};

/** Why there is no connection: a certificate that is not good is a refusal, for nothing gets better by waiting. */
export function notConnected(target: Target, cause: unknown): EmotionNetError {
  const mend = tlsMends[codeOf(cause) ?? ""];
  return mend === undefined ? unreachable(target, cause) : refused(target, reasonOf(cause), mend);
}

/** The first code on the way to the innermost error that says something about TLS. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, cause } = error as NodeJS.ErrnoException;
  if (code !== undefined && code in tlsMends) return code;
  return cause === error ? undefined : codeOf(cause);
}

function unreachable(target: Target, cause: unknown): EmotionNetError {
  return new EmotionNetError(
    "broker-unreachable",
    {
      got: `no connection to ${target.name} (${reasonOf(cause)})`,
      wanted: "a broker that answers there",
      mend: "Start it, or check host and port.",
    },
    { cause },
  );
}

/** The innermost reason of an error, in few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof EmotionNetError)
    return error.cause === undefined ? error.message : reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.message === "" && error.cause !== undefined) return reasonOf(error.cause);
  // OpenSSL's own messages say where in its sources, too.
  const tls = /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  return tls || error.message || (error as NodeJS.ErrnoException).code || error.name;
}
