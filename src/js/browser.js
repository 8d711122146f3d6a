// The package's entry for browsers and bundlers: what the generated glue exports beside these serves the facade alone.
export {
  allocate,
  allocateColumns,
  Book,
  generateDocuments,
  init,
  isSetoffError,
} from "setoff-glue";
export { SetoffError, Splitter } from "setoff-glue";
export {
  billingPeriod,
  previewChange,
  prorate,
  prorateColumns,
  prorationPresets,
  schedule,
} from "setoff-glue";
