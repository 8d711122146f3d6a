// What is copied are plain numbers: `-0.80`, not `−0.80`; a table is rows of cells.

export function listenToCopies() {
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || event.target?.closest?.("input, textarea")) return;
    event.clipboardData.setData("text/plain", plainText(selection.getRangeAt(0).cloneContents()));
    event.preventDefault();
  });
}

/** The text of a piece of the page, with amounts as the engine writes them. */
export function plainText(fragment) {
  for (const data of fragment.querySelectorAll("data[value]")) data.textContent = data.value;
  for (const hidden of fragment.querySelectorAll(".hidden, svg, [aria-hidden=true]"))
    hidden.remove();
  const rows = [...fragment.querySelectorAll("tr, [data-row]")];
  if (rows.length === 0) return fragment.textContent.trim();
  return rows
    .map((row) => [...row.querySelectorAll("th, td, [data-cell]")].map(cellText).join("\t"))
    .join("\n");
}

const cellText = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
