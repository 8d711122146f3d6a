// How long something takes: the processor's time and the time on the wall, in milliseconds.
//
// The wall counts what other programs of the machine do; it hits long samples harder than short ones, and so the slow
// contender harder than the fast. The processor's time does not. Only newer runtimes tell that of this thread alone;
// that of the process also has what the runtime does on other threads, such as collecting what a contender left.

const isOfThread = typeof process.threadCpuUsage === "function";
const cpuUsage = isOfThread ? process.threadCpuUsage.bind(process) : process.cpuUsage.bind(process);

/** What the processor's time is that of. */
export const cpuClock = isOfThread ? "main thread" : "process, all threads";

/** Runs `work` and answers `{ cpu, wall }`. */
export function time(work) {
  const wall = performance.now();
  const before = cpuUsage();
  work();
  const { user, system } = cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - wall };
}
