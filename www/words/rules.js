/** The rules by which an amount is spread over lines: what a person calls them, and what they do. */
export const RULES = {
  proration: { name: "proration", does: "Each line gets its share of what is open." },
  fifo: {
    name: "first in, first out",
    does: "Lines are paid one after another, the oldest first.",
  },
  lifo: { name: "last in, first out", does: "Lines are paid one after another, the newest first." },
  sourceItem: {
    name: "the line it credits",
    does: "Each credit line pays the line that it was made for. The rest is spread by share.",
  },
  explicit: { name: "stated amounts", does: "You state what each line is paid." },
};
