import { dlopen, type FFIFunction, type Library } from "bun:ffi";

/**
 * glibc's name, which musl takes for itself too, and where musl is. Whole paths: a name that the system does not know
 * Bun looks for in the working folder, where anybody may have put it.
 */
const names = ["libc.so.6", "/lib/libc.musl-x86_64.so.1", "/lib/libc.musl-aarch64.so.1"];

/** Functions of the C library. Throws on a system that has none of them, or forbids code made at run time. */
export function openSystemLibrary<Functions extends Record<string, FFIFunction>>(
  functions: Functions,
): Library<Functions> {
  let first: unknown = null;
  for (const name of names) {
    try {
      return dlopen(name, functions);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
