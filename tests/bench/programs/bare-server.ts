/** What a check is measured against: the least that Bun can answer. Prints its addresses: TCP, and the socket it is given. */
const fetch = () => new Response(null, { status: 204 });

if (import.meta.main) {
  const socket = process.argv[2] ?? "";
  const { port } = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
  Bun.serve({ unix: socket, fetch });
  console.log(JSON.stringify({ addresses: [`127.0.0.1:${port}`, `unix:${socket}`] }));
}
