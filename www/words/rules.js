/** The rules by which an amount is spread over lines: what a person calls them, and what they do. */
export const RULES = {
  proration: { name: "proration", does: "Each line gets its share of what is open." },
  fifo: { name: "first in, first out", does: "One line after another, from the oldest." },
  lifo: { name: "last in, first out", does: "One line after another, from the newest." },
  sourceItem: {
    name: "the line it credits",
    does: "Each line of a memo goes to the line that it was made for; the rest by share.",
  },
  explicit: { name: "stated amounts", does: "You state what each line is paid." },
};
