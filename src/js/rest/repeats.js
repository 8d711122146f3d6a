// Requests that come again: under a key, whose first answer is kept in the directory, or as a PUT that a client sent
// again by itself because the connection broke before it had the answer.
import { sha256 } from "./directory.js";

/** Under which name the directory keeps requests that have a key. */
const KEYED = "keyedRequest";
/** How long a key counts, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** A request that may not be carried out under its key. */
export const IN_USE = 409;
export const REUSED = 422;

export class Repeats {
  #directory;
  #now;
  #window;
  #underWay = new Set();
  /** Recent PUTs by fingerprint: their answer, and whether the connection closed before the client had read it. */
  #recent = new Map();

  /** `window`: for how many milliseconds a PUT that comes again can be the client's own repetition. */
  constructor(directory, now, window) {
    this.#directory = directory;
    this.#now = now;
    this.#window = window;
  }

  /** Whether a PUT that comes again is recognised. */
  get areRecognised() {
    return this.#window > 0;
  }

  /**
   * Carries a request out once under its key. `carryOut(seed, moment)` answers it. What is new is kept before it is
   * carried out, so that after a fault in between the same request makes the same commands under the same names.
   */
  async underKey(key, fingerprint, first, carryOut) {
    if (this.#underWay.has(key)) return { status: IN_USE };
    this.#underWay.add(key);
    try {
      let record = await this.#directory.kept(KEYED, key);
      if (record !== null && this.#now() - record.at >= DAY) record = null;
      if (record !== null && record.fingerprint !== fingerprint) return { status: REUSED };
      if (record?.reply !== undefined) return { reply: record.reply };

      if (record === null) {
        record = { fingerprint, at: this.#now(), ...first };
        await this.#directory.keep(KEYED, key, record);
      }

      const reply = await carryOut(record.seed, record.moment);
      await this.#directory.keep(KEYED, key, { ...record, reply });
      return { reply };
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** The answer to a PUT that was carried out a moment ago, if its connection closed before the client had read it. */
  unread(fingerprint) {
    const recent = this.#recent.get(fingerprint);
    if (recent === undefined || !recent.isLost) return undefined;
    return this.#now() - recent.at < this.#window ? recent.reply : undefined;
  }

  /** Remembers the answer to a PUT. What it returns is called if the connection closes before the client has it. */
  remember(fingerprint, reply) {
    // The oldest come first.
    for (const [known, { at }] of this.#recent) {
      if (this.#now() - at < this.#window) break;
      this.#recent.delete(known);
    }

    const recent = { reply, at: this.#now(), isLost: false };
    this.#recent.delete(fingerprint);
    this.#recent.set(fingerprint, recent);

    return () => {
      recent.isLost = true;
    };
  }

  /** Names what a request asks for. */
  static fingerprint(...parts) {
    return sha256(JSON.stringify(parts));
  }
}
