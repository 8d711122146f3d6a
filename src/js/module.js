// Loads a module of WebAssembly: once, from where a caller says, and no other than the one that the JavaScript beside
// it belongs to. All entries of the package that load one do it here.
import { refusal, SetoffError } from "./errors.js";

/**
 * The `init` of an entry: calls `load` with the source of the first call. What fails says why, and can be tried again.
 */
export function loadedOnce(load) {
  let loading;
  const attempt = async (source) => {
    try {
      await load(source);
    } catch (cause) {
      loading = undefined;
      if (cause instanceof SetoffError) throw cause;
      throw refusal("moduleNotLoaded", [], { cause: String(cause) }, cause);
    }
  };
  return (source) => (loading ??= attempt(source));
}

/**
 * The package's own file, where `read` reads one. A bundle does not have it, so the refusal says what to do there.
 */
export function ownFile(read) {
  try {
    return read?.();
  } catch (cause) {
    throw refusal("moduleFileMissing", [], { cause: String(cause) }, cause);
  }
}

/**
 * The module of a source; nothing of none. Another module than the one that this JavaScript belongs to would fail at
 * its first call, so it is refused. `readFile`: what reads a file, where addresses of files can be read.
 */
export async function moduleOf(source, readFile) {
  const input = await source;
  if (input === undefined) return undefined;

  const isModule = Object.prototype.toString.call(input) === "[object WebAssembly.Module]";
  const module = isModule ? input : await compiled(input, readFile);

  const needed = globalThis.SETOFF_BUILD;
  const [section] = WebAssembly.Module.customSections(module, "setoff");
  const found = section === undefined ? "another" : new TextDecoder().decode(section);
  if (needed !== undefined && found !== needed) throw refusal("wrongModule", [], { needed, found });
  return module;
}

const ADDRESSES = ["[object String]", "[object URL]", "[object Request]"];

async function compiled(source, readFile) {
  // Whatever realm it comes from: tests in jsdom have several.
  const isAddress = ADDRESSES.includes(Object.prototype.toString.call(source));
  if (isAddress && readFile !== undefined && `${source}`.startsWith("file:"))
    return WebAssembly.compile(readFile(new URL(source)));

  const answer = isAddress ? await fetch(source) : source;
  if (typeof answer?.arrayBuffer !== "function") return WebAssembly.compile(answer);

  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  // Browsers compile while they receive only what has this type, and not every server sends it.
  const isWasm = answer.headers.get("Content-Type")?.startsWith("application/wasm");
  if (isWasm) return WebAssembly.compileStreaming(answer);
  return WebAssembly.compile(await answer.arrayBuffer());
}
