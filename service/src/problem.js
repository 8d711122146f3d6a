/** What whoever runs the service can mend: it is told without a stack. */
export class Problem extends Error {}
