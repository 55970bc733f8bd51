/** Fetches from a server whose certificate nobody has signed but itself, and says what came of it. */
import { fetchKeys } from "../../src/staff/key-fetch.ts";
import { selfSigned } from "../proxies/nginx/self-signed.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

await using folder = temporaryFolder();
const { certificate, key } = await selfSigned(folder.path, "/CN=localhost");
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  tls: { cert: Bun.file(certificate), key: Bun.file(key) },
  fetch: () => new Response("taken in"),
});
try {
  const bytes = await fetchKeys(`https://127.0.0.1:${server.port}/`, 5_000, new AbortController().signal);
  process.stdout.write(new TextDecoder().decode(bytes));
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error));
} finally {
  await server.stop(true);
}
