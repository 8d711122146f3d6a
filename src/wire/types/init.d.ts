// Loading the engine.

/** The source from which {@link init} can load the module: an address, a response, bytes or a compiled module. */
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
 * Loads the engine. The call is the same everywhere: in Node it has nothing to do, and in a browser it fetches the
 * module once. Default: the file `setoff_bg.wasm` next to the package's own JavaScript.
 */
export function init(source?: InitSource | Promise<InitSource>): Promise<void>;

declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}
