// How long the processors have worked for a process, where the system tells (Linux): on a loaded machine this says more
// than the time on the wall.
import { readdirSync, readFileSync } from "node:fs";

/** The milliseconds of a tick of `/proc`: 100 in a second on all that Node runs on. */
const TICK = 10;

/** `{ parent, running, ended }` of a process: who started it, its ticks, and those of its children that have ended. */
function statOf(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined; // It has ended, or this is no Linux.
  }

  // The name is in brackets, and may have anything in it.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return { parent: fields[1], running: fields[11] + fields[12], ended: fields[13] + fields[14] };
}

/** The milliseconds of a process alone. */
export const ofProcess = (pid) => (statOf(pid)?.running ?? NaN) * TICK;

/** The milliseconds of a process and its children, those that have ended too. */
export function withChildren(pid) {
  const parent = statOf(pid);
  if (parent === undefined) return NaN;

  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  const ticks = [parent.ended, parent.running, ...children.map(({ running }) => running)];
  return ticks.reduce((sum, count) => sum + count * TICK, 0);
}
