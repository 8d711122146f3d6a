// A page that keeps a book in this browser: an invoice, a payment, and what is open.
import { connect } from "./client.mjs";

const books = connect(new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" }));
const at = "2026-03-02";

await books.execute(
  "ACME",
  {
    ...{ type: "createInvoice", at, id: "INV-1", autoPost: true },
    items: [{ id: "1", amount: "100.00", taxItems: [{ id: "vat", name: "VAT", rate: "0.19" }] }],
  },
  { id: "invoice-1" }, // the same when the page is loaded again
);
const payment = { type: "createPayment", at, id: "PAY-1", amount: "60.00" };
await books.execute(
  "ACME",
  { ...payment, invoices: [{ invoiceId: "INV-1" }] },
  { id: "payment-1" },
);

const { rows } = await books.query("ACME", { of: "invoice" });
document.querySelector("output").textContent = `${rows[0].id} has ${rows[0].balance} open`;

const tooMuch = {
  type: "applyPayment",
  at,
  paymentId: "PAY-1",
  invoices: [{ invoiceId: "INV-1" }],
};
document.querySelector("p").textContent = await books.preview("ACME", tooMuch).then(
  () => "",
  (error) => error.details.sentence,
);
