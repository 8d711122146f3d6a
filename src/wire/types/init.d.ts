// Loading the engine.

/** What {@link init} can load the module from: an address, a response, bytes or a compiled module. */
export type InitSource =
  | string
  | ArrayBuffer
  | Uint8Array
  | Global<"URL">
  | Global<"Response">
  | (typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } }
      ? M & object
      : never);

type Global<Name extends string> = typeof globalThis extends { [N in Name]: { prototype: infer T } }
  ? T
  : never;

/**
 * Makes the engine ready. The same call everywhere: in Node it has nothing to do, in a browser it fetches the module
 * once. Left out: `setoff_bg.wasm` beside the package's own JavaScript.
 */
export function init(source?: InitSource | Promise<InitSource>): Promise<void>;

declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}
