// What a user's program does with the package, in every kind of project: the same source, the same answers.

/** Uses the package's names and answers plain facts. Its text is put into projects, so it knows nothing around it. */
export async function useSetoff({ Book, init, isSetoffError, SetoffError }) {
  await init();
  const book = new Book({ currency: "USD" });
  const before = book.version;
  const invoice = book.execute({
    type: "createInvoice",
    id: "INV-1",
    at: "2026-03-01",
    autoPost: true,
    items: [{ id: "1", amount: "100", taxItems: [{ id: "1-VAT", amount: "19" }] }],
  });
  let error;
  try {
    book.execute({ type: "postInvoice", at: "2026-03-02", invoiceId: "INV-2" });
  } catch (thrown) {
    error = thrown;
  }
  const facts = {
    versions: [before, book.version],
    amount: invoice.document.amount,
    code: error.code,
    isError: [error instanceof Error, error instanceof SetoffError, isSetoffError(error)],
    isRestored: Book.restore(book.snapshot()).hash() === book.hash(),
    hash: book.hash(),
  };
  book.free();
  return facts;
}

/** What {@link useSetoff} answers, but for the hash, which must only be the same everywhere. */
export const FACTS = {
  versions: [0, 1],
  amount: "119.00",
  code: "documentNotFound",
  isError: [true, true, true],
  isRestored: true,
};
