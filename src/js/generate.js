// Bill runs as a function: plain objects in, plain objects out.
import { ask } from "./engine.js";

export const generateDocuments = ask("generate");
