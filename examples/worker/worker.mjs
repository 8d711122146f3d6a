// The engine's side, in a worker: the page stays responsive, and the books stay in this browser.
import * as setoff from "setoff";
import { Host, IndexedDbStore } from "setoff/host";

const ready = setoff.init();
const host = new Host(setoff, new IndexedDbStore("example"), {
  bookOptions: (account) => ({ currency: "EUR", accountId: account }),
});

/** What the page can ask. Answers are plain data, which `postMessage` copies. */
const tasks = {
  execute: (account, command, options) =>
    host.transact(account, (book) => ({ ...book.execute(command, options) })),
  preview: (account, command) => host.read(account, (book) => ({ ...book.preview(command) })),
  query: (account, query) => host.read(account, (book) => book.query(query)),
};

addEventListener("message", async ({ data: { call, task, inputs } }) => {
  try {
    await ready;
    postMessage({ call, answer: await tasks[task](...inputs) });
  } catch (error) {
    const { code, path, details, message } = error;
    postMessage({ call, refusal: { code, path, details, message } });
  }
});
