// A handler over a store.
import { MemoryStore } from "setoff/host";
import { createHandler, type HandlerOptions, type RestEffect } from "setoff/rest";

const effects: RestEffect[] = [];
const options: HandlerOptions = {
  bookOptions: { overCrediting: "headerAndItem" },
  clients: { "00000000-0000-0000-0000-000000000000": "secret" },
  onEffect: (effect) => void effects.push(effect),
};
export const handler = createHandler(new MemoryStore(), options);
