import { h, replaceContent } from "../dom.js";
import { money, shortHash } from "../format.js";

/** What was done to the book, newest first. A state that was there before says so: that is what unapplying is for. */
export function drawHistory(tbody, history) {
  replaceContent(
    tbody,
    history.toReversed().map((entry) => {
      const first = history.find((earlier) => earlier.hash === entry.hash);
      return h(
        "tr",
        {},
        h("td", {}, String(entry.version)),
        h("th", { scope: "row" }, entry.what),
        h("td", { class: "figure" }, entry.amount === null ? "" : money(entry.amount)),
        h(
          "td",
          {},
          entry.applicationGroupId === null ? "" : h("code", {}, entry.applicationGroupId),
        ),
        h(
          "td",
          {},
          h("code", { title: entry.hash }, shortHash(entry.hash)),
          first !== entry && h("span", { class: "tag" }, `as at version ${first.version}`),
        ),
      );
    }),
  );
}
