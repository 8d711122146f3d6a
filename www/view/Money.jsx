import { isNegative, shown, signed } from "../words/amount.js";

/** An amount as the visitor writes numbers. It is copied as the engine writes it. */
export function Money({ amount, withSign = false, class: className = "" }) {
  const classes = `money ${isNegative(amount) ? "below" : ""} ${className}`;
  return (
    <data class={classes.trim()} value={amount}>
      {withSign ? signed(amount) : shown(amount)}
    </data>
  );
}

/** What was open, and is open then. */
export function Move({ before, after }) {
  return (
    <span class="move">
      <Money amount={before} class="was" />
      <span class="arrow" role="img" aria-label="becomes">
        {" → "}
      </span>
      <Money amount={after} />
    </span>
  );
}
