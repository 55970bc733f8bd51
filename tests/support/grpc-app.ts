import * as grpc from "@grpc/grpc-js";

export interface GrpcApp extends AsyncDisposable {
  readonly port: number;
}

const bytes = (value: Buffer) => value;

/** An application with one call, `/test.Echo/Say`, whose messages are bytes. */
export async function startGrpcApp(): Promise<GrpcApp> {
  const server = new grpc.Server();
  server.addService(
    {
      Say: {
        path: "/test.Echo/Say",
        requestStream: false,
        responseStream: false,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    },
    {
      Say: (call: grpc.ServerUnaryCall<Buffer, Buffer>, reply: grpc.sendUnaryData<Buffer>) =>
        reply(null, Buffer.from(`echo ${call.request.toString()}`)),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}
