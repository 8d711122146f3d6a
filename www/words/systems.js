// The presets of proration by the names of their systems, and how each counts: what its terms are in the engine.

/** `isClosed`: a period is written with its last day, and not with the day after it. */
const preset = (system, how, isClosed = false) => ({ system, how, isClosed });

export const SYSTEMS = {
  default: preset("setoff", "by the day"),
  zuoraActualMonthFirst: preset("Zuora", "months first, then days of the calendar", true),
  zuora30: preset("Zuora", "30 days a month", true),
  zuoraStrict30: preset("Zuora", "strictly 30 days a month", true),
  zuoraActualByDay: preset("Zuora", "by the day of the calendar", true),
  zuora30ByDay: preset("Zuora", "by the day, 30 days a month", true),
  zuoraChargeFullPeriod: preset("Zuora", "the full period", true),
  stripe: preset("Stripe", "to the second"),
  stripeNone: preset("Stripe", "no proration"),
  chargebeeMillisecond: preset("Chargebee", "to the millisecond"),
  chargebeeDay: preset("Chargebee", "by the day", true),
  recurly: preset("Recurly", "to the second"),
  maxio: preset("Maxio", "to the second, as one line"),
  paddle: preset("Paddle", "to the minute"),
  killBill: preset("Kill Bill", "by the day, nine decimals"),
  killBillFixed30: preset("Kill Bill", "30 days a month"),
  lago: preset("Lago", "by the day", true),
  openMeter: preset("OpenMeter", "to the second"),
  flexpriceDay: preset("Flexprice", "by the day, both ends count"),
  flexpriceSecond: preset("Flexprice", "to the second"),
  meteroid: preset("Meteroid", "by the day"),
  polar: preset("Polar", "to the second, halves to even"),
  oracleActual: preset("Oracle", "days of the calendar", true),
  oracleFixed30: preset("Oracle", "30 days a month", true),
  dailyRate3: preset("AppXite", "a daily rate of three decimals"),
};
