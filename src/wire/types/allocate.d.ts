// Splits of amounts, without a book.

/**
 * The methods of published libraries and systems, by name. Each gives their published figures; see
 * the README.
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

/** Every way to split, as values of one vocabulary. */
export interface AllocationMethod {
  /** How the first pass makes each exact share whole. `floor` and `ceiling` go by the sign; `up` is away from zero. */
  readonly firstPass: "down" | "up" | "floor" | "ceiling" | "halfUp" | "halfDown" | "halfEven";
  /**
   * Whether the first pass goes from the back: each gets its share of what is left, by the weights that are left, and
   * the first gets the rest. Nothing is left over then, and there are no caps.
   */
  readonly fromBack: boolean;
  /**
   * Who gets the units that the first pass leaves over, one each: those from whom it took most, those with the largest
   * weight, the first, or the last. `separate`: nobody, they stay unallocated; `separateBlocks`: so, and the first pass
   * gives whole multiples of the weights, so that all parts are in exact proportion.
   */
  readonly leftover:
    | "largestRemainder"
    | "largestWeight"
    | "first"
    | "last"
    | "separate"
    | "separateBlocks";
  /** Whether a negative amount is split as the mirror of its positive, or by the same steps as it is. */
  readonly mirror: boolean;
  /** Whether a zero weight may receive one of the units left over. */
  readonly zeroMayReceive: boolean;
  /** When all weights are zero: refuse, give everybody nothing, or split evenly. */
  readonly allZero: "refuse" | "zeros" | "even";
  /** Whether there may be no weights at all. */
  readonly allowEmpty: boolean;
  /** Whether weights may be negative. */
  readonly allowNegative: boolean;
  /** Whether an amount larger than the weights together is reduced to them. */
  readonly capTotal: boolean;
  /** Whether what exceeds all caps together stays unallocated instead of being refused. */
  readonly allowUnallocated: boolean;
  /** Whether nobody gets anything when the first pass gives nothing. */
  readonly abandonIfNothing: boolean;
}

/** What to split, over what, and how. */
export interface AllocateRequest {
  /** Zero, positive or negative. */
  readonly amount: DecimalInput;
  /** Only their proportions matter: `["1", "2"]` is `["0.5", "1.00"]`. */
  readonly weights: readonly DecimalInput[];
  /** The most that each weight may get: zero or more, as many as weights. Left out: no limit. */
  readonly caps?: readonly DecimalInput[];
  /**
   * Orders those who are equal otherwise, compared as text; as many as weights. Left out: as they
   * come.
   */
  readonly keys?: readonly string[];
  /**
   * The currency of the amount, so that `"10"` of it is split into cents; it says the least step of
   * a part.
   */
  readonly currency?: string | CurrencyDefinition;
  /**
   * The least step of a part, such as `"0.05"`; not beside a currency. Without either: one unit of
   * the amount's last decimal (`"5.00"`: `"0.01"`, but `"5"`: `"1"`).
   */
  readonly increment?: DecimalInput;
  /**
   * The name of a preset, or what differs from one. Left out: largest remainder, ties to the
   * earlier, a negative amount as the mirror of its positive, a zero weight never receives, no
   * weight but zeros is refused.
   */
  readonly method?:
    | AllocationPreset
    | (Partial<AllocationMethod> & { readonly preset?: AllocationPreset });
}

/** Something that you should know about a split that is right. */
export type AllocationNotice =
  /** All weights are zero; the amount was split evenly. */
  | { readonly code: "splitEvenly" }
  /** Nobody got this, as the method says: parts and this sum to the amount. */
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
  /** One for each weight, in their order, with the decimals of the increment. */
  readonly parts: readonly DecimalString[];
  /** What nobody got; zero by the default method. */
  readonly unallocated: DecimalString;
  /** How it was split, in full. */
  readonly method: AllocationMethod;
  readonly notices: readonly AllocationNotice[];
}

/** Why a part is what it is. */
export interface PartReason {
  readonly part: DecimalString;
  /** The exact share in increments, in lowest terms; from the back, of what is left. For a part at its cap: the cap. */
  readonly share: { readonly numerator: `${bigint}`; readonly denominator: `${bigint}` };
  /** What the first pass gave. */
  readonly firstPass: DecimalString;
  /** What came on top of that, or (negative for a positive amount) went off it. */
  readonly leftover: DecimalString;
  /** The rank for what was left over, from 1; `null` for who may not receive. */
  readonly rank: number | null;
  /** Whether the cap decided. */
  readonly capped: boolean;
  /** All this in English. */
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
 * Why the part at `place` (from 0) of a split is what it is. Takes the request and not the result, which is plain data
 * and so has no methods.
 *
 * ```js
 * explainAllocation({ amount: "90", weights: ["1", "1"], caps: ["10", "100"] }, 0).sentence;
 * // "Its share is more than its cap, so it gets its cap of 10."
 * ```
 *
 * Throws as {@link allocate} does, `invalidNumber` for what is no place, and `outOfRange` for a part that is not there.
 */
export function explainAllocation(request: AllocateRequest, place: number): PartReason;

/** A column of whole numbers: exact ones within ±2⁵³, or any of 64 bits. */
export type Column = Float64Array | BigInt64Array;

/** The columns of one split, or of many, one after another. */
export interface SplitterOptions<C extends Column> {
  /** In units of your choice, such as cents. */
  readonly weights: C;
  /** The most that each weight may get. Left out: no limit. */
  readonly caps?: C;
  /** Where the weights of each split end: `[3, 5]` are weights 0 to 2, and 3 and 4. Left out: one split over all. */
  readonly ends?: Uint32Array;
  /** As of {@link allocate}. */
  readonly method?: AllocateRequest["method"];
}

/** The parts of a split in columns. They stay in the engine until you read them, or until its splitter splits again. */
export interface ColumnParts<C extends Column> {
  /** How many parts there are. */
  readonly length: number;
  /** A copy of the parts from one place up to another; left out: all. */
  read(from?: number, to?: number): C;
  /** What nobody got of each amount. */
  unallocated(): C;
  /** Why the part at `place` is what it is, in whole units. */
  why(place: number): PartReason;
}

/**
 * Weights that are loaded into the engine once, and split over as often as you like. About 20 bytes a weight.
 *
 * ```js
 * const splitter = new Splitter({ weights: Float64Array.of(5000, 5000, 5000) });
 * splitter.split(4000).read(); // Float64Array [1334, 1333, 1333]
 * splitter.free(); // or `using`, or leave it to the garbage collector
 * ```
 */
export class Splitter<C extends Column = Column> {
  /** Throws `invalidNumber` for a float that is not whole, and as {@link allocate} does. */
  constructor(options: SplitterOptions<C>);
  /** How many weights there are. */
  readonly length: number;
  /**
   * Splits an amount for each split, all or none; one alone may be a number (or bigint). The result takes the place of
   * that before it, and so does a refusal: then there is none.
   */
  split(amounts: C | (C extends Float64Array ? number : bigint)): ColumnParts<C>;
  /** Gives the memory back. Every later call throws `splitterFreed`. */
  free(): void;
  /** The same as {@link Splitter.free}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Splits columns once: many amounts, each over weights of its own, or one over many weights.
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
