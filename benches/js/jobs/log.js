// What a log costs: an execution with one and without, a plan and its commit in accounts of any size, and a book that is
// made of its entries against one that is made of a snapshot. The bytes of an entry stand in the names.
import assert from "node:assert/strict";
import { Book } from "../../../pkg/node.mjs";
import { time } from "../clock.js";
import { apply, creditMemo, invoice } from "../documents.js";

const AT = "2026-03-02";
const FIVE = [50_00, 40_00, 30_00, 20_00, 10_00];
const THREE = [33_33, 22_22, 11_11];
/** Of two accounts: their documents, half of them invoices and half of them memos. */
const [SMALL, LARGE] = [10, 100_000];
/** The applications that are timed together. */
const TOGETHER = SMALL / 2;
/** The commands of the log that is replayed. */
const COMMANDS = 2_000;

/** What a host says beside each command. */
const said = (id) => ({ id, actor: "anna@example.com", recordedAt: "2026-03-02T09:00:00Z" });
const unapply = (creditMemoId) => ({ type: "unapplyCreditMemo", at: AT, creditMemoId });

/** A book of pairs of an invoice of five lines and a memo of three. */
function bookOf(documents, options) {
  const book = new Book({ currency: "USD", ...options });
  for (let pair = 0; pair < documents / 2; pair++) {
    book.execute(invoice(`I-${pair}`, FIVE));
    book.execute(creditMemo(`M-${pair}`, THREE));
  }
  return book;
}

/** Applies and takes back, in a new book each time: a log that only grows would be another's. */
function executions(isLogged, isTold) {
  return (calls) => {
    const book = bookOf(2, { log: isLogged });
    const taken = time(() => {
      for (let call = 0; call < calls; call++) {
        book.execute(apply("M-0", [["I-0"]]), isTold ? said(`apply-${call}`) : undefined);
        book.execute(unapply("M-0"), isTold ? said(`unapply-${call}`) : undefined);
      }
    });
    book.free();
    return { cpu: taken.cpu / calls, wall: taken.wall / calls };
  };
}

export const logOn = {
  name: "log",
  title: "a memo of 3 lines applied to an invoice of 5 by execute, and taken back",
  rounds: 40,
  sampleMs: 30,

  prepare() {
    const bytes = Math.round(JSON.stringify(logOf(1).at(-1)).length);
    return {
      contenders: [
        { name: "without a log", measure: executions(false, false) },
        { name: "with a log", measure: executions(true, false) },
        { name: `with id, actor and time: ${bytes} bytes`, measure: executions(true, true) },
      ],
      wrong: [],
    };
  },
};

/** Plans and commits, in an account with that number of documents. What was committed is taken back between the samples. */
function commits(book, pairs) {
  let next = 0;
  return (calls) => {
    const sum = { cpu: 0, wall: 0 };
    let done = 0;
    while (done < calls) {
      const batch = Array.from({ length: TOGETHER }, () => next++ % pairs);
      const commands = batch.map((pair) => apply(`M-${pair}`, [[`I-${pair}`]]));
      const taken = time(() => {
        for (const command of commands) book.commit(book.preview(command));
      });
      for (const pair of batch) book.execute(unapply(`M-${pair}`));
      sum.cpu += taken.cpu;
      sum.wall += taken.wall;
      done += TOGETHER;
    }
    return { cpu: sum.cpu / done, wall: sum.wall / done };
  };
}

export const logAccount = {
  name: "log",
  title: `preview and commit of a memo of 3 lines on an invoice of 5, with a log, in an account of ${SMALL} and of ${LARGE} documents`,
  rounds: 40,
  sampleMs: 20,

  prepare() {
    const [small, large] = [SMALL, LARGE].map((documents) => bookOf(documents, { log: true }));
    return {
      contenders: [
        { name: `in ${SMALL} documents`, measure: commits(small, TOGETHER) },
        { name: `in ${LARGE}, the same ones`, measure: commits(large, TOGETHER) },
        { name: `in ${LARGE}, others each time`, measure: commits(large, LARGE / 2) },
      ],
      wrong: [],
    };
  },
};

/** The entries of a book that has settled as often. */
function logOf(count) {
  const book = bookOf(2, { log: true });
  for (let call = 0; call < count / 2; call++) {
    book.execute(apply("M-0", [["I-0"]]), said(`apply-${call}`));
    if (count > 1) book.execute(unapply("M-0"), said(`unapply-${call}`));
  }
  const entries = book.entries();
  book.free();
  return entries;
}

export const logReplay = {
  name: "log",
  title: `a book of ${COMMANDS} entries, made of them and of its snapshot`,
  rounds: 20,
  sampleMs: 40,

  prepare() {
    const entries = logOf(COMMANDS);
    const book = Book.replay(entries);
    const snapshot = book.snapshot();
    const [told, untold] = [snapshot.length, withoutLog(entries)];
    const receipt = Math.round((told - untold) / entries.length);
    const text = JSON.stringify(entries);
    const each = Math.round(text.length / entries.length);
    assert.equal(Book.restore(snapshot).hash(), book.hash());
    book.free();
    return {
      contenders: [
        { name: `restore (${receipt} bytes a receipt)`, run: () => Book.restore(snapshot).free() },
        { name: `replay (${each} bytes an entry)`, run: () => Book.replay(entries).free() },
        // Not a rival, but a measure: what it costs to only read the same entries.
        { name: "JSON.parse of the entries", run: () => JSON.parse(text) },
      ],
      wrong: [],
    };
  },
};

/** The bytes of the snapshot of a book that did the same and keeps no log. */
function withoutLog(entries) {
  const book = new Book({ currency: "USD" });
  for (const { command } of entries.slice(1)) book.execute(command);
  const { length } = book.snapshot();
  book.free();
  return length;
}
