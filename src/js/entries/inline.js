// An entry that carries the engine in itself, for what cannot load files.
import * as glue from "setoff-glue";
import text from "setoff-module";

glue.__loadBy((source) => {
  if (source !== undefined) return glue.default({ module_or_path: source });
  glue.initSync({ module: Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) });
});

export * from "setoff-entry";
