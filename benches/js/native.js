// The engine without WebAssembly (`benches/native/`): a program of its own that times itself on inputs of a file.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const name = "native Rust";

const folder = fileURLToPath(new URL("../../target/bench", import.meta.url));
let program;

/** Says where the program is; without it nothing native is timed. */
export function useNative(path) {
  program = path;
}

export const isNative = () => program !== undefined;

/** Writes the inputs of a job; answers the file. */
export function inputs(job, bytes) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, job);
  writeFileSync(file, bytes);
  return file;
}

/** Whole numbers as columns of eight bytes. */
export const column = (cents) => new Uint8Array(BigInt64Array.from(cents, BigInt).buffer);

/** Parts of a file, each with its length before it. */
export function parts(list) {
  return Buffer.concat(
    list.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(part.length);
      return [length, part];
    }),
  );
}

/** Runs a job a number of times; returns `{ cpu, wall, checksum }`, the times of one call in milliseconds. */
export function runNative(args, calls) {
  const { stdout, stderr, status } = spawnSync(program, [...args, String(calls)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`native ${args[0]}: ${stderr}`);
  const [cpu, wall, checksum] = stdout.trim().split(" ").map(Number);
  return { cpu: cpu / 1e6, wall: wall / 1e6, checksum };
}

/** The checksum of parts as the program makes it. */
export function checksum(parts) {
  let sum = 0;
  for (const part of parts)
    sum = (sum * 31 + (((Number(part) % 2 ** 32) + 2 ** 32) % 2 ** 32)) % 2 ** 32;
  return sum;
}
