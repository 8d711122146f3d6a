// Makes the engine ready.
import { engine, loadBy, takeLoader } from "./engine.js";
import { loadedOnce, moduleOf, ownFile } from "./module.js";

/**
 * Loads the engine once, from `source` or from where it lies in the package. It does nothing if the engine is there:
 * where files can be read, the first call loads it by itself.
 */
export const init = loadedOnce(async (source) => {
  const loader = takeLoader();
  try {
    const module = (await moduleOf(source, loader?.readFile)) ?? ownFile(loader?.file);
    if (loader !== undefined) await loader(module);
    else await engine.default?.(module === undefined ? undefined : { module_or_path: module });
  } catch (cause) {
    loadBy(loader);
    throw cause;
  }
});
