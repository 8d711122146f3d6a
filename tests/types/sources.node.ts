// What `init` takes in Node, where it has nothing to do: the same, so that a program runs in both.
import { readFileSync } from "node:fs";
import { init } from "setoff";

await init();
await init(new URL("setoff_bg.wasm", import.meta.url));
await init(readFileSync("setoff_bg.wasm"));
// @ts-expect-error: a number is no source
await init(3);
