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

/** What is wrong, in the words of the engine (`src/error.rs`), for the codes that are thrown on this side. */
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
};

/** A refusal of this side, worded like those of the engine. */
export function refusal(code, path, needed, found, cause) {
  const message = `${path && `\`${path}\`: `}${PROBLEMS[code]}; needed ${needed}, found ${found}`;
  return new SetoffError(
    code,
    path,
    { needed, found },
    message,
    cause === undefined ? undefined : { cause },
  );
}
