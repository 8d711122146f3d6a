// What the entry `setoff/rest` exports where the module is fetched: at the first request, or by `init`.
import * as engine from "setoff-engine";
import loadModule, { restStep } from "setoff-glue";
import { handlerMaker } from "../rest/handler.js";

let loading;

/** Loads the module of the dialects from `source`, or from where it lies in the package. */
export function init(source) {
  loading ??= loadModule(source === undefined ? undefined : { module_or_path: source });
  return loading;
}

const load = async () => {
  await engine.init();
  await init();
};

export const createHandler = handlerMaker({
  engine,
  load,
  step: (step) => JSON.parse(restStep(JSON.stringify(step))),
});
