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
Object.defineProperty(SetoffError.prototype, "name", { value: "SetoffError", writable: true, configurable: true });

/** Whether `error` is a SetoffError, also one from another copy of the package or another realm. */
export function isSetoffError(error) {
  return (
    error instanceof SetoffError ||
    (typeof error === "object" && error !== null && error.name === "SetoffError" && typeof error.code === "string")
  );
}
