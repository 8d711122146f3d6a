// What rows of lines have in common: their name, and what lights the ribbons.

/** What lights the ribbons of a row. */
export const lights = (state, key) => ({
  onMouseEnter: () => {
    state.lit.value = key;
  },
  onFocusCapture: () => {
    state.lit.value = key;
  },
  onBlurCapture: () => {
    state.lit.value = null;
  },
});

export function nameOf({ label, of }) {
  return of === undefined ? label : `${label} on ${of}`;
}

/** The key of the row in which all documents without a row of their own are together. */
export const OTHERS = "others";
