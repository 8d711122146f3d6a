// Makes the engine ready.
import { engine, loadBy, takeLoader } from "./engine.js";
import { refusal, SetoffError } from "./errors.js";

let loading;

/**
 * Loads the engine once, from `source` or from where it lies in the package. It does nothing if the engine is there:
 * where files can be read, the first call loads it by itself.
 */
export function init(source) {
  return (loading ??= load(source));
}

async function load(source) {
  const loader = takeLoader();
  try {
    const given = await source;
    const module = given === undefined ? undefined : await moduleOf(given, loader?.readFile);
    if (loader !== undefined) await loader(module);
    else await engine.default?.(module === undefined ? undefined : { module_or_path: module });
  } catch (cause) {
    loading = undefined;
    loadBy(loader);
    if (cause instanceof SetoffError) throw cause;
    throw refusal("moduleNotLoaded", [], { cause: String(cause) }, cause);
  }
}

/** The module of a source: the one that this JavaScript belongs to, because another would fail at its first call. */
async function moduleOf(source, readFile) {
  const isModule = Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
  const module = isModule ? source : await compiled(source, readFile);
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
  const isNamed = answer.headers.get("Content-Type")?.startsWith("application/wasm");
  if (isNamed) return WebAssembly.compileStreaming(answer);
  return WebAssembly.compile(await answer.arrayBuffer());
}
