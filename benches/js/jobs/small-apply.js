// What a person waits for: previewing one memo on one invoice, and looking at where the money goes.
import { apply, creditMemo, invoice } from "../documents.js";
import { random, whole } from "../random.js";
import { loaded } from "./previews.js";

// So many that a branch predictor cannot learn them.
const PAIRS = 1024;

export const smallApply = {
  name: "small-apply",
  title: "memo of 3 lines to invoice of 5: preview, applications read (documents loaded before)",
  rounds: 70,
  sampleMs: 3,

  prepare(contenders) {
    const next = random(101);
    const commands = [];
    const requests = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const lines = Array.from({ length: 5 }, () => whole(next, 1_00, 500_00));
      const memo = Array.from({ length: 3 }, () => whole(next, 1_00, 500_00));
      const most = Math.min(
        ...[lines, memo].map((cents) => cents.reduce((total, amount) => total + amount)),
      );
      commands.push(invoice(`INV-${pair}`, lines), creditMemo(`CM-${pair}`, memo));
      requests.push(apply(`CM-${pair}`, [[`INV-${pair}`, whole(next, 1, most)]]));
    }
    return loaded(contenders, commands, requests, (plan) => plan.applications);
  },
};
