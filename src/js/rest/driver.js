// Answers one request: asks the module for the next step, and does what it needs, until it has the reply. Queries and
// commands go to the book of an account, within one transaction of its host; everything else to the directory.

/** Lets a transaction write nothing although its work has an answer. */
class Dropped extends Error {
  constructor(step) {
    super("The request was refused.");
    this.step = step;
  }
}

/** Whether a need cannot be met in the books that are open: others are to be opened, or asked. */
const leavesBooks = ({ open, list }) => open !== undefined || list !== undefined;

/** A refusal of the engine as plain data. */
const factsOf = ({ code, path, details, message }) => ({ code, path, details, message });

/** The numbers that a request stated: those of documents that are not made are given back. */
class StatedNumbers {
  #directory;
  /** The identifiers of documents whose command comes next, and of those that were made. */
  #next = [];
  #made = [];

  constructor(directory) {
    this.#directory = directory;
  }

  async follow({ reserve, execute }, answer) {
    if (typeof reserve?.number === "string" && answer !== null) this.#next.push(reserve.id);
    if (execute === undefined) return;
    if (answer.error === undefined) this.#made.push(...this.#next);
    else await this.#release(this.#next);
    this.#next = [];
  }

  releaseAll() {
    return this.#release([...this.#made, ...this.#next]);
  }

  async #release(ids) {
    for (const id of ids) await this.#directory.release(id);
  }
}

export class Driver {
  #step;
  #isRefusal;
  #host;
  #directory;

  /** `step` makes the next step of `{ request, answers }`; `isRefusal` tells errors of the engine from others. */
  constructor({ step, isRefusal, host, directory }) {
    this.#step = step;
    this.#isRefusal = isRefusal;
    this.#host = host;
    this.#directory = directory;
  }

  /**
   * The reply to a request. `plan` is told of its effects when all is carried out and nothing is written yet: in the
   * transaction whose work replies.
   */
  async answer(request, plan) {
    let answers = [];
    let step = this.#next(request, answers);
    while (step.reply === undefined) {
      const [need] = step.needs;
      if (need.open !== undefined) {
        ({ answers, step } = await this.#inBooks(request, answers, need.open, plan));
      } else {
        answers.push(...(await this.#answersOutside(step.needs)));
        step = this.#next(request, answers);
      }
    }
    return step.reply;
  }

  #next(request, answers) {
    const step = this.#step({ request, answers });
    if (step.fault !== undefined) throw new Error(step.fault);
    return step;
  }

  /** Goes on in the books of accounts until the reply, or until other books are needed. */
  async #inBooks(request, before, { accountIds, write }, plan) {
    // The work can run again, on the books after another writer: then from the answers of before, too.
    const work = (books) =>
      this.#workIn(books, accountIds, { request, answers: [...before, true], plan });
    try {
      return await this.#with(accountIds, write, work);
    } catch (error) {
      if (error instanceof Dropped) return error.step;
      throw error;
    }
  }

  async #workIn(books, accountIds, { request, answers, plan }) {
    const isOpen = (account) => accountIds.includes(account);
    const numbers = new StatedNumbers(this.#directory);
    let step = this.#next(request, answers);
    let [book] = books;
    let hasExecuted = false;

    while (step.reply === undefined && !step.needs.some(leavesBooks)) {
      for (const need of step.needs) {
        if (need.turn !== undefined) book = books[accountIds.indexOf(need.turn)];
        if (need.execute !== undefined) hasExecuted = true;

        const answer = await this.#answerInside(request, book, need, answers.length, isOpen);
        await numbers.follow(need, answer);
        answers.push(answer);
      }
      step = this.#next(request, answers);
    }

    // A request is carried out as a whole or not at all: what its first commands changed is not written.
    if (step.reply?.isRefused === true && hasExecuted) {
      await numbers.releaseAll();
      throw new Dropped({ answers, step });
    }

    await plan(step.reply?.effects ?? []);
    return { answers, step };
  }

  #with(accountIds, write, work) {
    if (write) return this.#host.transactAll(accountIds, work);
    const [id] = accountIds;
    return this.#host.read(id, (book) => work([book]));
  }

  async #answerInside(request, book, need, place, isOpen) {
    if (need.turn !== undefined) return true;
    if (need.query !== undefined) return this.#orRefusal(() => book.query(need.query));
    if (need.account !== undefined)
      return this.#directory.account(need.account, { isOpen: isOpen(need.account) });
    if (need.execute === undefined) return this.#ask(need);

    const { seed, user, now } = request;
    // The same request carries out the same commands: none of them is carried out again under its name.
    const options = { id: `${seed}-${place}`, actor: user, recordedAt: now };
    return this.#orRefusal(() => {
      const { applicationGroupId } = book.execute(need.execute, options);
      return { applicationGroupId };
    });
  }

  #orRefusal(act) {
    try {
      return act();
    } catch (error) {
      if (!this.#isRefusal(error)) throw error;
      return { error: factsOf(error) };
    }
  }

  /** Lists over the books of several accounts, and what the directory knows. */
  async #answersOutside(needs) {
    const answers = [];
    for (const need of needs) {
      answers.push(need.list === undefined ? await this.#ask(need) : await this.#list(need.list));
    }
    return answers;
  }

  /**
   * The rows of a query in the books of accounts, of all of them where none are named: a page of each. A directory can
   * have the rows itself, or say which books can have any.
   */
  async #list({ query, accountIds }) {
    const listed = (await this.#directory.list?.({ query, accountIds })) ?? {};
    if (listed.pages !== undefined) return listed;

    const narrowed = listed.accountIds ?? accountIds;
    const known = listed.numbers === undefined ? await this.#directory.accounts() : [];

    const pages = [];
    for (const id of narrowed ?? known.map((account) => account.id)) {
      const page = await this.#with([id], false, ([book]) =>
        this.#orRefusal(() => book.query(query)),
      );
      if (page.rows === undefined || page.rows.length > 0) pages.push(page);
    }

    const numbers =
      listed.numbers ?? Object.fromEntries(known.map(({ id, number }) => [id, number]));
    return { pages, numbers };
  }

  #ask({ find, account, reserve, release, move, keep, kept }) {
    const directory = this.#directory;
    if (find !== undefined) return directory.find(find.kinds, find.key);
    if (account !== undefined) return directory.account(account);
    if (reserve !== undefined) return directory.reserve(reserve);
    if (release !== undefined) return directory.release(release);
    if (move !== undefined) return this.#move(move);
    if (keep !== undefined) return directory.keep(keep.kind, keep.id, keep.data);
    return directory.kept(kept.kind, kept.id);
  }

  /** Whether the directory keeps account of a document that goes to another account. */
  async #move({ id, accountId }) {
    if (this.#directory.move === undefined) return false;
    await this.#directory.move(id, accountId);
    return true;
  }
}
