// Asks the worker. Of questions of one kind that somebody types faster than they are answered, only the last counts.
import moduleUrl from "setoff/setoff_bg.wasm?url";

/** What the worker refuses or fails at. */
export class Fault extends Error {
  constructor(fault) {
    super(fault.message);
    Object.assign(this, fault);
  }
}

/** Loads the engine: the page's preload has begun to fetch it. */
const compiled = () =>
  WebAssembly.compileStreaming(fetch(moduleUrl, { credentials: "same-origin" }));

export class Client {
  #worker;
  #waiting = new Map();
  #lanes = new Map();
  #last = 0;
  /** Tells this tab from others. */
  tab = crypto.randomUUID();

  /** Starts the worker; `ready` rejects where the engine cannot be loaded. */
  constructor() {
    this.#worker = new Worker(new URL("../engine/worker.js", import.meta.url), {
      type: "module",
      name: this.tab,
    });
    this.#worker.addEventListener("message", ({ data }) => this.#take(data));
    const failed = new Promise((_, reject) => {
      this.#worker.addEventListener("error", (event) => {
        reject(new Error(event.message ?? "A part of the page could not be loaded."));
      });
    });
    const sent = compiled().then((module) => this.#worker.postMessage(module));
    this.ready = Promise.race([sent, failed]);
    this.failed = failed;
    failed.catch(() => {});
  }

  #take({ id, answer, fault, progress }) {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    if (progress !== undefined) {
      waiting.onProgress?.(progress);
      return;
    }
    this.#waiting.delete(id);
    if (fault === undefined) waiting.resolve(answer);
    else waiting.reject(new Fault(fault));
  }

  /** Asks, and answers with what the worker says. `onCancel` gets what takes the question back. */
  ask(kind, asked = {}, { onProgress, onCancel } = {}) {
    this.#last += 1;
    const id = this.#last;
    onCancel?.(() => this.#worker.postMessage({ cancel: id }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, kind, asked });
    });
  }

  /**
   * Asks in a lane, where one question is on its way at a time and the last one waits. The promise of a question that a
   * later one has replaced answers `undefined`.
   */
  latest(lane, kind, asked) {
    const state = this.#lanes.get(lane) ?? { isBusy: false, next: null };
    this.#lanes.set(lane, state);
    return new Promise((resolve, reject) => {
      state.next?.resolve(undefined);
      state.next = { kind, asked, resolve, reject };
      if (!state.isBusy) this.#run(state);
    });
  }

  async #run(state) {
    state.isBusy = true;
    while (state.next !== null) {
      const { kind, asked, resolve, reject } = state.next;
      state.next = null;
      try {
        const answer = await this.ask(kind, asked);
        // A newer question is there: its answer is what somebody waits for.
        resolve(state.next === null ? answer : undefined);
      } catch (error) {
        reject(error);
      }
    }
    state.isBusy = false;
  }
}
