// What the entry `setoff/rest` exports where the module is fetched: at the first request, or by `init`.
import * as engine from "setoff-engine";
import loadModule, { restStep } from "setoff-glue";
import { loadedOnce, moduleOf } from "../module.js";
import { handlerMaker } from "../rest/handler.js";

/** Loads the module of the dialects from `source`, or from where it lies in the package. */
export const init = loadedOnce(async (source) => {
  const module = await moduleOf(source);
  await loadModule(module === undefined ? undefined : { module_or_path: module });
});

const load = async () => {
  await engine.init();
  await init();
};

export const createHandler = handlerMaker({
  engine,
  load,
  step: (step) => JSON.parse(restStep(JSON.stringify(step))),
});
