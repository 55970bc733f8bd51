import { join } from "node:path";
import { needProgram } from "../../support/debian.ts";

/** Files of a certificate that signs itself. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

/** Makes one in this folder, for a subject such as `/CN=one.test`, good for two days. */
export async function selfSigned(folder: string, subject: string): Promise<SelfSigned> {
  const openssl = await needProgram("openssl");
  if (openssl === null) throw new Error('openssl is missing: skip this test, see needProgram("openssl")');
  const name = Bun.hash(subject).toString(36);
  const [key, certificate] = [join(folder, `${name}-key.pem`), join(folder, `${name}-certificate.pem`)];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const command = [openssl, ...request, "-subj", subject, "-days", "2", "-keyout", key, "-out", certificate];
  const made = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  if ((await made.exited) !== 0) throw new Error(`openssl: ${await made.stderr.text()}`);
  return { certificate, key };
}
