// What the glue takes for global, and what is not where tests run in jsdom.
export { TextDecoder, TextEncoder } from "node:util";
