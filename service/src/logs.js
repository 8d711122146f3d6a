// Logs and metrics. Neither has names, numbers, amounts or texts of requests: of an address the steps that are words
// of an interface, of an error its kind and where it was thrown.
import { pino } from "pino";
import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Steps of addresses that are words of an interface. What else there is, names something. */
const WORDS = new Set(
  (
    "v1 v2 api oauth token accounts credit-memos creditmemos credit_memos credit_memo_items credit-memo debit-memos " +
    "debitmemos debit_memos debit_memo_items invoices invoice payments payment refunds refund operations jobs files " +
    "taxation-items taxationitems taxation_items items parts itemparts apply unapply post unpost cancel reverse " +
    "write-off writeoff void issue collect pdf-status pdfs pdf email emails bulk customers credits application-parts " +
    "transfer async pay application_parts summary"
  ).split(" "),
);

/**
 * An address without what it names.
 * @param {string} path
 */
export function routeOf(path) {
  const steps = path.split("/").filter((step) => step !== "");
  if (!WORDS.has(steps[0] ?? "")) return steps.length === 0 ? "/" : "/*";
  return `/${steps.map((step) => (WORDS.has(step) ? step : "*")).join("/")}`;
}

/**
 * @param {string} level
 * @param {import("pino").DestinationStream} [destination]
 */
export function makeLogger(level, destination) {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: factsOf },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * What is said of an error: texts of errors quote what was asked.
 * @param {unknown} error
 */
export function factsOf(error) {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, code } = /** @type {Error & { code?: string }} */ (error);
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { name, code, at: frames.slice(0, 5).map((line) => line.trim()) };
}

export class Metrics {
  #registry = new Registry();
  #requests;
  #errors;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: "setoff_request_seconds",
      help: "How long requests took, by method, route and status.",
      labelNames: ["method", "route", "status"],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.#registry],
    });
    this.#errors = new Counter({
      name: "setoff_errors_total",
      help: "Requests that could not be carried out for a fault, by the kind of error.",
      labelNames: ["name"],
      registers: [this.#registry],
    });
  }

  /**
   * @param {string} method
   * @param {string} route
   * @param {number} status
   * @param {number} seconds
   */
  observe(method, route, status, seconds) {
    this.#requests.observe({ method, route, status }, seconds);
  }

  /** @param {unknown} error */
  fault(error) {
    this.#errors.inc({ name: error instanceof Error ? error.name : typeof error });
  }

  get type() {
    return this.#registry.contentType;
  }

  text() {
    return this.#registry.metrics();
  }
}
