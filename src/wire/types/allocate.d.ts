// Splits of amounts, without a book.

/**
 * The methods of published libraries and systems, by name. Each gives the figures that its library
 * or system publishes.
 */
export type AllocationPreset =
  | "default"
  | "openMeter"
  | "polarFixedDiscount"
  | "dinero"
  | "moneyPhp"
  | "rubyMoney"
  | "goMoney"
  | "rustyMoney"
  | "vendure"
  | "syliusProportional"
  | "fowler"
  | "numscript"
  | "brickFloorToFirst"
  | "brickFloorToLargestRatio"
  | "brickFloorSeparate"
  | "brickBlockSeparate";

/** A method of splitting, in full. All methods are combinations of these values. */
export interface AllocationMethod {
  /**
   * How the first pass rounds each exact share to a whole number of increments. `down` rounds toward zero and `up` away
   * from zero, while `floor` and `ceiling` go by the sign.
   */
  readonly firstPass: "down" | "up" | "floor" | "ceiling" | "halfUp" | "halfDown" | "halfEven";
  /**
   * Whether the first pass goes from the last weight to the first. Each weight then gets its share of what is not split
   * yet, by the weights that have nothing yet, and the first weight gets the rest. Nothing is left over then, and there
   * are no caps.
   */
  readonly fromBack: boolean;
  /**
   * Which weights get the units that the first pass leaves over, one unit each.
   *
   * - `largestRemainder`: those that lost most to rounding.
   * - `largestWeight`: the largest weights.
   * - `first`, `last`: in their order from the first, or from the last.
   * - `separate`: none. The units stay unallocated.
   * - `separateBlocks`: none either. The first pass gives whole multiples of the weights, so all parts are in exact
   *   proportion.
   */
  readonly leftover:
    | "largestRemainder"
    | "largestWeight"
    | "first"
    | "last"
    | "separate"
    | "separateBlocks";
  /**
   * Whether a negative amount is split as the mirror of the positive one. If not, it is split by the same steps as it
   * is.
   */
  readonly mirror: boolean;
  /** Whether a weight of zero may get one of the leftover units. */
  readonly zeroMayReceive: boolean;
  /** What happens if all weights are zero: the split is refused, all parts are zero, or the amount is split evenly. */
  readonly allZero: "refuse" | "zeros" | "even";
  /** Whether the list of weights may be empty. */
  readonly allowEmpty: boolean;
  /** Whether weights may be negative. */
  readonly allowNegative: boolean;
  /** Whether an amount that is larger than the sum of the weights is reduced to that sum. */
  readonly capTotal: boolean;
  /** Whether an amount beyond all caps together stays unallocated. If not, it is refused. */
  readonly allowUnallocated: boolean;
  /** Whether all parts are zero if the first pass gives nothing to any weight. */
  readonly abandonIfNothing: boolean;
}

/** The amount to split, the weights, and the method. */
export interface AllocateRequest {
  /** The amount: zero, positive or negative. */
  readonly amount: DecimalInput;
  /** The weights. Only their proportions matter: `["1", "2"]` splits like `["0.5", "1.00"]`. */
  readonly weights: readonly DecimalInput[];
  /**
   * The largest part of each weight: zero or more, one cap for each weight. Of a negative amount
   * they limit the size of each part. If the method does not mirror it, they are refused
   * (`unknownField`). Default: no limit.
   */
  readonly caps?: readonly DecimalInput[];
  /**
   * Texts that decide ties, one for each weight: the lesser text comes first. Default: the order of
   * the weights.
   */
  readonly keys?: readonly string[];
  /**
   * The currency of the amount. It sets the smallest step of a part, so `"10"` dollars are split
   * into cents.
   */
  readonly currency?: string | CurrencyDefinition;
  /**
   * The smallest step of a part, such as `"0.05"`. You cannot state it together with a currency.
   * Default, without a currency: one unit of the last decimal of the amount, which is `"0.01"` for
   * `"5.00"` but `"1"` for `"5"`.
   */
  readonly increment?: DecimalInput;
  /**
   * The name of a preset, or the differences from one. Default: the leftover units go to the
   * largest remainders, and ties to the earlier weight. A negative amount is split as the mirror of
   * the positive one. A weight of zero never gets a unit, and if all weights are zero, the split is
   * refused.
   */
  readonly method?:
    | AllocationPreset
    | (Partial<AllocationMethod> & { readonly preset?: AllocationPreset });
}

/** Something that you should know about a split that is right. */
export type AllocationNotice =
  /** All weights are zero, and the amount was split evenly. */
  | { readonly code: "splitEvenly" }
  /** By the method, no weight got this amount. The parts and this amount sum to the amount of the request. */
  | {
      readonly code: "unallocated";
      readonly amount: DecimalString;
      readonly because:
        | "separate"
        | "abandoned"
        | "overWeights"
        | "overCaps"
        | "allZero"
        | "noWeights";
    };

/** A split amount, as plain data. */
export interface Allocation {
  /** The parts, one for each weight in their order, with the decimals of the increment. */
  readonly parts: readonly DecimalString[];
  /** The amount that no weight got. With the default method, zero. */
  readonly unallocated: DecimalString;
  /** The method of the split, in full. */
  readonly method: AllocationMethod;
  /** What you should know about the split; usually empty. */
  readonly notices: readonly AllocationNotice[];
}

/** The reason for one part. */
export interface PartReason {
  /** The part. */
  readonly part: DecimalString;
  /**
   * The exact share in increments, as a fraction in lowest terms. With `fromBack`, the share of what was not split yet.
   * If the cap decided, the cap.
   */
  readonly share: { readonly numerator: `${bigint}`; readonly denominator: `${bigint}` };
  /** The amount from the first pass. */
  readonly firstPass: DecimalString;
  /** The amount that was added after the first pass. Negative for a positive amount: it was taken off. */
  readonly leftover: DecimalString;
  /** The rank of the weight for the leftover units, from 1; `null` if the weight may not get any. */
  readonly rank: number | null;
  /** Whether the cap decided. */
  readonly capped: boolean;
  /** The reason as an English sentence. */
  readonly sentence: string;
}

/**
 * Splits an amount so that the parts sum to it exactly.
 *
 * ```js
 * allocate({ amount: "100.00", weights: ["1", "1", "1"] }).parts; // ["33.34", "33.33", "33.33"]
 * allocate({ amount: "-0.05", weights: ["1", "1"], method: "dinero" }).parts; // ["-0.03", "-0.02"]
 * ```
 *
 * Throws `missingField` without weights, `lengthMismatch`, `outOfRange` (negative weights or caps; amounts of 2⁶³ units of
 * their last decimal), `offIncrement`, `allWeightsZero`, `exceedsCaps`.
 */
export function allocate(request: AllocateRequest): Allocation;

/**
 * Explains the part at the index `place`, from 0, of a split. It takes the request, because the result is plain data
 * without methods.
 *
 * ```js
 * explainAllocation({ amount: "90", weights: ["1", "1"], caps: ["10", "100"] }, 0).sentence;
 * // "Its share is more than its cap, so it gets its cap of 10."
 * ```
 *
 * Throws the errors of {@link allocate}; `invalidNumber` if `place` is not an index; `outOfRange` if there is no part
 * at this index.
 */
export function explainAllocation(request: AllocateRequest, place: number): PartReason;

/** A column of whole numbers: a `Float64Array`, exact within ±2⁵³, or a `BigInt64Array` of 64 bits. */
export type Column = Float64Array | BigInt64Array;

/** The columns of one split, or of many splits one after another. */
export interface SplitterOptions<C extends Column> {
  /** The weights, as whole numbers in units of your choice, such as cents. */
  readonly weights: C;
  /** The largest part of each weight. Default: no limit. */
  readonly caps?: C;
  /**
   * The index at which the weights of each split end. `[3, 5]` makes two splits: of the weights 0 to 2, and of the
   * weights 3 and 4. Default: one split over all weights.
   */
  readonly ends?: Uint32Array;
  /** The method; see {@link AllocateRequest}. */
  readonly method?: AllocateRequest["method"];
}

/**
 * The parts of a split, as columns. They stay in the engine until you read them, or until the splitter splits again.
 */
export interface ColumnParts<C extends Column> {
  /** The number of parts. */
  readonly length: number;
  /** Copies the parts from the index `from` up to, and without, `to`. Default: all. */
  read(from?: number, to?: number): C;
  /** Copies the amount of each split that no weight got. */
  unallocated(): C;
  /** Explains the part at the index `place`, in whole units. */
  why(place: number): PartReason;
}

/**
 * Weights that you load into the engine once and use for many splits. A weight takes about 20 bytes.
 *
 * ```js
 * const splitter = new Splitter({ weights: Float64Array.of(5000, 5000, 5000) });
 * splitter.split(4000).read(); // Float64Array [1334, 1333, 1333]
 * splitter.free(); // or `using`, or leave it to the garbage collector
 * ```
 */
export class Splitter<C extends Column = Column> {
  /** Loads the weights. Throws `invalidNumber` for a float that is not whole, and the errors of {@link allocate}. */
  constructor(options: SplitterOptions<C>);
  /** The number of weights. */
  readonly length: number;
  /**
   * Splits one amount for each split, all or none. For a single split, the amount may be a number (or bigint). Each
   * call ends the previous result, even if the call is refused: reading it then throws `resultReplaced`.
   */
  split(amounts: C | (C extends Float64Array ? number : bigint)): ColumnParts<C>;
  /** Frees the memory of the splitter. Every later call throws `splitterFreed`. */
  free(): void;
  /** The same as {@link Splitter.free}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Splits columns once: many amounts with weights of their own, or one amount over many weights.
 *
 * ```js
 * // 100 over 1, 1, 1 and -5 over 3, 7.
 * allocateColumns({
 *   amounts: BigInt64Array.of(100n, -5n),
 *   weights: BigInt64Array.of(1n, 1n, 1n, 3n, 7n),
 *   ends: Uint32Array.of(3, 5),
 * }).parts; // BigInt64Array [34n, 33n, 33n, -2n, -3n]
 * ```
 */
export function allocateColumns<C extends Column>(
  request: SplitterOptions<C> & {
    readonly amounts: C | (C extends Float64Array ? number : bigint);
  },
): { readonly parts: C; readonly unallocated: C };
