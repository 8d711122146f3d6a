// An entry for Node: the first call loads the engine from the package's own file, and `init` may say where else it is.
import { readFileSync } from "node:fs";
import * as glue from "setoff-glue";
import file from "setoff-module-name";

const isFile = (source) =>
  source === undefined || (source instanceof URL && source.protocol === "file:");

glue.__loadBy((source) => {
  if (!isFile(source)) return glue.default({ module_or_path: source });
  glue.initSync({ module: readFileSync(source ?? new URL(file, import.meta.url)) });
});

export * from "setoff-entry";
