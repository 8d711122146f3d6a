/** Everything that setoff throws: a real `Error` with a stable code, the path to the field, and the facts. */
export class SetoffError extends Error {
  constructor({ code, path, segments, details, message, issues }, options) {
    super(message, options);
    this.code = code;
    this.path = path;
    this.segments = segments;
    this.details = details;
    // Most have one fault, which a log need not show twice.
    if (issues !== undefined)
      Object.defineProperty(this, "issues", { value: issues, enumerable: true });
  }

  get issues() {
    const { code, path, segments, details, message } = this;
    return [{ code, path, segments, details, message }];
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
  try {
    return (
      error instanceof SetoffError ||
      (typeof error === "object" &&
        error !== null &&
        error.name === "SetoffError" &&
        typeof error.code === "string")
    );
  } catch {
    // What cannot be read, such as a proxy that throws, is none.
    return false;
  }
}

/** Why this side refuses: the code, and a sentence with the names of figures in braces. */
export const REASONS = {
  engineNotReady: ["notInitialized", "The engine is not ready. Call `await init()` first."],
  moduleNotLoaded: ["notInitialized", "The WebAssembly module could not be loaded: {cause}"],
  moduleFileMissing: [
    "notInitialized",
    "The engine's file could not be read: {cause}. In a bundle, use `setoff/inline` or `init(bytes)`.",
  ],
  wrongModule: [
    "notInitialized",
    "This is not the WebAssembly module of this package. It needs {needed}, and this is {found}.",
  ],
  callCutShort: [
    "engineFault",
    "The engine stopped at an internal fault, and the books made before it are lost: {cause}",
  ],
  bookOfFault: ["engineFault", "The book was lost at the last fault of the engine."],
  splitterOfFault: ["engineFault", "The splitter was lost at the last fault of the engine."],
  freedBook: ["bookFreed", "The book was freed."],
  freedSplitter: ["splitterFreed", "The splitter was freed."],
  formerResult: ["resultReplaced", "This result was replaced by a later split."],
  valueUnreadable: ["unreadableValue", "Reading the value threw an error: {cause}"],
  arrayDetached: ["unreadableValue", "The array cannot be read, because it is detached."],
  lengthUnreadable: ["unreadableValue", "The list has no length that can be read."],
  wrongArray: ["invalidType", "This must be a {types}, not {actual}."],
  optionsMissing: [
    "invalidType",
    'A book needs options: state at least its `currency`, such as "USD".',
  ],
  foreignBook: [
    "invalidType",
    "This must be a book of the same module. To compare a book of another module, restore its snapshot here.",
  ],
  valueUndefined: ["invalidType", "A value is required here, but this is `undefined`."],
  entriesNotHere: [
    "entryNotFound",
    "This book was opened with a snapshot, so it has only the entries from version {first} on.",
  ],
  entriesNeeded: [
    "entryNotFound",
    "This needs all entries of the log, but this book has only those from version {first} on. Use `Book.replay`.",
  ],
  entriesMissing: [
    "missingField",
    "A log begins with the entry that opens the book. State all entries from that one on.",
  ],
  noObject: ["invalidType", "This must be an object with {fields}, not {actual}."],
  noPlainObject: [
    "invalidType",
    "This must be an object with {fields}, not one of class {class}: only plain objects are read.",
  ],
  noSuchField: ["unknownField", "There is no field `{field}` here, only {fields}."],
  noLines: [
    "invalidType",
    "The lines of an export are a text, or a list of texts that follow each other.",
  ],
  lineNotJson: ["invalidExport", "Line {line} is not JSON."],
  noGroup: ["groupNotFound", 'The book has no application group "{applicationGroupId}".'],
  groupOfNothing: [
    "groupNotFound",
    'The command of version {version} settled nothing, so there is no group "{applicationGroupId}" to explain.',
  ],
  noPlace: ["invalidNumber", "A place is a whole number from 0 on, not {place}."],
  amountTooWide: ["invalidNumber", "The number does not fit 64 bits."],
  loneSurrogate: ["invalidText", "The text is not well-formed Unicode: it has a lone surrogate."],
  tooManyLevels: ["tooDeep", "The value is nested in more than {most} levels."],
  tooManyValues: ["tooLarge", "The request has more than {most} values."],
  stackTooSmall: ["tooLarge", "The call stack is nearly full, so the call was not started."],
  tooManyBytes: ["tooLarge", "The request takes more than {most} bytes."],
};

/** A sentence with its figures. */
const filled = (sentence, figures) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => [figures[name]].flat().join(" or "));

/** The path of a field, such as `invoices[1].amount`, of the names and places that lead to it. */
const pathOf = (segments) =>
  segments
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");

/** A refusal of this side, worded like those of the engine (`src/wire/english.rs`). */
export function refusal(reason, segments, figures, cause) {
  return refusalBy(REASONS[reason], reason, segments, figures, cause);
}

/** The same by a row that is not of the table above. */
export function refusalBy([code, template], reason, segments, figures, cause) {
  const path = pathOf(segments);
  const sentence = filled(template, figures);
  const message = path === "" ? sentence : `\`${path}\`: ${sentence}`;
  const facts = { code, path, segments, details: { sentence, reason, figures }, message };
  return new SetoffError(facts, cause === undefined ? undefined : { cause });
}
