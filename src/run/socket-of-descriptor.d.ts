import "bun";

declare module "bun" {
  /** Bun takes an open socket's descriptor; its types describe the options, and leave out the function. */
  function connect<Data = undefined>(options: FdSocketOptions<Data>): Promise<Socket<Data>>;
}
