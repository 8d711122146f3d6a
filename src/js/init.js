// Makes the engine ready.
import { engine, loadBy, takeLoader } from "./engine.js";
import { refusal } from "./errors.js";

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
    if (loader !== undefined) await loader(given);
    else await engine.default?.(given === undefined ? undefined : { module_or_path: given });
  } catch (cause) {
    loading = undefined;
    loadBy(loader);
    throw refusal("moduleNotLoaded", [], { cause: String(cause) }, cause);
  }
}
