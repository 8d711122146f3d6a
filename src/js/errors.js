/** Everything that setoff throws: a real `Error` with a stable code, the path to the field, and the facts. */
export class SetoffError extends Error {
  constructor(code, path, details, message, options) {
    super(message, options);
    this.code = code;
    this.path = path;
    this.details = details;
  }
}
// On the prototype, like the names of the built-in errors.
Object.defineProperty(SetoffError.prototype, "name", {
  value: "SetoffError",
  writable: true,
  configurable: true,
});

/** Whether `error` is a SetoffError, also one from another copy of the package or another realm. */
export function isSetoffError(error) {
  return (
    error instanceof SetoffError ||
    (typeof error === "object" &&
      error !== null &&
      error.name === "SetoffError" &&
      typeof error.code === "string")
  );
}

/** What is wrong, in the words of the engine (`src/wire/english.rs`), for the codes that are thrown on this side. */
const PROBLEMS = {
  notInitialized: "the engine is not ready",
  engineFault: "the engine stopped at an internal fault",
  bookFreed: "the book has been freed",
  splitterFreed: "the splitter has been freed",
  resultReplaced: "the result has been replaced by a later split",
  unreadableValue: "the value cannot be read",
  invalidType: "the value has the wrong type",
  invalidNumber: "the number is not a whole number in range",
  invalidText: "the text is not well-formed Unicode",
  tooDeep: "the value is nested too deeply",
  tooLarge: "the request is too large",
  planMoved: "the book has moved since the plan was made",
};

/** Why this side refuses: the code, what was needed and what was found, with the names of figures in braces. */
export const REASONS = {
  engineNotReady: ["notInitialized", "`await init()` before anything else", "no engine"],
  moduleNotLoaded: ["notInitialized", "a WebAssembly module that can be loaded", "{cause}"],
  callCutShort: ["engineFault", "a call that ends", "{cause}"],
  bookOfFault: ["engineFault", "a book made after the last fault", "one from before it"],
  splitterOfFault: ["engineFault", "a splitter made after the last fault", "one from before it"],
  freedBook: ["bookFreed", "a book in use", "a freed one"],
  freedSplitter: ["splitterFreed", "a splitter in use", "a freed one"],
  formerResult: ["resultReplaced", "the last result", "an earlier one"],
  valueUnreadable: ["unreadableValue", "a value that can be read", "an error: {cause}"],
  arrayDetached: ["unreadableValue", "an array that can be read", "one that is detached"],
  lengthUnreadable: ["unreadableValue", "a list's length", "none"],
  wrongArray: ["invalidType", "a {types}", "{actual}"],
  valueUndefined: ["invalidType", "a value", "undefined"],
  planOfOther: ["invalidType", "a plan that this book previewed", "something else"],
  noPlace: ["invalidNumber", "a place, from 0", "{place}"],
  amountTooWide: ["invalidNumber", "a whole number of 64 bits", "more"],
  loneSurrogate: ["invalidText", "well-formed Unicode", "a lone surrogate"],
  tooManyLevels: ["tooDeep", "at most {most} levels", "more"],
  tooManyValues: ["tooLarge", "at most {most} values", "more"],
  stackTooSmall: ["tooLarge", "more of the stack", "a call near its end"],
  tooManyBytes: ["tooLarge", "a request of at most {most} bytes", "more"],
};

/** A sentence with its figures. */
const filled = (sentence, figures) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => [figures[name]].flat().join(" or a "));

/** A refusal of this side, worded like those of the engine. */
export function refusal(reason, path, figures, cause) {
  const [code, ...sentences] = REASONS[reason];
  const [needed, found] = sentences.map((sentence) => filled(sentence, figures));
  const message = `${path && `\`${path}\`: `}${PROBLEMS[code]}; needed ${needed}, found ${found}`;
  return new SetoffError(
    code,
    path,
    { needed, found, reason, figures },
    message,
    cause === undefined ? undefined : { cause },
  );
}
