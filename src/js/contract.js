// What both halves of the boundary know. A test writes it from `src/wire/contract.rs`: change that.
export const NULL = 0;
export const FALSE = 1;
export const TRUE = 2;
export const WHOLE = 3;
export const TEXT = 4;
export const LIST = 5;
export const OBJECT = 6;
export const NUMBER = 7;
export const FOREIGN = 8;
export const DEPTH = 32;
export const NAMES = 63;
export const HEAD = 5;
export const SETTLEMENT = 2;
export const APPLICATION = 5;
export const ITEM = 4;
export const NARROW_ITEM = 2;
export const DOCUMENT = 6;
export const LINE = 5;
export const NARROW_LINE = 3;
export const SPLIT_HEAD = 9;
export const NARROW_ITEMS = 1;
export const NARROW_LINES = 2;
export const CREATED = 2147483648;
export const KINDS = ["invoice", "creditMemo", "debitMemo", "payment", "refund"];
export const RULES = ["proration", "fifo", "lifo", "sourceItem", "explicit", "mirror"];
export const UNALLOCATED_REASONS = [
  "separate",
  "abandoned",
  "overWeights",
  "overCaps",
  "allZero",
  "noWeights",
];
export const FIRST_PASSES = ["down", "up", "floor", "ceiling", "halfUp", "halfDown", "halfEven"];
export const LEFTOVERS = [
  "largestRemainder",
  "largestWeight",
  "first",
  "last",
  "separate",
  "separateBlocks",
];
export const ALL_ZEROS = ["refuse", "zeros", "even"];
export const METHOD_FLAGS = [
  "fromBack",
  "mirror",
  "zeroMayReceive",
  "allowEmpty",
  "allowNegative",
  "capTotal",
  "allowUnallocated",
  "abandonIfNothing",
];
