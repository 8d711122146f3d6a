// Refusals in German, from the same fields that English is made of (`src/wire/english.rs`). It is part neither of the
// module nor of the package's main file: you import it from `setoff/locale/de`.
//
// A sentence has the names of figures in braces: `{most}`; `{id:quoted}` for what a request held; `{kind:word}` for a
// word that German says differently; `{choices:few}` for the first of a long list; `{most:Stelle|Stellen}` for the word
// that goes with a count; `{path}` for the field.

/** The problem that a code stands for. */
const PROBLEMS = {
  notInitialized: "Die Engine ist nicht bereit",
  engineFault: "Die Engine brach mit einem internen Fehler ab",
  bookFreed: "Das Buch wurde freigegeben",
  splitterFreed: "Der Splitter wurde freigegeben",
  resultReplaced: "Das Ergebnis wurde durch eine spätere Aufteilung ersetzt",
  unreadableValue: "Der Wert lässt sich nicht lesen",
  invalidType: "Der Wert hat den falschen Typ",
  invalidNumber: "Die Zahl ist keine ganze Zahl im zulässigen Bereich",
  invalidText: "Der Text ist kein wohlgeformtes Unicode",
  tooDeep: "Der Wert ist zu tief verschachtelt",
  tooLarge: "Die Anfrage ist zu groß",
  malformedRequest: "Die Anfrage ist fehlerhaft",
  unknownField: "Das Feld ist unbekannt",
  missingField: "Ein Feld fehlt",
  lengthMismatch: "Die Listen sind verschieden lang",
  invalidChoice: "Der Wert steht nicht zur Wahl",
  invalidId: "Die Kennung ist ungültig",
  invalidDate: "Das Datum ist kein Kalendertag",
  invalidDecimal: "Der Text ist keine Dezimalzahl",
  invalidCurrency: "Die Definition der Währung ist ungültig",
  invalidPeriod: "Der Zeitraum ist ungültig",
  invalidTerms: "Die Bedingungen passen nicht zusammen",
  unknownCurrency: "Die Währung ist unbekannt",
  unknownReasonCode: "Der Grund ist unbekannt",
  duplicateId: "Die Kennung ist schon vergeben",
  documentNotFound: "Es gibt kein solches Dokument",
  groupNotFound: "Es gibt keine solche Verrechnungsgruppe",
  itemNotFound: "Es gibt keine solche Position",
  duplicateEntry: "Derselbe Eintrag ist zweimal genannt",
  invalidStatus: "Der Status des Dokuments lässt das nicht zu",
  alreadySettled: "Vom Dokument ist etwas verrechnet, oder etwas hängt von ihm ab",
  accountMismatch: "Die Dokumente gehören zu verschiedenen Konten",
  currencyMismatch: "Die Dokumente haben verschiedene Währungen",
  kindMismatch: "Positionen werden mit Positionen verrechnet und Steuern mit Steuern",
  invalidItem: "Die Position lässt sich hier nicht verwenden",
  periodClosed: "Der Buchungszeitraum ist abgeschlossen",
  dateTooEarly: "Das Datum ist zu früh",
  limitExceeded: "Eine Grenze des Buches ist überschritten",
  tooManyDecimals: "Der Betrag hat mehr Nachkommastellen als seine Währung",
  outOfRange: "Der Wert liegt außerhalb des zulässigen Bereichs",
  offIncrement: "Der Betrag ist kein ganzes Vielfaches der kleinsten Stufe der Währung",
  invalidDiscount: "Der Rabatt passt nicht zu seiner Position",
  amountNotPositive: "Der Betrag ist nicht positiv",
  sumMismatch: "Die Positionen ergeben zusammen nicht den Betrag",
  allWeightsZero: "Alle Gewichte sind null",
  exceedsCaps: "Der Betrag ist höher, als die Obergrenzen erlauben",
  exceedsItem: "Der Betrag ist höher als der offene Betrag der Position",
  exceedsUnapplied: "Der Betrag ist höher als der nicht verrechnete",
  exceedsBalance: "Der Betrag ist höher als der offene Betrag",
  exceedsApplied: "Der Betrag ist höher als der verrechnete",
  exceedsAvailableToCredit: "Der Betrag ist höher, als gutgeschrieben werden kann",
  noSourceItem: "Der Betrag ist höher, als die Ursprungspositionen aufnehmen können",
  nothingToSettle: "Es gibt nichts zu verrechnen",
  invalidCursor: "Der Cursor gehört nicht hierher",
  invalidSnapshot: "Der Snapshot lässt sich nicht lesen",
  planMoved: "Das Buch hat sich seit dem Plan geändert",
};

/** What was needed and what was found, by reason; a third sentence says the whole where that is better. */
const REASONS = {
  // Operations.
  wrongStatus: ["{kind:word} im Status „{needed:word}“", "{kind:word} im Status „{status:word}“"],
  reversed: ["{kind:word}, nicht rückgängig gemacht", "rückgängig gemacht"],
  canceled: ["{kind:word}, nicht storniert", "storniert"],
  settledWithReversed: [
    "{kind:word}, nicht mit einem rückgängig gemachten Dokument verrechnet",
    "mit einem solchen verrechnet",
  ],
  notRevenue: [
    "{kind:word} mit Wirkung auf den Umsatz",
    "aus einer Ausbuchung ohne Wirkung auf den Umsatz",
  ],
  undoOfRefund: ["ein Vorgang, der nichts erstattet hat", "einer mit einer Erstattung"],
  undoOfUnapply: ["ein Vorgang, der etwas verrechnet hat", "einer, der etwas zurückgenommen hat"],
  settled: ["{kind:word}, von der nichts verrechnet ist", "{settled} verrechnet"],
  settledToZero: ["{kind:word}, von der nichts verrechnet ist", "Beträge, die einander aufheben"],
  hasHistory: [
    "{kind:word}, nie verrechnet, denn die Historie nennt die Zeilen",
    "eine mit Historie",
  ],
  refunded: ["{kind:word}, von der nichts erstattet ist", "{refunded} erstattet"],
  madeFrom: [
    "{kind:word}, aus der kein anderes Dokument entstanden ist",
    "{madeKind:word} {made:quoted}, daraus entstanden",
  ],
  autoApplyOfStandalone: [
    "eine Gutschrift, die aus einem anderen Dokument entstanden ist",
    "eine, die für sich steht",
  ],
  ruleNeedsItems: ["eine Regel, die keine Positionen braucht", "{rule:quoted}"],
  noTargets: ["mindestens eine Rechnung oder Belastung", "keine"],
  noTargetsWithItems: ["die Dokumente mit ihren Positionen, denn so will es die Regel", "keine"],
  noItems: ["mindestens eine Position", "keine"],
  noAmountToPay: ["der Betrag oder die bezahlten Dokumente", "keines von beiden"],
  noIdentifier: ["eine Kennung für das neue Dokument ({kind:word})", "keine"],
  noSourceOfItem: [
    "die Ursprungsposition der Position, denn ihre Steuerposition nennt einen Ursprung",
    "keine",
  ],
  noSourceDocument: [
    "das Dokument der Ursprungsposition, hier oder für den ganzen Befehl",
    "keines",
  ],
  noItemAmount: ["ein Betrag, denn die Position hat weder Ursprungsposition noch Preis", "keiner"],
  noTaxAmount: ["ein Betrag, denn die Steuerposition hat keinen Satz", "keiner"],
  noSuchDocument: ["die Kennung eines Dokuments des Buches ({kind:word})", "{id:quoted}"],
  noDocument: ["die Kennung eines Dokuments des Buches", "{id:quoted}"],
  noSuchGroup: ["die Kennung einer Verrechnungsgruppe des Buches", "{group:quoted}"],
  noSuchLine: ["die Kennung einer Zeile von {kind:word} {document:quoted}", "{line:quoted}"],
  noSuchItem: ["die Kennung einer Position von {document:quoted}", "{item:quoted}"],
  noSuchTaxItem: ["die Kennung einer Steuerposition der Ursprungsposition", "{taxItem:quoted}"],
  noItemOfSame: ["die Kennung einer Position desselben Dokuments", "{item:quoted}"],
  noLineOfDraft: ["die Kennung einer Zeile des Entwurfs", "{line:quoted}"],
  documentTwice: ["jedes Dokument einmal", "{id:quoted} zweimal"],
  linesTwice: ["jedes Paar von Zeilen einmal", "{source:quoted} und {target:quoted} zweimal"],
  lineTwice: ["jede Zeile einmal", "{line:quoted} zweimal"],
  otherAccount: ["ein Dokument des Kontos {needed:quoted}", "eines des Kontos {account:quoted}"],
  otherCurrency: ["ein Dokument in {needed}", "eines in {currency}"],
  itemForTaxItem: ["eine Steuerposition", "eine Position"],
  taxItemForItem: ["eine Position", "eine Steuerposition"],
  taxOnRounding: ["keine Steuern, denn dies ist eine Rundungsposition", "Steuern"],
  roundingIsAdded: [
    "eine andere Art, denn die Rundungsposition dieses Dokuments entsteht von selbst",
    "eine Rundungsposition",
  ],
  roundingAsSource: ["eine Position, die keine Rundungsposition ist", "eine Rundungsposition"],
  beforeLastChange: [
    "ein Datum ab dem {earliest}, dem Tag der letzten Änderung des Dokuments",
    "{date}",
  ],
  beforeLastSettled: [
    "ein Datum ab dem {earliest}, dem Tag der letzten Verrechnung oder Erstattung",
    "{date}",
  ],
  beforeDocument: ["ein Datum ab dem {earliest}, dem Datum des Dokuments ({kind:word})", "{date}"],
  beforeSource: ["ein Datum ab dem {earliest}, dem Datum von {source:quoted}", "{date}"],
  beforeCounterpart: ["ein Datum ab dem {earliest}, dem Datum des neuen Dokuments", "{date}"],
  paymentOutOfRange: ["Beträge, deren Summe im zulässigen Bereich liegt", "mehr"],
  rateFrom1: ["weniger als 1, denn 0.19 sind 19 %, oder allowTaxRateFrom1", "{rate}"],
  notBelowZero: ["weniger als null, denn die Zeile ist negativ", "{amount}"],
  memoBelowZero: ["{kind:word} über null oder mehr", "{amount}"],
  notSumOfItems: ["{sum}, die Summe der Positionen", "{amount}"],
  itemsOutOfRange: ["Positionen, deren Summe im zulässigen Bereich liegt", "mehr"],
  itemsNotAboveZero: ["Positionen, die zusammen mehr als null ergeben", "{sum}"],
  notPriced: ["{price}, die Menge mal dem Preis", "{amount}"],
  moreThanLineOpen: ["höchstens {most}, was auf der Zeile offen ist ({kind:word})", "{amount}"],
  sumBeyondLine: [
    "zwischen null und {open} von der Zeile, alle Positionen zusammen ({kind:word})",
    "{sum}",
  ],
  beyondLine: ["zwischen null und {open}, was auf der Zeile offen ist", "{amount}"],
  moreThanUnapplied: ["höchstens {most} der {unapplied}, die nicht verrechnet sind", "{amount}"],
  moreThanRefundable: ["höchstens {most}, was nicht verrechnet ist", "{amount}"],
  moreThanBalance: ["höchstens {most}", "{amount}"],
  itemsBeyondBalance: ["Positionen, die zusammen zwischen null und {open} ergeben", "{sum}"],
  moreThanApplied: ["höchstens {most}, was verrechnet ist", "{amount}"],
  moreThanAppliedBetween: [
    "zwischen null und {applied}, was zwischen diesen Zeilen verrechnet ist",
    "{amount}",
  ],
  moreThanAppliedOfLine: [
    "von keiner Zeile mehr, als von ihr verrechnet ist",
    "Zeilen mit beiden Vorzeichen",
  ],
  takenBackSince: [
    "ein Vorgang, von dem seither nichts zurückgenommen wurde",
    "einer, dem {later} folgte",
  ],
  noLongerApplied: ["{needed} zwischen zwei Zeilen, wie es verrechnet wurde", "{applied}"],
  moreThanSourceItems: [
    "höchstens {most}, was die Ursprungspositionen offen haben, oder eine Ausweichregel",
    "{amount}",
  ],
  moreThanAppliedBySource: [
    "höchstens {most}, was zwischen Ursprungspositionen verrechnet ist, oder eine Ausweichregel",
    "{amount}",
  ],
  noLinesPair: [
    "offene Zeilen, von denen die eine aus der anderen entstand, oder eine Ausweichregel",
    "keine",
  ],
  nothingToApply: [
    "etwas, das nicht verrechnet ist, und ein Dokument mit offenem Betrag",
    "nur eines davon oder keines",
  ],
  nothingApplied: ["ein verrechneter Betrag", "keiner"],
  nothingToRefund: ["ein Betrag, der nicht verrechnet ist", "keiner"],
  nothingToCollect: [
    "ein offener Betrag, und auf dem Konto etwas, das nicht verrechnet ist",
    "nur eines davon oder keines",
  ],
  nothingOpen: ["ein Dokument, von dem etwas offen ist", "nichts"],
  nothingToCredit: ["ein Dokument, von dem etwas gutgeschrieben werden kann", "nichts"],
  nothingOfItemToCredit: [
    "eine Position, von der etwas gutgeschrieben werden kann, oder ein Betrag",
    "nichts",
  ],
  nothingChanges: ["eine Änderung, die etwas gutschreibt oder berechnet", "keines von beiden"],

  // Guards, plans, documents and books.
  tooManyLines: ["weniger als 2³² Zeilen", "mehr"],
  tooManyDocuments: ["weniger als 2³² Dokumente", "mehr"],
  tooManyCommands: ["weniger als 2⁵³ Befehle", "mehr"],
  rulePairsLines: [
    "eines von {allowed:word}, denn die Zeilen treffen hier auf keine anderen",
    "„{rule:word}“",
  ],
  idMalformed: ["1 bis 255 Zeichen, darunter kein Steuerzeichen", "{id:quoted}"],
  nameMalformed: ["höchstens 255 Zeichen, darunter kein Steuerzeichen", "{name:quoted}"],
  currencyNotDefined: [
    "ein Code aus ISO 4217 oder einer, den das Buch festlegt",
    "{currency:quoted}",
  ],
  reasonCodeNotListed: ["einer der Gründe des Buches: {listed}", "{reasonCode:quoted}"],
  documentIdTaken: ["eine Kennung, die kein anderes Dokument des Buches hat", "{id:quoted}"],
  numberTaken: [
    "eine Nummer, die kein anderes Dokument dieser Art hat ({kind:word})",
    "{number:quoted}",
  ],
  lineIdTaken: [
    "eine Kennung, die keine andere Position oder Steuerposition des Dokuments hat",
    "{id:quoted}",
  ],
  currencyDefinedTwice: ["jede Währung einmal", "{currency:quoted} noch einmal"],
  dateInClosedPeriod: [
    "ein Datum nach dem {closedThrough}, dem Ende der abgeschlossenen Zeiträume",
    "{date}",
  ],
  beforePostedAgain: [
    "ein Datum ab dem {posted}, als wieder gebucht wurde ({kind:word})",
    "{date}",
  ],
  lessOpenEarlier: [
    "ein Datum ab dem {earliest}, denn an einem Tag davor ist weniger als dies offen",
    "{date}",
  ],
  aboveLimit: ["höchstens {most}, die Grenze `{limit:word}` des Buches", "{count}"],
  linesOutOfRange: [
    "Beträge, deren absolute Werte zusammen weniger als 2⁶³ kleinste Einheiten ergeben",
    "mehr",
  ],
  creditsOutOfRange: [
    "Gutschriften, die zusammen weniger als 2⁶³ kleinste Einheiten ergeben",
    "mehr",
  ],
  discountOfDiscount: ["eine Position, die kein Rabatt ist", "der Rabatt {item:quoted}"],
  discountAboveItem: [
    "ein Betrag zwischen null und {most}, der nichts von seiner Position übrig lässt",
    "{amount}",
  ],
  amountNotAboveZero: ["mehr als null", "{amount}"],
  moreThanDocument: [
    "höchstens {available}, was von {kind:word} {document:quoted} gutgeschrieben werden kann",
    "{amount}",
  ],
  moreThanLine: [
    "höchstens {available}, was von Zeile {line:quoted} gutgeschrieben werden kann",
    "{amount}",
  ],
  moreThanDiscountedItem: [
    "höchstens {available}, was von Position {item:quoted} nach ihren Rabatten gutgeschrieben werden kann",
    "{amount}",
  ],
  moreThanTaxes: [
    "höchstens {available}, was von den Steuern der Position {item:quoted} gutgeschrieben werden kann",
    "{amount}",
  ],
  othersExceedDocument: [
    "höchstens {most} von {kind:word} {document:quoted}, gutgeschrieben durch die anderen Gutschriften",
    "{others} ohne diese Gutschrift",
  ],
  othersExceedLine: [
    "höchstens {most} von Zeile {line:quoted}, gutgeschrieben durch die anderen Gutschriften",
    "{others} ohne diese Gutschrift",
  ],
  othersExceedDiscountedItem: [
    "höchstens {most} von Position {item:quoted} nach ihren Rabatten, gutgeschrieben durch die anderen Gutschriften",
    "{others} ohne diese Gutschrift",
  ],
  othersExceedTaxes: [
    "höchstens {most} von den Steuern der Position {item:quoted}, gutgeschrieben durch die anderen Gutschriften",
    "{others} ohne diese Gutschrift",
  ],
  snapshotForeign: ["die Bytes eines Snapshots", "andere Bytes"],
  snapshotTruncated: ["die Bytes eines Snapshots", "zu wenige Bytes"],
  snapshotFormatUnknown: ["ein Snapshot im Format {readable}", "Format {format}"],
  snapshotDamaged: ["die Bytes eines Snapshots", "Bytes, die nicht zu ihrer Prüfsumme passen"],
  snapshotInconsistent: ["die Bytes eines Snapshots", "Zahlen, die kein Buch haben kann"],

  // Money, calendar, splits, proration, bill runs, queries and the shape of requests.
  internalFault: ["ein widerspruchsfreies Buch", "{what}"],
  freedBook: ["ein Buch in Gebrauch", "ein freigegebenes"],
  freedSplitter: ["ein Splitter in Gebrauch", "ein freigegebener"],
  wrongType: ["{expected:word}", "{actual:word}"],
  numberOfWrongType: ["{expected:word}", "die Zahl {number}"],
  textOfWrongType: ["{expected:word}", "der Text {text:quoted}"],
  objectOfClass: ["{expected:word}", "ein Objekt der Klasse {class}, kein einfaches"],
  noWholeNumber: ["eine ganze Zahl von {least} bis {most}", "die Zahl {number}"],
  requestTooLarge: ["eine Anfrage, die in den Speicher passt", "eine größere"],
  tooManyPeriods: ["höchstens {most} {most:Zeitraum|Zeiträume}", "{periods}"],
  malformedBytes: ["die Bytes eines einzigen Wertes", "andere Bytes"],
  repeatedField: ["jedes Feld einmal", "{field:quoted} zweimal"],
  unknownField: [
    "eines von {known}",
    "{name:quoted}",
    "`{path}` ist hier kein Feld. Bekannt sind hier: {known}",
  ],
  misspeltField: [
    "eines von {known}",
    "{name:quoted}",
    "`{path}` ist hier kein Feld. Meinten Sie `{meant}`?",
  ],
  unknownFieldOfCommand: [
    "eines von {known}",
    "{name:quoted}",
    "`{path}` ist kein Feld von {command}. Dessen Felder: {known}",
  ],
  misspeltFieldOfCommand: [
    "eines von {known}",
    "{name:quoted}",
    "`{path}` ist kein Feld von {command}. Meinten Sie `{meant}`?",
  ],
  overlongField: ["eines von {known}", "{name:quoted}"],
  unknownRowField: ["eines von {known}", "{name:quoted}"],
  misspeltRowField: [
    "eines von {known}",
    "{name:quoted}",
    "`{path}`: {name:quoted} ist kein Feld dieser Zeilen. Meinten Sie `{meant}`?",
  ],
  twoFieldsForOne: ["`{other}` oder `{field}`, nicht beide", "beide"],
  endBesideEvery: ["ein Ende, denn `every` ergibt das andere", "beide Enden"],
  secondOrigin: ["ein Dokument, aus dem dieses entsteht", "ein weiteres in `{field}`"],
  fallbackUnread: ["die Regel sourceItem dazu", "eine andere Regel"],
  autoUnapplyBesideDocuments: [
    "keine Dokumente dazu, denn sie sagen, was zurückgenommen wird",
    "beides",
  ],
  nothingSpreadOverLines: [
    "ein Betrag dazu und keine Positionen, denn nichts wird auf Zeilen verteilt",
    "keiner",
  ],
  autoApplyWithoutOrigin: ["das Dokument dazu, aus dem dieses entsteht", "keines"],
  typeOfDiscount: ["kein appliedToItemId dazu, denn ein Rabatt hat keine andere Art", "beides"],
  matrixWithoutProration: ["proration als Regel oder als Ausweichregel", "eine andere Regel"],
  spreadWithoutDocuments: ["Dokumente dazu, denn nichts wird verrechnet", "keine"],
  spreadBesideItems: [
    "keine Positionen dazu, denn auf die anderen wird nichts verteilt",
    "Positionen",
  ],
  asOfUnread: ["nichts, denn diese Zeilen werden nicht nach Tagen geführt", "ein Tag"],
  monthsUnread: [
    "Bedingungen, die sie lesen: ein Raster von Monaten, Tage eines Monats oder ganze Monate",
    "andere Bedingungen",
  ],
  amountsWithoutPrice: [
    "`price` zusammen mit `{field}`, denn nur ein Preis hat Beträge",
    "kein Preis",
  ],
  billWithoutPlan: ["ein Plan, der vor der ersten Änderung läuft", "`{field}` ohne einen"],
  untilWithoutMoment: ["`at`, von dem an bis `until` der Plan ruht", "nur `until`"],
  billingDayOfDays: ["ein Zeitraum von Monaten", "ein Zeitraum von Tagen"],
  weekdayOfMonths: ["ein Zeitraum von Tagen", "ein Zeitraum von Monaten"],
  nothingFollows: ["fromDays oder fromShare, denen etwas folgen kann", "wholeMonths"],
  fieldMissing: ["das Feld `{field}`", "keines", "`{path}` fehlt"],
  oneFieldMissing: ["eines von {fields}", "keines"],
  noKinds: ["eine Art von Dokumenten oder keine Liste", "eine leere Liste"],
  nothingToCompare: ["ein Wert zum Vergleichen", "keiner"],
  monthsMissing: [
    "die Zahl der Monate, für die der Preis gilt, denn der Zeitraum ist keine ganze Zahl von Monaten",
    "keine",
  ],
  periodMissing: ["der Zeitraum der Leistung", "keiner"],
  momentWithoutPeriod: ["ein Zeitraum oder sein ungenutzter Teil", "nur der Zeitpunkt {at}"],
  endMissing: ["`end` oder `until`", "keines von beiden"],
  columnLength: ["{expected} {expected:Eintrag|Einträge}, so viele wie `prices` hat", "{count}"],
  noChoice: ["eines von {choices:few}", "{word:quoted}"],
  misspeltChoice: [
    "eines von {choices:few}",
    "{word:quoted}",
    "`{path}`: {word:quoted} steht hier nicht zur Wahl. Meinten Sie `{meant}`?",
  ],
  nestedBulk: ["ein beliebiger Befehl außer bulk", "bulk"],
  noDate: ["ein Kalendertag als JJJJ-MM-TT", "{text:quoted}"],
  noMoment: [
    "ein Tag als JJJJ-MM-TT oder ein Zeitpunkt als JJJJ-MM-TTThh:mm:ssZ oder mit einem Versatz wie +02:00",
    "{text:quoted}",
  ],
  noDecimal: [
    "Ziffern mit höchstens einem Minuszeichen und einem Punkt, ohne führende Nullen, nicht minus null",
    "{text:quoted}",
  ],
  tooManyDigits: ["höchstens {most} Ziffern", "{text:quoted}"],
  noFraction: [
    "eine Dezimalzahl oder zwei mit einem Schrägstrich dazwischen, etwa „15/31“",
    "{text:quoted}",
  ],
  noCurrencyCode: ["3 bis 8 Großbuchstaben oder Ziffern", "{code:quoted}"],
  scaleMissing: [
    "0 bis {most} Nachkommastellen",
    "keine Angabe für {code}, das in ISO 4217 nicht steht",
  ],
  scaleTooLarge: ["0 bis {most} Nachkommastellen", "{scale}"],
  invoiceRoundingAlone: ["ein invoiceIncrement, auf das gerundet wird", "nur {rounding}"],
  currencyIncrementNotPositive: ["mehr als null", "{increment}"],
  periodReversed: [
    "ein Ende, das nicht vor dem Anfang liegt, {from}",
    "{to}",
    "`{path}`: Das Ende ({to}) liegt vor dem Anfang ({from})",
  ],
  serviceDegenerate: [
    "eine Leistung, die eine Dauer hat und ihren Zeitraum nicht überschreitet",
    "eine andere",
  ],
  outsidePeriod: ["ein Zeitpunkt von {from} bis {to}", "{moment}"],
  changeTooEarly: ["ein Zeitpunkt, der nicht vor {last} liegt", "{at}"],
  changeTooLate: ["ein Zeitpunkt, der nicht nach {end} liegt, dem Ende des Zeitraums", "{at}"],
  unusedGrows: ["höchstens {last}, was zuvor ungenutzt war", "{unused}"],
  changeDuringPause: [
    "ein Zeitpunkt, der nicht vor {until} liegt, denn bis dahin ruht der Plan",
    "{at}",
  ],
  pauseReversed: [
    "ein Zeitpunkt, der nicht vor {at} liegt, dem Anfang der Pause",
    "{until}",
    "`{path}` ({until}) liegt vor dem Anfang der Pause ({at})",
  ],
  endsBeforeStart: [
    "ein Tag, der nicht vor dem Anfang liegt, {start}",
    "{date}",
    "`{path}` ({date}) liegt vor `start` ({start})",
  ],
  periodWithoutLength: ["eins oder mehr", "0"],
  factorAndRoundedRate: ["Tage, denn die Bedingungen runden einen Tagessatz", "ein Faktor"],
  unusedAndRoundedRate: ["ein Zeitpunkt, denn die Bedingungen runden einen Tagessatz", "{unused}"],
  roundedRateInColumns: ["keine bei Spalten", "ein gerundeter Satz"],
  noCellDays: ["ein Tag oder mehr", "0"],
  cellDaysOfMonths: ["actual, fixed oder strict30 bei einem Raster von Monaten", "etwas anderes"],
  unitWithMonths: ["day, wo Monate entscheiden", "{unit}"],
  countOfUnits: ["between, wo Zeit nicht in Tagen gezählt wird", "{count}"],
  roundedRateOfMonths: ["keine bei einem Raster von Monaten", "ein gerundeter Satz"],
  rateAndFactorRounded: ["keine, wo der Faktor gerundet wird", "beide"],
  leadingMonths: ["eine Regel für den Teil vor der ersten Grenze", "months"],
  timeWithMonths: ["etwas anderes als time bei einem Raster von Monaten", "time"],
  notIsoCurrency: ["ein Code aus ISO 4217", "{code:quoted}"],
  chargeIdTaken: ["eine Kennung, die kein anderer Posten hat", "{id:quoted}"],
  discountOnNothing: ["ein anderer Posten", "{id:quoted}"],
  repeatedRowField: ["jedes Feld einmal", "{field:quoted} noch einmal"],
  changeAfterTime: [
    "keine Änderung nach einer, die mit Zeit bezahlt wird, denn diese verschiebt das Ende des Zeitraums",
    "eine weitere",
  ],
  nothingPauses: ["ein Plan, der ruht", "keiner"],
  planRuns: ["kein Plan, der läuft", "einer, der läuft"],
  noPlanRuns: ["ein Plan, der läuft", "keiner"],
  changeInOtherCurrency: ["{stated:quoted}", "{currency:quoted}"],
  moreDecimals: [
    "höchstens {most} {most:Nachkommastelle|Nachkommastellen} für {currency}",
    "{amount}",
  ],
  amountTooLarge: ["höchstens {most}", "{amount}"],
  zeroDenominator: ["ein Nenner, der nicht null ist", "{text:quoted}"],
  tooManyIncrements: ["ein Betrag von weniger als 2⁶³ Schritten", "mehr"],
  incrementNotPositive: ["mehr als null", "{increment}"],
  periodDaysNotPositive: ["mehr als null", "{days}"],
  beyondFractions: ["Zeit und Preise, die 128 Bit genau fassen", "mehr"],
  taxRateTooHigh: ["weniger als 1, denn 0.19 sind 19 %, oder allowTaxRateFrom1", "{rate}"],
  quantityNegative: ["null oder mehr", "{quantity}"],
  unusedOutOfRange: ["ein Anteil von 0 bis 1", "{unused}"],
  billRunOutOfRange: ["Beträge im zulässigen Bereich", "mehr"],
  dayOutOfRange: ["ein Tag, dessen Verrechnungen sich summieren lassen", "{day}"],
  periodOutsideCalendar: ["ein Zeitraum von Jahr 1 bis 9999", "ein anderer"],
  offIncrement: ["ein Vielfaches von {increment} {currency}", "{amount}"],
  discountOnDiscount: ["ein Posten, der kein Rabatt ist", "ein Rabatt"],
  discountBeyondPlan: [
    "höchstens, was der Plan kostet, und mit dessen Vorzeichen: ein Anteil von 0 bis 1 oder ein Betrag bis dahin",
    "{discount}",
  ],
  belowZeroUnlikePrice: ["null oder mehr wie der Preis", "{amount}"],
  aboveZeroUnlikePrice: ["null oder weniger wie der Preis", "{amount}"],
  noCursor: ["ein Cursor einer Seite", "{text:quoted}"],
  cursorOfOtherQuery: ["ein Cursor eben dieser Abfrage: of, where, sort und asOf", "{text:quoted}"],
  cursorOfLaterVersion: [
    "ein Cursor dieses Buches, das bei Version {version} steht",
    "{text:quoted}",
  ],
  countUnread: ["eine Zelle aus Tagen, die so gezählt werden, wie sie sind", "andere Bedingungen"],
  gridDayUnread: ["Bedingungen, die Monate zählen", "andere Bedingungen"],
  wholeCellUnread: [
    "ein Raster von Monaten, die nicht ihre tatsächlichen Tage haben",
    "andere Bedingungen",
  ],
  wholeUnitsUnread: ["eine andere Einheit als Tage, die ganz sind", "Tage"],
  factorRoundingUnread: ["factorScale, das sagt, auf wie viele Nachkommastellen", "keines"],
  discountUnread: [
    "creditBase list, denn ein Anteil des Berechneten hat keinen eigenen Rabatt",
    "eine andere Grundlage",
  ],
  noWholeFloat: ["eine ganze Zahl innerhalb von ±2⁵³, nicht minus null", "eine andere Zahl"],
  beyondFloats: ["Zahlen innerhalb von ±2⁵³ oder Spalten von BigInts", "mehr"],

  // Those of the JavaScript side.
  engineNotReady: ["zuerst `await init()`", "keine Engine"],
  moduleNotLoaded: ["ein WebAssembly-Modul, das sich laden lässt", "{cause}"],
  callCutShort: ["ein Aufruf, der endet", "{cause}"],
  bookOfFault: ["ein Buch, das nach dem letzten Fehler angelegt wurde", "eines von davor"],
  splitterOfFault: ["ein Splitter, der nach dem letzten Fehler angelegt wurde", "einer von davor"],
  formerResult: ["das letzte Ergebnis", "ein früheres"],
  valueUnreadable: ["ein Wert, der sich lesen lässt", "ein Fehler: {cause}"],
  arrayDetached: ["ein Array, das sich lesen lässt", "ein abgetrenntes"],
  lengthUnreadable: ["die Länge einer Liste", "keine"],
  wrongArray: ["eines von {types}", "{actual:word}"],
  valueUndefined: ["ein Wert", "undefined"],
  planOfOther: ["ein Plan, den dieses Buch vorausberechnet hat", "etwas anderes"],
  noPlace: ["eine Stelle ab 0", "{place}"],
  amountTooWide: ["eine ganze Zahl von 64 Bit", "mehr"],
  loneSurrogate: ["wohlgeformtes Unicode", "ein einzelnes Surrogat"],
  tooManyLevels: ["höchstens {most} Ebenen", "mehr"],
  tooManyValues: ["höchstens {most} Werte", "mehr"],
  tooManyBytes: ["eine Anfrage von höchstens {most} Bytes", "mehr"],
  stackTooSmall: ["mehr vom Aufrufstapel", "ein Aufruf nahe an seinem Ende"],
};

/** Words that English and German say differently. */
const WORDS = {
  invoice: "Rechnung",
  creditMemo: "Gutschrift",
  debitMemo: "Belastung",
  payment: "Zahlung",
  refund: "Erstattung",
  draft: "Entwurf",
  posted: "gebucht",
  canceled: "storniert",
  object: "ein Objekt",
  text: "ein Text",
  decimalText: "eine Dezimalzahl als Text, etwa „12.30“",
  dateText: "ein Kalendertag als Text, etwa „2026-03-31“",
  boolean: "true oder false",
  wholeNumber: "eine ganze Zahl",
  list: "eine Liste",
  scalar: "ein Text, eine Zahl mit höchstens 28 Nachkommastellen, true, false oder null",
  function: "eine Funktion",
  symbol: "ein Symbol",
  bigint: "ein BigInt",
  string: "ein Text",
  number: "eine Zahl",
};

/** How many entries of a long list are shown. */
const FEW = 12;
/** How many letters of a long text are shown. */
const SHOWN = 40;

const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

const word = (name) => (has(WORDS, name) ? WORDS[name] : name);

/** A text in German quotation marks, shortened when it is long. */
function quoted(text) {
  const letters = [...String(text)];
  if (letters.length <= SHOWN) return `„${text}“`;
  return `„${letters.slice(0, SHOWN).join("")}…“ (${letters.length} Zeichen)`;
}

function list(entries, way) {
  const write = { word, quoted }[way] ?? String;
  if (way !== "few" || entries.length <= FEW) return entries.map(write).join(", ");
  return `${entries.slice(0, FEW).join(", ")} und ${entries.length - FEW} weitere`;
}

/** A figure in the way that a sentence asks for. */
function show(figure, way) {
  if (Array.isArray(figure)) return list(figure, way);
  if (way === "quoted") return quoted(figure);
  if (way === "word") return word(figure);
  if (!way?.includes("|")) return String(figure);
  const [one, many] = way.split("|");
  return figure === 1 ? one : many;
}

/** A sentence with its figures. */
function filled(sentence, path, figures) {
  const write = (gap, name, way) => {
    if (name === "path") return path;
    return has(figures, name) ? show(figures[name], way) : gap;
  };
  return sentence.replace(/\{(\w+)(?::([^}]*))?\}/g, write);
}

/**
 * What an error says, in German: `{ message, needed, found }`. Of a reason that this catalogue does not know, from a
 * newer version of the package, the problem is German and the rest as the error says it.
 */
export function wording({ code, path, details }) {
  const { reason, figures = {} } = details;
  const sentences = has(REASONS, reason ?? "") ? REASONS[reason] : undefined;
  const [needed, found, whole] = sentences?.map((text) => filled(text, path, figures)) ?? [
    details.needed,
    details.found,
  ];

  const problem = has(PROBLEMS, code) ? PROBLEMS[code] : code;
  const field = path === "" ? "" : `\`${path}\`: `;
  const message = whole ?? `${field}${problem}; erwartet: ${needed}; gefunden: ${found}`;
  return { message, needed, found };
}
