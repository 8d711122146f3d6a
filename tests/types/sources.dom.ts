// What `init` takes in a browser.
import { init } from "setoff";

await init("/setoff_bg.wasm");
await init(new URL("setoff_bg.wasm", document.baseURI));
await init(fetch("/setoff_bg.wasm"));
await init(await fetch("/setoff_bg.wasm"));
await init(await (await fetch("/setoff_bg.wasm")).arrayBuffer());
await init(await WebAssembly.compileStreaming(fetch("/setoff_bg.wasm")));
