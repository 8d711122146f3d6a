// What the package exports: its entry for browsers and bundlers, and what the entry for Node passes on. The generated
// glue exports more, for the facade alone.
export {
  allocate,
  allocateColumns,
  Book,
  billingPeriod,
  explainAllocation,
  generateDocuments,
  init,
  isSetoffError,
  previewChange,
  prorate,
  prorateColumns,
  prorationPresets,
  SetoffError,
  Splitter,
  schedule,
} from "setoff-glue";
