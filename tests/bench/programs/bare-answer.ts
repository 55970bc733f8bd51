/**
 * What an answer is measured against: the least that Bun can do to send the same bytes. Its arguments are a socket, the
 * file of the body, and status and headers as JSON. Prints its addresses.
 */
if (import.meta.main) {
  const [socket = "", bodyFile = "", init = "{}"] = process.argv.slice(2);
  const body = await Bun.file(bodyFile).bytes();
  const { status, headers } = JSON.parse(init);
  const fetch = () => new Response(body, { status, headers });
  const { port } = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
  Bun.serve({ unix: socket, fetch });
  console.log(JSON.stringify({ addresses: [`127.0.0.1:${port}`, `unix:${socket}`] }));
}
