// The page's side: functions that ask the worker and wait for its answer.

export function connect(worker) {
  const waiting = new Map();
  let calls = 0;
  worker.addEventListener("message", ({ data: { call, answer, refusal } }) => {
    const { resolve, reject } = waiting.get(call);
    waiting.delete(call);
    if (refusal === undefined) resolve(answer);
    else reject(Object.assign(new Error(refusal.message), refusal));
  });
  const ask =
    (task) =>
    (...inputs) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        worker.postMessage({ call: calls, task, inputs });
      });
  return { execute: ask("execute"), preview: ask("preview"), query: ask("query") };
}
