// The window in which somebody brings an account: what opens it. Its code comes when it is first opened.
import { signal } from "@preact/signals";

/** Whether the window is open: `{ file }` of a file that was dropped on the page, `{}` without; `null`: closed. */
export const bringing = signal(null);

export function listenToDrops() {
  addEventListener("dragover", (event) => {
    if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (file === undefined) return;
    event.preventDefault();
    bringing.value = { file };
  });
}
