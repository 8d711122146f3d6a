// An entry for Node: the first call loads the engine from the package's own file, and `init` may say where else it is.
import { readFileSync } from "node:fs";
import * as glue from "setoff-glue";
import file from "setoff-module-name";

const load = (module) => {
  glue.initSync({ module: module ?? readFileSync(new URL(file, import.meta.url)) });
};
glue.__loadBy(Object.assign(load, { readFile: readFileSync }));

export * from "setoff-entry";
