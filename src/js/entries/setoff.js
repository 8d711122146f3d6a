// What the package exports. The generated glue exports more, for the files of this folder alone.
export { Book } from "setoff-glue";
export * from "./proration.js";
