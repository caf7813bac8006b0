import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";

/**
 * Certificates of authorities, as PEM, for `PublisherOptions.ca`.
 * @throws EmotionNetError `file-not-found`, `file-unreadable`, `usage` for a file without a certificate.
 */
export async function readCertificates(path: string): Promise<string> {
  const text = await readText(path);
  try {
    new X509Certificate(text);
    return text;
  } catch (cause) {
    const parts = {
      got: `the file ${JSON.stringify(path)}, in which there is no certificate`,
      wanted: "certificates as PEM (-----BEGIN CERTIFICATE-----)",
      mend: "Name the certificate of the authority, not a key; openssl x509 -in FILE -out ca.pem makes PEM of DER.",
    };
    throw new EmotionNetError("usage", parts, { cause });
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const parts = {
      got: `the path ${JSON.stringify(path)}, which cannot be read (${code})`,
      wanted: "a file with certificates",
      mend: "Check the spelling and the permissions.",
    };
    throw new EmotionNetError(code === "ENOENT" ? "file-not-found" : "file-unreadable", parts, { cause });
  }
}
