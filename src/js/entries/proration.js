// What the entry `setoff/proration` exports: all that needs no book.
export {
  allocate,
  allocateColumns,
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
