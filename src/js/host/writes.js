/** Refuses writes that name an account twice: which of their entries come first, nothing says. */
export function checkAccounts(writes) {
  const accounts = new Set(writes.map(({ account }) => account));
  if (accounts.size < writes.length)
    throw new TypeError("Each account is written to once: its entries belong into one list.");
}
