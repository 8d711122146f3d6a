// Times contenders against each other in one process: interleaved, in a changing order, and as ratios of samples of the
// same round. A machine's speed drifts; what that does to all contenders of a round, ratios do not show.
import { time } from "./clock.js";

const WARM_UP_MS = 400;
const CLOCKS = ["cpu", "wall"];

/** Keeps results alive, so that nothing can be left out as unused. */
let sink;

/**
 * Times `contenders`, each `{ name, run(index) }`, or, where it times itself, `{ name, measure(calls, round) }`, which
 * answers the time of one call; the first is the base and runs a second time under another name. A
 * sample is as many calls as take about `sampleMs`, one index after another. Answers the base's time for a call in
 * milliseconds and a row for each other: by clock the quartiles of its time for a call in multiples of the base's.
 */
export function compare(contenders, { rounds, sampleMs, warmUpMs = WARM_UP_MS }) {
  const calls = contenders.map((contender) => warmUp(contender, sampleMs, warmUpMs));
  const [base, ...others] = contenders.map((contender, place) => ({
    ...contender,
    calls: calls[place],
  }));
  const field = [base, { ...base, name: `${base.name} again (control)` }, ...others];
  const samples = field.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const place of order(field.length, round))
      samples[place].push(sample(field[place], round));
  }
  sink = undefined;
  const byClock = (answer) => Object.fromEntries(CLOCKS.map((clock) => [clock, answer(clock)]));
  return {
    base: {
      name: base.name,
      ms: byClock((clock) => quartiles(samples[0].map((sample) => sample[clock]))),
    },
    rows: field.slice(1).map(({ name }, index) => ({
      name,
      isControl: index === 0,
      ratio: byClock((clock) =>
        quartiles(
          samples[index + 1].map((sample, round) => sample[clock] / samples[0][round][clock]),
        ),
      ),
    })),
  };
}

/** Runs until the compilers have done their work; answers how many calls take `sampleMs` then. */
function warmUp(contender, sampleMs, warmUpMs) {
  const end = performance.now() + warmUpMs;
  let calls = 1;
  for (let round = 0; performance.now() < end; round++) {
    const { wall } = sample({ ...contender, calls }, round);
    calls = Math.max(1, Math.round(sampleMs / wall));
  }
  return calls;
}

/** The times of one call, in the mean over a sample. */
function sample({ run, measure, calls }, round) {
  if (measure !== undefined) return measure(calls, round);
  const { cpu, wall } = time(() => {
    for (let call = 0; call < calls; call++) sink = run(round * calls + call);
  });
  return { cpu: cpu / calls, wall: wall / calls };
}

/**
 * Who comes when. What a contender leaves behind, such as garbage, its successor pays for; so everyone follows everyone
 * else equally often (a balanced Latin square): a zigzag through all places, begun one further each round, and every
 * other time around backwards, which an odd count needs.
 */
function order(count, round) {
  const zigzag = (step) => (step % 2 === 0 ? step / 2 : count - (step + 1) / 2);
  const places = Array.from({ length: count }, (_, step) => (zigzag(step) + round) % count);
  return Math.floor(round / count) % 2 === 0 ? places : places.reverse();
}

function quartiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const [lower, upper] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return lower + (upper - lower) * (place % 1);
  };
  return { q25: at(0.25), median: at(0.5), q75: at(0.75) };
}
