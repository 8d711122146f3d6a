/**
 * An element: `h("p", { class: "note", onclick }, "text", child)`. Attributes that are `false`, `null` or `undefined`
 * are left out, and so are such children. Strings become text nodes, so no value is ever read as HTML.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(isContent));
  return element;
}

/** A part that can be unfolded. What it holds is only made when it is open, since it may be long. */
export function fold({ id, className, summary, content }) {
  const details = h("details", { id, class: className }, h("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(content());
  });
  return details;
}

/** The element with this id, which the page is known to have. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Puts new content into a container. What the new content has under the same id stays as it was for the person at it:
 * the focus, the cursor in a text, unfolded details.
 */
export function replaceContent(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const cursor = focused?.selectionStart ?? null;
  const unfolded = [...container.querySelectorAll("details[open][id]")].map(
    (details) => details.id,
  );

  container.replaceChildren(...children.flat().filter(isContent));

  for (const details of unfolded.map(byId).filter((found) => found !== null)) {
    details.open = true;
    details.dispatchEvent(new Event("toggle")); // Its own comes later: what it holds would blink.
  }
  const successor = focused?.id ? byId(focused.id) : null;
  successor?.focus();
  if (cursor !== null) successor?.setSelectionRange(cursor, cursor);
}

function isContent(child) {
  return child !== false && child !== null && child !== undefined;
}
