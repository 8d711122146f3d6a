/** What a program would send, and by what the state is known. */
export function Developers({ command, version, hash }) {
  return (
    <details class="developers">
      <summary>For developers</summary>
      {version !== null && (
        <dl class="facts">
          <dt>Version of the book</dt>
          <dd id="version">{version}</dd>
          <dt>Hash of its state</dt>
          <dd>
            <code id="hash">{hash}</code>
          </dd>
        </dl>
      )}
      {command === null ? (
        <p class="note">There is no command yet.</p>
      ) : (
        <>
          <p class="note">
            <code>book.preview(command)</code> answers with what is shown here;{" "}
            <code>book.commit(plan)</code> carries it out.
          </p>
          <pre id="command" tabIndex={0} aria-label="The command as JSON">
            {JSON.stringify(command, null, 2)}
          </pre>
        </>
      )}
    </details>
  );
}
