// Refusals and explanations in German, from the same fields that English is made of (`src/wire/english.rs`). It is part
// neither of the module nor of the package's main file: you import it from `setoff/locale/de`.
//
// A sentence has the names of figures in braces: `{most}`; `{id:quoted}` for what a request held; `{meant:code}` for what
// to write in a request; `{kind:word}` for a word that German says differently; `{choices:few}` for the first of a long
// list; `{most:Stelle|Stellen}` for the word that goes with a count; `{path}` for the field.
//
// Amounts and other numbers have every digit of the figure, and a decimal comma. What a request held, or should hold,
// keeps its point.

/** The problem that a code stands for, for reasons that this catalogue does not know. */
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
  commandIdReused: "Ein anderer Befehl hat diese Kennung",
  versionMismatch: "Das Buch hat eine andere Version",
  unknownCurrency: "Die Währung ist unbekannt",
  unknownReasonCode: "Der Grund ist unbekannt",
  duplicateId: "Die Kennung ist schon vergeben",
  entryNotFound: "Diese Einträge des Protokolls sind hier nicht vorhanden",
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
  exceedsUnapplied: "Der Betrag ist höher als das offene Guthaben",
  exceedsBalance: "Der Betrag ist höher als der offene Betrag",
  exceedsApplied: "Der Betrag ist höher als der verrechnete",
  exceedsAvailableToCredit: "Der Betrag ist höher, als gutgeschrieben werden kann",
  noSourceItem: "Der Betrag ist höher, als die Ursprungspositionen aufnehmen können",
  nothingToSettle: "Es gibt nichts zu verrechnen",
  invalidCursor: "Der Cursor gehört nicht hierher",
  invalidSnapshot: "Der Snapshot lässt sich nicht lesen",
  invalidExport: "Der Export lässt sich nicht lesen",
  entryMismatch: "Der Eintrag passt nicht zum Protokoll",
  planMoved: "Das Buch hat sich seit dem Plan geändert",
};

/** A sentence for every reason, with the figures that decided. */
const REASONS = {
  // Operations.
  wrongStatus:
    "Der Status dieser {kind:word} ist „{status:word}“. Dafür muss er „{needed:word}“ sein.",
  reversed: "Diese {kind:word} wurde rückgängig gemacht, daher geht das nicht mehr.",
  canceled: "Diese {kind:word} wurde storniert, daher geht das nicht mehr.",
  settledWithReversed:
    "Diese {kind:word} ist mit einem rückgängig gemachten Dokument verrechnet. Diese Verrechnung muss bleiben.",
  notRevenue:
    "Diese {kind:word} entstand durch eine Ausbuchung und wirkt nicht auf den Umsatz, daher lässt sie sich nicht ausbuchen.",
  undoOfRefund:
    "Dieser Vorgang hat die Erstattung {refund:quoted} ausgelöst und lässt sich nicht zurücknehmen. Stornieren Sie stattdessen die Erstattung.",
  undoOfWriteOff:
    "Dieser Vorgang hat etwas ausgebucht und lässt sich nicht zurücknehmen. Annullieren Sie stattdessen die {kind:word} {document:quoted}.",
  undoOfUnapplyInPart:
    "Dieser Vorgang hat selbst etwas zurückgenommen, daher lässt er sich nur als Ganzes zurücknehmen, ohne Positionen.",
  settled: "Von dieser {kind:word} sind bereits {settled} verrechnet.",
  settledWithoutRest:
    "Von dieser Gutschrift sind bereits {settled} verrechnet. Um den Rest auszubuchen, geben Sie `rest: true` an.",
  settledToZero:
    "Zeilen dieser {kind:word} sind bereits verrechnet, mit Beträgen, die einander aufheben.",
  hasHistory:
    "Diese {kind:word} wurde schon einmal verrechnet. Ihre Daten und Zeilen müssen bleiben, denn die Historie baut auf ihnen auf.",
  settledElsewhere:
    "Von dieser {kind:word} waren {settled} schon verrechnet, bevor sie ins Buch kam. Das lässt sich hier nicht zurücknehmen.",
  refunded: "Von dieser {kind:word} sind bereits {refunded} erstattet.",
  madeFrom:
    "Stornieren oder löschen Sie zuerst die {madeKind:word} {made:quoted}, denn sie entstand aus dieser {kind:word}.",
  autoApplyOfStandalone:
    "Diese Gutschrift entstand aus keinem anderen Dokument, daher gibt es nichts, womit sie zu verrechnen wäre.",
  ruleNeedsItems:
    "Die Regel {rule:quoted} braucht angegebene Positionen, und hier lassen sich keine angeben.",
  settledByOther:
    "Diese {kind:word} kann vorher nur so verrechnet worden sein: {allowed:word}. Angegeben ist „{by:word}“.",
  noTargets: "Mindestens eine Rechnung oder Belastung muss genannt sein.",
  noSources: "Mindestens eine Gutschrift oder Zahlung muss genannt sein.",
  noTargetsWithItems:
    "Die Regel `explicit` braucht die Dokumente mit ihren Positionen, und es sind keine genannt.",
  noItems: "Mindestens eine Position ist nötig.",
  noAmountToPay: "Entweder der Betrag oder die bezahlten Dokumente müssen angegeben sein.",
  noIdentifier: "Die {kind:word}, die dieser Befehl anlegt, braucht eine Kennung.",
  noSourceOfItem:
    "Die Steuerposition nennt einen Ursprung, daher muss auch ihre Position eine Ursprungsposition nennen.",
  noSourceDocument:
    "Die Position nennt eine Ursprungsposition, daher muss deren Dokument genannt sein: hier oder für den ganzen Befehl.",
  noItemAmount:
    "Ein Betrag ist nötig, denn die Position hat weder eine Ursprungsposition noch einen Preis.",
  noTaxAmount: "Ein Betrag ist nötig, denn die Steuerposition hat keinen Satz.",
  noSuchDocument: "Im Buch gibt es keine {kind:word} {id:quoted}.",
  noSuchSource: "Im Buch gibt es keine Gutschrift oder Zahlung {id:quoted}.",
  noDocument: "Im Buch gibt es kein Dokument {id:quoted}.",
  numberOfSeveral:
    "Dokumente verschiedener Art haben die Nummer {number:quoted}, deshalb ist hier die Kennung nötig.",
  noSuchGroup: "Im Buch gibt es keine Verrechnungsgruppe {group:quoted}.",
  noSuchApplication:
    "Die Verrechnungsgruppe {group:quoted} hat vom Dokument {document:quoted} nichts bewegt.",
  notOfOperation:
    "Die Verrechnungsgruppe {group:quoted} hat von der Zeile {line:quoted} nichts bewegt.",
  noSuchLine: "Die {kind:word} {document:quoted} hat keine Zeile {line:quoted}.",
  noSuchItem: "Das Dokument {document:quoted} hat keine Position {item:quoted}.",
  noSuchTaxItem: "Die Ursprungsposition hat keine Steuerposition {taxItem:quoted}.",
  noItemOfSame: "Dieses Dokument hat keine Position {item:quoted}.",
  noLineOfDraft: "Der Entwurf hat keine Zeile {line:quoted}.",
  documentTwice: "Das Dokument {id:quoted} ist zweimal genannt.",
  linesTwice: "Das Paar der Zeilen {source:quoted} und {target:quoted} ist zweimal genannt.",
  lineTwice: "Die Zeile {line:quoted} ist zweimal genannt.",
  otherAccount:
    "Das Dokument gehört zum Konto {account:quoted}, die anderen aber zum Konto {needed:quoted}.",
  otherCurrency: "Das Dokument lautet auf {currency}, die anderen aber auf {needed}.",
  itemForTaxItem:
    "Dies ist eine Position, nötig ist aber eine Steuerposition: Steuern werden mit Steuern verrechnet und Positionen mit Positionen.",
  taxItemForItem:
    "Dies ist eine Steuerposition, nötig ist aber eine Position: Steuern werden mit Steuern verrechnet und Positionen mit Positionen.",
  taxOnRounding: "Eine Rundungsposition hat keine Steuern.",
  roundingIsAdded:
    "Die Rundungsposition dieses Dokuments entsteht von selbst und lässt sich nicht angeben.",
  roundingAsSource: "Eine Rundungsposition kann nicht der Ursprung einer anderen Position sein.",
  beforeLastChange:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Tag der letzten Änderung dieses Dokuments. Es ist der {date}.",
  beforeLastSettled:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Tag der letzten Verrechnung oder Erstattung. Es ist der {date}.",
  beforeUndone:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Datum des Vorgangs, der zurückgenommen wird. Es ist der {date}.",
  beforeDocument:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Datum der {kind:word}. Es ist der {date}.",
  beforeSource:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Datum von {source:quoted}. Es ist der {date}.",
  beforeCounterpart:
    "Das Datum darf nicht vor dem {earliest} liegen, dem Datum des neuen Dokuments. Es ist der {date}.",
  paymentOutOfRange: "Die zu zahlenden Beträge ergeben zusammen mehr, als ein Betrag sein kann.",
  rateFrom1:
    "Ein Steuersatz von {rate} entspräche 100 % oder mehr. Schreiben Sie {rate} % als {meant:code}, oder setzen Sie die Option `allowTaxRateFrom1` des Buches.",
  notBelowZero: "Der Betrag ({amount}) muss unter null liegen, denn die Zeile ist negativ.",
  memoBelowZero: "Diese {kind:word} liegt bei {amount} und darf dafür nicht unter null liegen.",
  notSumOfItems: "Der Betrag ({amount}) ist nicht die Summe der Positionen ({sum}).",
  itemsOutOfRange: "Die Positionen ergeben zusammen mehr, als ein Betrag sein kann.",
  itemsNotAboveZero: "Die Positionen ergeben zusammen {sum}, und das muss mehr als null sein.",
  notPriced: "Der Betrag ({amount}) ist nicht Menge mal Einzelpreis ({price}).",
  moreThanLineOpen:
    "Der Betrag ({amount}) ist höher als der offene Betrag dieser Zeile der {kind:word} ({most}).",
  sumBeyondLine:
    "Die Positionen nennen von dieser Zeile der {kind:word} zusammen {sum}. Es muss zwischen null und den offenen {open} liegen.",
  beyondLine: "Der Betrag ({amount}) muss zwischen null und den offenen {open} der Zeile liegen.",
  settledBeforeBeyondLine:
    "Was von dieser Zeile vorher verrechnet wurde ({sum}), ist mehr, als die Zeile hat ({most}).",
  settledBeforeBeyondDocument:
    "Am {date} kommt, was von den Zeilen vorher verrechnet wurde, auf {sum}. Es muss zwischen null und den {total} der {kind:word} liegen.",
  moreThanUnapplied:
    "Der Betrag ({amount}) ist höher als die {most}, die von {unapplied} noch nicht verrechnet sind.",
  moreThanRefundable: "Der Betrag ({amount}) ist höher als das offene Guthaben ({most}).",
  usedSince:
    "Die Rücknahme würde {needed} der {kind:word} {document:quoted} wieder verrechnen, dort sind aber nur {open} nicht verrechnet. Der Rest ging durch {later} an {others}.",
  settledSince:
    "Die Rücknahme würde {needed} mit der {kind:word} {document:quoted} wieder verrechnen, dort sind aber nur {open} offen. Der Rest ist durch {later} mit {others} verrechnet.",
  moreThanBalance:
    "Der Betrag ({amount}) ist höher als der offene Betrag der {kind:word} {document:quoted} ({most}).",
  itemsBeyondBalance:
    "Die Positionen ergeben zusammen {sum}. Es muss zwischen null und den offenen {open} des Dokuments liegen.",
  moreThanApplied: "Der Betrag ({amount}) ist höher als der verrechnete ({most}).",
  moreThanAppliedBetween:
    "Der Betrag ({amount}) muss zwischen null und den {applied} liegen, die zwischen diesen Zeilen verrechnet sind.",
  moreThanAppliedOfLine:
    "Die Positionen nähmen von einer Zeile mehr zurück, als von ihr verrechnet ist, denn sie verbinden Zeilen mit verschiedenen Vorzeichen.",
  undoneAlready: "Dieser Vorgang wurde schon zurückgenommen, nämlich durch {later}.",
  takenBackSince:
    "Von diesem Vorgang ist nichts mehr zurückzunehmen, denn {later} hat es schon zurückgenommen.",
  pairedAnew:
    "{later} hat einen Teil dieses Vorgangs zurückgenommen und seine Zeilen neu verbunden, weil es Zeilen unter null gibt. Nehmen Sie zuerst {later} zurück.",
  appliedNoMore:
    "Was dieser Vorgang zurücknahm, hatte ein Vorgang verrechnet, den {later} zurückgenommen hat. Nehmen Sie zuerst {later} zurück.",
  builtOn:
    "{later} hat etwas von dem zurückgenommen, was dieser Vorgang verrechnet ließ. Nehmen Sie zuerst {later} zurück.",
  moreThanSourceItems:
    "Der Betrag ({amount}) ist höher, als die Ursprungspositionen offen haben ({most}). Geben Sie für den Rest ein `fallback` an.",
  moreThanAppliedBySource:
    "Der Betrag ({amount}) ist höher, als zwischen Ursprungspositionen verrechnet ist ({most}). Geben Sie für den Rest ein `fallback` an.",
  noLinesPair:
    "Keine offene Zeile entstand hier aus einer anderen, daher lässt sich nichts verrechnen. Geben Sie ein `fallback` an.",
  nothingToApply:
    "Es gibt nichts zu verrechnen: Die Quelle ist verbraucht, oder kein Dokument hat einen offenen Betrag.",
  nothingApplied: "Hier ist nichts verrechnet, das sich zurücknehmen ließe.",
  nothingToRefund: "Hier ist kein Guthaben mehr offen, daher lässt sich nichts erstatten.",
  nothingToCollect:
    "Es gibt nichts einzuziehen: Das Dokument hat keinen offenen Betrag, oder auf seinem Konto ist kein Guthaben offen.",
  nothingOpen: "Das Dokument hat keinen offenen Betrag.",
  nothingToCredit: "Von diesem Dokument lässt sich nichts mehr gutschreiben.",
  nothingOfItemToCredit:
    "Von der Ursprungsposition lässt sich nichts mehr gutschreiben. Geben Sie einen Betrag an, auch 0.00, um sie dennoch zu nennen.",
  nothingChanges: "Die Änderung schreibt nichts gut und berechnet nichts.",

  // Guards, plans, documents and books.
  tooManyLines: "Ein Dokument muss weniger als 2³² Zeilen haben.",
  tooManyDocuments: "Ein Buch muss weniger als 2³² Dokumente haben.",
  tooManyCommands: "Das Buch hat so viele Befehle ausgeführt, wie sich zählen lassen, nämlich 2⁵³.",
  rulePairsLines:
    "Die Regel „{rule:word}“ verbindet Zeilen, hier treffen sie aber auf keine anderen. Möglich sind: {allowed:word}.",
  noColumnKind: "Eine Spalte ist `text`, `decimal`, `day` oder `boolean`.",
  columnMissing: "Die Zeile hat keine Spalte `{column}`.",
  noRow: "Eine Zeile muss ein Objekt mit den Spalten sein.",
  noColumns: "Geben Sie als Objekt an, aus welcher Spalte jedes Feld kommt.",
  columnNoText: "Die Spalte enthält weder einen Text noch eine ganze Zahl: {value}",
  columnNoDecimal:
    "Die Spalte enthält keine genaue Dezimalzahl. Lesen Sie sie als Text. Sie enthält {value:code}",
  columnNoDay: "Die Spalte enthält weder einen Tag als Text noch ein `Date`: {value}",
  dayWithoutZone:
    "Geben Sie mit `zone` an, ob Tage dieser Spalte Mitternacht in UTC (`utc`) oder auf diesem Rechner (`local`) sind: {value}",
  dayWithTime:
    "Die Spalte enthält einen Zeitpunkt, der in dieser Zone nicht Mitternacht ist: {value}",
  columnNoBoolean: "Die Spalte enthält weder `true` oder `false` noch 1 oder 0: {value}",
  fingerprintMalformed:
    "{fingerprint:quoted} ist kein Fingerabdruck eines Plans: Er hat 16 Stellen von 0 bis f.",
  idMalformed: "{id:quoted} ist keine Kennung: Sie hat 1 bis 255 Zeichen und keine Steuerzeichen.",
  nameMalformed:
    "{name:quoted} ist kein Name: Er hat höchstens 255 Zeichen und keine Steuerzeichen.",
  currencyNotDefined:
    "Die Währung {currency:quoted} steht weder in ISO 4217, noch legt das Buch sie fest.",
  currencyInSmallLetters: "Die Währung {currency:quoted} ist nicht bekannt. Meinten Sie „{meant}“?",
  reasonCodeNotListed:
    "{reasonCode:quoted} gehört nicht zu den Gründen des Buches. Diese sind: {listed}.",
  documentIdTaken: "Ein anderes Dokument des Buches hat schon die Kennung {id:quoted}.",
  numberTaken: "Eine andere {kind:word} des Buches hat schon die Nummer {number:quoted}.",
  lineIdTaken: "Eine andere Zeile des Dokuments hat schon die Kennung {id:quoted}.",
  currencyDefinedTwice: "Die Währung {currency:quoted} ist zweimal festgelegt.",
  dateInClosedPeriod:
    "Das Datum muss nach dem {closedThrough} liegen, dem Ende der abgeschlossenen Zeiträume. Es ist der {date}.",
  countsOnClosedDay:
    "Diese {kind:word} zählt ab dem {inForceFrom}, und die Zeiträume sind bis zum {closedThrough} abgeschlossen. Was an einem abgeschlossenen Tag zählt, wird weder geändert noch gelöscht.",
  beforePostedAgain:
    "Das Datum darf nicht vor dem {posted} liegen, an dem die {kind:word} wieder gebucht wurde. Es ist der {date}.",
  lessOpenEarlier:
    "Das Datum darf nicht vor dem {earliest} liegen, denn an einem Tag davor war weniger offen. Es ist der {date}.",
  aboveLimit: "Die Grenze `{limit:word}` des Buches ist {most}, und dies wären {count}.",
  linesOutOfRange: "Die Zeilen des Dokuments ergeben zusammen mehr, als ein Betrag sein kann.",
  creditsOutOfRange: "Die Gutschriften ergeben zusammen mehr, als ein Betrag sein kann.",
  priceOutOfRange: "{quantity} mal {unitPrice} ist mehr, als ein Betrag sein kann.",
  priceBeyondDigits:
    "{quantity} mal {unitPrice} hat mehr als {most} Stellen, und so viele werden nicht genau gerechnet. Geben Sie weniger Nachkommastellen an oder einen Betrag (`amount`) ohne Preis.",
  taxesBeyondDigits:
    "Die Steuern haben hier mehr als {most} Stellen, bevor sie gerundet werden, und so viele werden nicht genau gerechnet. Geben Sie ihre Sätze mit weniger Nachkommastellen an.",
  discountOfDiscount:
    "{item:quoted} ist ein Rabatt, und ein Rabatt kann keinen anderen Rabatt mindern.",
  discountAboveItem:
    "Der Rabatt ({amount}) muss zwischen null und {most} liegen. Mehr ist von seiner Position nicht übrig.",
  amountNotAboveZero: "Der Betrag ({amount}) muss größer als null sein.",
  moreThanDocument:
    "Die Gutschrift ({amount}) ist höher, als von der {kind:word} {document:quoted} gutgeschrieben werden kann ({available}).",
  moreThanLine:
    "Die Gutschrift ({amount}) ist höher, als von der Zeile {line:quoted} gutgeschrieben werden kann ({available}).",
  moreThanDiscountedItem:
    "Die Gutschrift ({amount}) ist höher, als von der Position {item:quoted} nach ihren Rabatten gutgeschrieben werden kann ({available}).",
  moreThanTaxes:
    "Die Gutschrift ({amount}) ist höher, als von den Steuern der Position {item:quoted} gutgeschrieben werden kann ({available}).",
  daysCredited:
    "Die Gutschrift {memo:quoted} hat {from} bis {to} dieser Position schon gutgeschrieben. Geben Sie nur die Änderungen danach an.",
  othersExceedDocument:
    "Ohne diese Gutschrift schrieben die anderen {others} von der {kind:word} {document:quoted} gut, die nur {most} beträgt.",
  othersExceedLine:
    "Ohne diese Gutschrift schrieben die anderen {others} von der Zeile {line:quoted} gut, die nur {most} beträgt.",
  othersExceedDiscountedItem:
    "Ohne diese Gutschrift schrieben die anderen {others} von der Position {item:quoted} gut, die nach ihren Rabatten nur {most} beträgt.",
  othersExceedTaxes:
    "Ohne diese Gutschrift schrieben die anderen {others} von den Steuern der Position {item:quoted} gut, die nur {most} betragen.",
  fieldNeedsLog:
    "Dieses Buch führt kein Protokoll, daher bewahrt nichts {field} auf. Öffnen Sie es mit `log: true`.",
  noEntry: "Dieses Buch führt ein Protokoll, daher braucht ein Befehl dort einen Eintrag.",
  noLog:
    "Dieses Buch führt kein Protokoll. Nur ein Buch, das mit `log: true` geöffnet wurde, führt eines.",
  entryOpensNothing:
    "Der erste Eintrag muss ein Buch öffnen: Sein Typ ist `open`, und in seinen Optionen steht `log: true`.",
  commandIdReused:
    "Der Befehl, der Version {version} ergab, hat die Kennung {id:quoted}, und er ist ein anderer.",
  bookMovedOn:
    "Das Buch hat Version {version}, nicht {expected}: Seitdem wurden andere Befehle ausgeführt.",
  entryOutOfOrder: "Der nächste Eintrag muss Version {expected} haben. Dieser hat {version}.",
  entryChainBroken:
    "Eintrag {version} folgt nicht auf den Eintrag vor ihm: `previous` ist ein anderer Hash.",
  entryMalformed:
    "Eintrag {version} wurde verändert: Dieses Feld hat eine andere Form, als das Buch sie schreibt (`{because}`).",
  entryAltered: "Eintrag {version} wurde verändert: Sein Hash ist nicht der seines Inhalts.",
  entryEffectMoved:
    "Noch einmal ausgeführt, bewirkt der Befehl von Eintrag {version} etwas anderes: {now} statt {recorded}.",
  entryRefused:
    "Noch einmal ausgeführt, wird der Befehl von Eintrag {version} abgelehnt (`{because}`).",
  snapshotForeign: "Diese Bytes sind kein Snapshot eines Buches.",
  snapshotTruncated: "Der Snapshot endet zu früh.",
  snapshotFormatUnknown:
    "Der Snapshot hat das Format {format}, diese Version liest aber die Formate {oldest} bis {newest}.",
  snapshotDamaged: "Der Snapshot ist beschädigt: Seine Bytes passen nicht zu ihrer Prüfsumme.",
  snapshotInconsistent: "Der Snapshot enthält Zahlen, die kein Buch haben kann.",
  exportForeign:
    "Diese Zeilen sind kein Export eines Buches: Die erste muss sein Kopf (`header`) sein.",
  exportFormatUnknown:
    "Der Export hat das Format {format}, diese Version liest aber Formate bis {newest}.",
  exportTruncated: "Der Export endet zu früh: Die nächste Zeile müsste `{expected}` sein.",
  exportDamaged: "Der Export ist beschädigt: Seine Zeilen passen nicht zu ihrer Prüfsumme.",
  exportLineUnexpected: "Zeile {line} müsste `{expected}` sein.",
  exportLineInconsistent: "Zeile {line} sagt etwas, das kein Buch haben kann.",
  exportInconsistent:
    "Die Zeilen des Exports passen nicht zusammen: Kein Buch kann sie alle haben.",
  exportDocumentMissing: "Keine frühere Zeile enthält dieses Dokument.",
  exportDecimals: "Der Betrag braucht so viele Nachkommastellen wie seine Währung: {scale}.",
  noHexadecimalDigits: "Hier müssen {count} hexadezimale Ziffern in Kleinbuchstaben stehen.",

  // Money, calendar, splits, proration, bill runs, queries and the shape of requests.
  internalFault:
    "Ein interner Fehler der Engine ist aufgetreten: {what}. Nichts hat sich geändert.",
  freedBook: "Das Buch wurde freigegeben.",
  freedSplitter: "Der Splitter wurde freigegeben.",
  wrongType: "Hier muss {expected:word} stehen, nicht {actual:word}.",
  numberOfWrongType: "Hier muss {expected:word} stehen, nicht die Zahl {number:code}.",
  numberForDecimal:
    "Schreiben Sie „{number:code}“ als Text statt der Zahl {number:code}: Ein Text behält jede Stelle.",
  wordForLength:
    "Eine Länge ist ein Objekt mit `months` oder `days`, nicht der Text {text:quoted}. `months: 1` ist ein Monat, `months: 12` ein Jahr, `days: 7` eine Woche.",
  textOfWrongType: "Hier muss {expected:word} stehen, nicht der Text {text:quoted}.",
  objectOfClass:
    "Hier muss {expected:word} stehen, nicht ein Objekt der Klasse {class}: Gelesen werden nur einfache Objekte.",
  noWholeNumber: "Hier muss eine ganze Zahl von {least} bis {most} stehen, nicht {number:code}.",
  nothingAfterDays:
    "Auf die Stufe bis zum Tag {most} kann nichts folgen, denn ein späterer Tag lässt sich nicht angeben.",
  noWholeFloat: "Hier muss eine ganze Zahl innerhalb von ±2⁵³ stehen, und nicht minus null.",
  requestTooLarge: "Die Anfrage braucht mehr Speicher, als da ist.",
  tooManyPeriods:
    "Es wären {periods} {periods:Zeitraum|Zeiträume}, berechnet werden höchstens {most}.",
  malformedBytes: "Diese Bytes sind kein einzelner Wert.",
  repeatedField: "Das Feld {field:quoted} steht zweimal da.",
  unknownField: "`{path}` ist hier kein Feld. Die Felder sind: {known}.",
  misspeltField: "`{path}` ist hier kein Feld. Meinten Sie `{meant}`?",
  unknownFieldOfCommand: "`{path}` ist kein Feld von {command}. Dessen Felder sind: {known}.",
  misspeltFieldOfCommand: "`{path}` ist kein Feld von {command}. Meinten Sie `{meant}`?",
  overlongField: "{name:quoted} ist hier kein Feld. Die Felder sind: {known}.",
  unknownRowField:
    "{name:quoted} ist kein Feld dieser Zeilen, das sich hier verwenden lässt. Möglich sind: {known}.",
  misspeltRowField: "{name:quoted} ist kein Feld dieser Zeilen. Meinten Sie `{meant}`?",
  twoFieldsForOne: "Nur eines von `{other}` und `{field}` darf angegeben sein.",
  endBesideEvery: "Nur ein Ende darf angegeben sein, denn `every` ergibt das andere.",
  secondOrigin: "Ein Dokument entsteht aus einem anderen, `{field}` nennt aber ein zweites.",
  fallbackUnread: "Nur die Regel `sourceItem` hat eine Ausweichregel.",
  autoUnapplyBesideDocuments:
    "`autoUnapply` geht nicht zusammen mit genannten Dokumenten, denn diese sagen schon, was zurückgenommen wird.",
  partBesideRest:
    "`rest` bucht alles aus, was von jeder Zeile offen ist, daher lässt sich nicht zugleich ein Teil davon angeben.",
  nothingSpreadOverLines:
    "Das hat hier keine Wirkung, denn für die Regel bleibt kein Betrag, den sie auf Zeilen verteilen könnte.",
  autoApplyWithoutOrigin:
    "Die Gutschrift oder Belastung entsteht aus keinem anderen Dokument, daher gibt es nichts, womit sie zu verrechnen wäre.",
  typeOfDiscount: "Eine Position mit `appliedToItemId` ist ein Rabatt und hat keine andere Art.",
  matrixWithoutProration:
    "`matrix` wirkt nur, wenn `proration` die Regel oder die Ausweichregel ist.",
  spreadWithoutDocuments:
    "Das hat hier keine Wirkung, denn es sind keine Dokumente genannt, daher wird nichts verrechnet.",
  spreadBesideItems: "Das hat hier keine Wirkung, denn jede Position nennt ihren eigenen Betrag.",
  methodOfElectronic:
    "Eine elektronische Erstattung nennt keine Zahlungsart, denn die kennt der Zahlungsdienst.",
  asOfUnread: "Diese Zeilen werden nicht nach Tagen geführt, daher geht `asOf` nicht.",
  countUnread:
    "Diese Bedingungen lesen das nicht: Es braucht das Raster `period` mit Zellen aus Tagen.",
  gridDayUnread: "Diese Bedingungen lesen das nicht: Es braucht Bedingungen, die Monate zählen.",
  wholeCellUnread:
    "Diese Bedingungen lesen das nicht: Es braucht das Raster `month`, ohne die tatsächlichen Tage der Monate.",
  wholeUnitsUnread: "Diese Bedingungen lesen das nicht: Tage sind ohnehin ganz.",
  factorRoundingUnread:
    "Diese Bedingungen lesen das nicht: Ohne `factorScale` wird der Faktor nicht gerundet.",
  discountUnread:
    "Diese Bedingungen lesen das nicht: Nur `creditBase` `list` braucht es, denn ein Anteil des Berechneten enthält den Rabatt schon.",
  monthsUnread:
    "Diese Bedingungen lesen das nicht: Es braucht ein Raster von Monaten, Tage eines Monats oder einen Teil, der nach ganzen Monaten berechnet wird.",
  amountsWithoutPrice: "`{field}` braucht einen `price`, denn nur Preise haben Beträge.",
  billWithoutPlan: "`{field}` braucht einen `plan`, der vor der ersten Änderung läuft.",
  untilWithoutMoment: "`until` braucht `at`, den Zeitpunkt, von dem an der Plan ruht.",
  billingDayOfDays: "Ein Abrechnungstag braucht Zeiträume von Monaten, diese sind aber von Tagen.",
  weekdayOfMonths: "Ein Wochentag braucht Zeiträume von Tagen, diese sind aber von Monaten.",
  nothingFollows:
    "Auf `wholeMonths` kann nichts folgen. Nur auf `fromDays` und `fromShare` folgt etwas.",
  fieldMissing: "Das Feld `{field}` ist nötig.",
  oneFieldMissing: "Eines dieser Felder ist nötig: {fields}.",
  priceIncomplete:
    "Neben `{stated}` fehlt `{field}`. Geben Sie auch das an, oder einen Betrag in `amount`.",
  noFieldsToSum:
    "Die Liste ist leer. Nennen Sie mindestens ein Feld, oder lassen Sie die Liste weg.",
  noKinds:
    "Die Liste ist leer. Nennen Sie mindestens eine Art von Dokumenten, oder lassen Sie die Liste weg.",
  nothingToCompare: "Die Bedingung hat keinen Wert zum Vergleichen.",
  monthsMissing:
    "Geben Sie an, für wie viele Monate der Preis gilt, denn der Zeitraum ist keine ganze Zahl von Monaten.",
  periodMissing: "Der Zeitraum der Leistung ist nötig.",
  momentWithoutPeriod:
    "Die Änderung geschieht am {at}, das sagt aber ohne Zeitraum nichts. Geben Sie den Zeitraum an oder in `unused` seinen ungenutzten Teil.",
  endMissing: "Entweder `end` oder `until` ist nötig.",
  comparedDayMissing:
    'Geben Sie den Tag an, etwa `at: "2026-03-31"`, an dem die offenen Beträge der Konten verglichen werden.',
  columnLength:
    "Diese Spalte hat {count} {count:Eintrag|Einträge}, `prices` aber {expected}. Beide müssen gleich lang sein.",
  noChoice: "{word:quoted} steht hier nicht zur Wahl. Zur Wahl stehen: {choices:few}.",
  misspeltChoice: "{word:quoted} steht hier nicht zur Wahl. Meinten Sie `{meant}`?",
  nestedBulk: "Ein Befehl `bulk` kann keinen weiteren enthalten.",
  noDate: "{text:quoted} ist kein Kalendertag. Schreiben Sie JJJJ-MM-TT.",
  misspeltDate: "So wie {text:quoted} schreibt man hier keinen Tag. Schreiben Sie „{meant}“.",
  noSuchDay: "{text:quoted} ist kein Kalendertag. Der letzte Tag dieses Monats ist der {last}.",
  noCivilDay:
    "{text:quoted} ist ein Zeitpunkt in UTC, vor Ort kann es ein anderer Tag sein. Schreiben Sie den Tag als JJJJ-MM-TT, oder den Zeitpunkt mit dem Versatz des Ortes.",
  noMoment:
    "{text:quoted} ist weder ein Tag noch ein Zeitpunkt. Schreiben Sie JJJJ-MM-TT, oder JJJJ-MM-TTThh:mm:ss mit Z oder einem Versatz wie +02:00.",
  noDecimal:
    "{text:quoted} ist keine Dezimalzahl. Schreiben Sie Ziffern mit höchstens einem Minuszeichen und einem Punkt, ohne führende Nullen und nicht minus null.",
  misspeltDecimal:
    "So wie {text:quoted} schreibt man hier keine Dezimalzahl. Schreiben Sie „{meant:code}“.",
  tooManyDigits: "{text:quoted} hat mehr als {most} {most:Ziffer|Ziffern}.",
  noFraction: "{text:quoted} ist weder eine Dezimalzahl noch ein Bruch wie „15/31“.",
  noCurrencyCode:
    "{code:quoted} ist kein Währungscode: Er hat 3 bis 8 Großbuchstaben oder Ziffern.",
  scaleMissing:
    "Geben Sie an, wie viele Nachkommastellen {code} hat, 0 bis {most}, denn es steht nicht in ISO 4217.",
  scaleTooLarge:
    "Eine Währung hat höchstens {most} {most:Nachkommastelle|Nachkommastellen}, nicht {scale}.",
  invoiceRoundingAlone:
    "Die Rundung `{rounding}` braucht ein `invoiceIncrement`, auf das gerundet wird.",
  currencyIncrementNotPositive: "Der Schritt ({increment}) muss größer als null sein.",
  periodReversed: "Das Ende ({to}) liegt vor dem Anfang ({from}).",
  serviceDegenerate:
    "Die Leistung muss eine Dauer haben und darf ihren Zeitraum nicht überschreiten.",
  outsidePeriod: "{moment} liegt außerhalb des Zeitraums von {from} bis {to}.",
  changeTooEarly: "Die Änderung am {at} liegt vor {last}, worauf sie folgen muss.",
  changeTooLate: "Die Änderung am {at} liegt nach {end}, dem Ende des Zeitraums.",
  unusedGrows:
    "Der ungenutzte Teil ({unused}) darf nicht größer sein als bei der Änderung davor ({last}).",
  changeDuringPause:
    "Der Plan ruht bis {until} und läuft dann von selbst weiter, daher kann er am {at} nicht fortgesetzt werden.",
  pauseReversed: "Die Pause endet am {until}, bevor sie am {at} beginnt.",
  pauseShortened:
    "Der Plan ruht schon bis {pauseEnd}. Die Pause kann länger werden, aber nicht am {until} enden.",
  endsBeforeStart: "Das Ende ({date}) liegt vor `start` ({start}).",
  periodWithoutLength: "Ein Zeitraum hat mindestens einen Monat oder Tag, nicht 0.",
  factorAndRoundedRate:
    "Ein Faktor geht nicht zusammen mit einem gerundeten Tagessatz, denn der braucht Tage.",
  unusedAndRoundedRate:
    "Ein Teil des Zeitraums ({unused}) geht nicht zusammen mit einem gerundeten Tagessatz, denn der braucht einen Zeitpunkt.",
  roundedRateInColumns: "Spalten runden keinen Tagessatz. Nehmen Sie dafür `prorate`.",
  noCellDays: "Eine Zelle hat mindestens einen Tag, nicht 0.",
  cellDaysOfMonths:
    "Bei einem Raster von Monaten muss `cellDays` `actual`, `fixed` oder `strict30` sein.",
  unitWithMonths: "Wo Monate entscheiden, wird Zeit nach `day` gezählt, nicht nach `{unit}`.",
  countOfUnits:
    "Wo Zeit nicht nach Tagen gezählt wird, muss `count` `between` sein, nicht `{count}`.",
  roundedRateOfMonths: "Bei einem Raster von Monaten lässt sich der Tagessatz nicht runden.",
  rateAndFactorRounded: "Entweder der Tagessatz oder der Faktor lässt sich runden, nicht beide.",
  leadingMonths: "Der Teil vor der ersten Grenze lässt sich nicht nach ganzen Monaten berechnen.",
  timeWithMonths:
    "Bei einem Raster von Monaten lässt sich eine Gutschrift nicht mit Zeit bezahlen.",
  notIsoCurrency: "Die Währung {code:quoted} steht nicht in ISO 4217.",
  chargeIdTaken: "Ein anderer Posten hat schon die Kennung {id:quoted}.",
  discountOnNothing: "Es gibt keinen Posten {id:quoted}, den dieser Rabatt mindern könnte.",
  repeatedRowField: "Das Feld {field:quoted} ist zweimal genannt.",
  changeAfterTime:
    "Nach einer Gutschrift, die mit Zeit bezahlt wird, kann sich nichts mehr ändern, denn sie verschiebt das Ende des Zeitraums.",
  nothingPauses: "Es gibt keinen Plan, der ruht.",
  planRuns: "Es läuft schon ein Plan.",
  noPlanRuns: "Es läuft kein Plan.",
  planRestsAlready: "Der Plan ruht schon. Geben Sie an, bis wann, oder setzen Sie ihn erst fort.",
  changeInOtherCurrency:
    "Die Änderung lautet auf {currency:quoted}, der Befehl aber auf {stated:quoted}.",
  moreDecimals:
    "{currency} hat {most} {most:Nachkommastelle|Nachkommastellen}, {amount} aber mehr.",
  amountTooLarge: "{amount} liegt außerhalb des Bereichs: Ein Betrag ist höchstens {most}.",
  beyondFloats:
    "Die Ergebnisse liegen außerhalb von ±2⁵³, wo Gleitkommazahlen nicht genau sind. Nehmen Sie Spalten von BigInts.",
  zeroDenominator: "Der Nenner von {text:quoted} darf nicht null sein.",
  tooManyIncrements: "Der Betrag hätte 2⁶³ Schritte oder mehr.",
  incrementNotPositive: "Der Schritt ({increment}) muss größer als null sein.",
  periodDaysNotPositive: "Der Zeitraum muss mehr als null Tage haben, nicht {days}.",
  beyondFractions:
    "Zeit und Preise haben miteinander multipliziert mehr als 38 Stellen, und so viele werden nicht genau gerechnet.",
  taxRateTooHigh:
    "Ein Steuersatz von {rate} entspräche 100 % oder mehr. Schreiben Sie {rate} % als {meant:code}, oder setzen Sie `allowTaxRateFrom1`.",
  quantityNegative: "Die Menge ({quantity}) darf nicht unter null liegen.",
  unusedOutOfRange: "Der ungenutzte Teil ({unused}) muss ein Anteil von 0 bis 1 sein.",
  billRunOutOfRange: "Die Posten ergeben zusammen mehr, als ein Betrag sein kann.",
  dayOutOfRange: "Die Verrechnungen am {day} ergeben zusammen mehr, als ein Betrag sein kann.",
  periodOutsideCalendar: "Der Zeitraum liegt außerhalb der Jahre 1 bis 9999.",
  offIncrement: "{amount} ist kein Vielfaches von {increment} {currency}.",
  discountOnDiscount: "Ein Rabatt kann keinen anderen Rabatt mindern.",
  discountNoShare:
    "Der Rabatt ({discount}) muss ein Anteil von 0 bis 1 sein. Schreiben Sie 10 % als 0.1.",
  discountBeyondPlan:
    "Der Rabatt ({discount}) hat ein anderes Vorzeichen als der Preis oder ist mehr als der ganze Preis. Geben Sie einen Anteil von 0 bis 1 oder einen Betrag mit dem Vorzeichen des Preises an.",
  noTimeForCredit:
    "Die Gutschrift kann keine Zeit bezahlen, denn der neue Plan kostet {price}. Geben Sie eine andere `destination` an.",
  belowZeroUnlikePrice:
    "Der Betrag ({amount}) darf nicht unter null liegen, denn der Preis tut es auch nicht.",
  aboveZeroUnlikePrice:
    "Der Betrag ({amount}) darf nicht über null liegen, denn der Preis liegt unter null.",
  noCursor: "{text:quoted} ist kein Cursor einer Seite.",
  cursorOfOtherQuery:
    "Der Cursor {text:quoted} gehört zu einer Abfrage mit anderem `of`, `where`, `sort` oder `asOf`.",
  cursorOfLaterVersion:
    "Der Cursor {text:quoted} stammt aus einer späteren Version dieses Buches, das bei Version {version} steht.",
  cursorOfOtherBook: "Der Cursor {text:quoted} gehört zu einem anderen Buch.",

  // Splits and plans.
  noWeights: "Um einen Betrag aufzuteilen, ist mindestens ein Gewicht nötig.",
  capsCount: "Die Obergrenzen ({count}) müssen so viele sein wie die Gewichte ({weights}).",
  keysCount: "Die Schlüssel ({count}) müssen so viele sein wie die Gewichte ({weights}).",
  amountsCount: "Die Beträge ({count}) müssen so viele sein wie die Aufteilungen ({splits}).",
  capsFromBack: "Ein erster Durchgang von hinten kann keine Obergrenzen haben.",
  capsWithoutMirror:
    "Obergrenzen gelten für einen Betrag unter null ({amount}) nur, wenn die Methode ihn spiegelt (`mirror`).",
  capsWithNegativeWeights:
    "Ein Anteil überschreitet seine Obergrenze, was bei einem negativen Gewicht nicht sein kann.",
  negativeNumber: "Die Zahl ({number}) darf nicht unter null liegen.",
  numberOfTooManyIncrements: "{number} sind 2⁶³ Schritte oder mehr.",
  partOutOfRange: "Ein Teil von {amount} hätte 2⁶³ Einheiten oder mehr.",
  noSuchPart: "Es gibt keinen Teil {index}: Es sind {count}, gezählt ab 0.",
  endsDescend: "Das Ende {end} folgt auf {before}, doch Enden dürfen nicht absteigen.",
  endsElsewhere: "Das letzte Ende ({last}) muss die Zahl der Gewichte sein ({weights}).",
  notOfIncrement: "{number} ist kein Vielfaches von {increment}.",
  allWeightsZero: "Alle Gewichte sind null, also kann niemand den Betrag bekommen.",
  moreThanCaps: "Der Betrag ({amount}) ist höher als alle Obergrenzen zusammen ({most}).",
  balanceMoved:
    "Nach dem Plan ging die {kind:word} {document:quoted} von {plannedBefore} auf {plannedAfter}. Nun ginge sie durch den Befehl von {before} auf {after}.",
  linesMoved: "Der Befehl würde nun andere Zeilen oder Dokumente bewegen, als der Plan zeigt.",

  // Those of the JavaScript side.
  engineNotReady: "Die Engine ist nicht bereit. Rufen Sie zuerst `await init()` auf.",
  moduleFileMissing:
    "Die Datei der Engine ließ sich nicht lesen: {cause}. Nehmen Sie in einem Bundle `setoff/inline` oder `init(bytes)`.",
  moduleNotLoaded: "Das WebAssembly-Modul ließ sich nicht laden: {cause}",
  wrongModule:
    "Das ist nicht das WebAssembly-Modul dieses Pakets. Es braucht {needed}, und das ist {found}.",
  callCutShort:
    "Die Engine brach mit einem internen Fehler ab, und die bisherigen Bücher sind verloren: {cause}",
  bookOfFault: "Das Buch ging beim letzten Fehler der Engine verloren.",
  splitterOfFault: "Der Splitter ging beim letzten Fehler der Engine verloren.",
  formerResult: "Dieses Ergebnis wurde durch eine spätere Aufteilung ersetzt.",
  valueUnreadable: "Beim Lesen des Wertes trat ein Fehler auf: {cause}",
  arrayDetached: "Das Array lässt sich nicht lesen, denn es ist abgetrennt.",
  lengthUnreadable: "Die Liste hat keine Länge, die sich lesen lässt.",
  wrongArray: "Hier muss eines von {types} stehen, nicht {actual:word}.",
  optionsMissing:
    "Ein Buch braucht Optionen: Geben Sie mindestens seine Währung in `currency` an, etwa „EUR“.",
  foreignBook:
    "Hier muss ein Buch desselben Moduls stehen. Um es mit dem eines anderen zu vergleichen, stellen Sie dessen Snapshot hier wieder her.",
  valueUndefined: "Hier ist ein Wert nötig, dies ist aber `undefined`.",
  entriesNotHere:
    "Dieses Buch wurde mit einem Snapshot geöffnet: Es hat die Einträge ab Version {first}.",
  entriesNeeded:
    "Dafür sind alle Einträge des Protokolls nötig, und dieses Buch hat die ab Version {first}. Nehmen Sie ein Buch von `Book.replay`.",
  entriesMissing:
    "Ein Protokoll beginnt mit dem Eintrag, der das Buch öffnet. Ab diesem sind alle Einträge nötig.",
  noObject: "Hier muss ein Objekt mit {fields} stehen, nicht {actual:word}.",
  noPlainObject:
    "Hier muss ein Objekt mit {fields} stehen, keines der Klasse {class}: Gelesen werden nur einfache Objekte.",
  noSuchField: "Das Feld `{field}` gibt es hier nicht, nur {fields}.",
  noLines:
    "Die Zeilen eines Exports sind ein Text oder eine Liste von Texten, die aufeinander folgen.",
  lineNotJson: "Zeile {line} ist kein JSON.",
  noGroup: "Im Buch gibt es keine Verrechnungsgruppe {applicationGroupId:quoted}.",
  groupOfNothing:
    "Der Befehl der Version {version} hat nichts verrechnet. Darum gibt es keine Verrechnungsgruppe {applicationGroupId:quoted}.",
  noPlace: "Eine Stelle ist eine ganze Zahl ab 0, nicht {place:code}.",
  amountTooWide: "Die Zahl passt nicht in 64 Bit.",
  loneSurrogate: "Der Text ist kein wohlgeformtes Unicode: Er enthält ein einzelnes Surrogat.",
  tooManyLevels: "Der Wert ist in mehr als {most} Ebenen verschachtelt.",
  tooManyValues: "Die Anfrage hat mehr als {most} Werte.",
  tooManyBytes: "Die Anfrage braucht mehr als {most} Bytes.",
  stackTooSmall: "Der Aufrufstapel ist fast voll, daher wurde der Aufruf nicht begonnen.",
};

/** Words that English and German say differently. */
const WORDS = {
  invoice: "Rechnung",
  creditMemo: "Gutschrift",
  debitMemo: "Belastung",
  payment: "Zahlung",
  refund: "Erstattung",
  application: "Verrechnung",
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

/** A number with a decimal comma, all its digits kept; anything else as it is. */
const german = (text) => String(text).replace(/^(-?\d+)\.(\d+)$/, "$1,$2");

/** A figure in the way that a sentence asks for. */
function show(figure, way) {
  if (Array.isArray(figure)) return list(figure, way);
  if (way === "quoted") return quoted(figure);
  if (way === "word") return word(figure);
  if (way === "code") return String(figure);
  if (!way?.includes("|")) return german(figure);
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
 * What an error says, in German: `{ message, sentence }`. Of a reason that this catalogue does not know, from a newer
 * version of the package, it says what the code stands for, without the figures.
 */
export function wording({ code, path, details }) {
  const { reason, figures } = details;
  const template = has(REASONS, reason ?? "") ? REASONS[reason] : `${problemOf(code)}.`;
  const sentence = filled(template, path, figures);
  const isAlone = path === "" || template.includes("{path}");
  return { message: isAlone ? sentence : `\`${path}\`: ${sentence}`, sentence };
}

const problemOf = (code) => (has(PROBLEMS, code) ? PROBLEMS[code] : code);

/** What a line of a change of plan does. */
const LINES = {
  credit: "Gutschrift",
  charge: "Berechnung",
  net: "Differenz aus Gutschrift und Berechnung",
  time: "Zeit, die eine Gutschrift bezahlt",
  rounding: "Rundung der Summe",
};

/** How many decimals of a number are shown before it is cut, and how many are left then. */
const [EXACT, CUT] = [9, 6];

/** A fraction as a decimal number: exact where it has few decimals, otherwise cut, with an ellipsis. */
function decimalOf(fraction) {
  const [numerator, denominator = 1n] = fraction.split("/").map(BigInt);
  for (let scale = 0; scale <= EXACT; scale++)
    if ((numerator * 10n ** BigInt(scale)) % denominator === 0n)
      return withDecimals((numerator * 10n ** BigInt(scale)) / denominator, scale);
  return `${withDecimals((numerator * 10n ** BigInt(CUT)) / denominator, CUT)}…`;
}

function withDecimals(units, scale) {
  const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, "0");
  const [whole, decimals] = [digits.slice(0, digits.length - scale), digits.slice(-scale)];
  return `${units < 0n ? "-" : ""}${whole}${scale > 0 ? `,${decimals}` : ""}`;
}

const isZero = (amount) => !/[1-9]/.test(amount);

/** Whether a decimal number is a fraction. */
function isSame(amount, fraction) {
  const [numerator, denominator = 1n] = fraction.split("/").map(BigInt);
  const [whole, decimals = ""] = amount.split(".");
  return BigInt(whole + decimals) * denominator === numerator * 10n ** BigInt(decimals.length);
}

/** What a part got of the units that rounding left over; nothing where its share was whole. */
function leftoverOf({ leftover, rank }, isWhole) {
  const ranked = rank === null ? "" : ` (Rang ${rank} der Reste)`;
  if (!isZero(leftover))
    return ` Beim Verteilen des Restes kamen ${german(leftover)} dazu${ranked}.`;
  return isWhole ? "" : ` Beim Verteilen des Restes kam nichts dazu${ranked}.`;
}

/** Why a line of a document gives or receives what it does. */
function ofShare(reason) {
  const { exact, first } = reason;
  const isWhole = isSame(first, exact);
  const rounded = isWhole ? "" : `; abgerundet sind das ${german(first)}`;
  return `Der genaue Anteil ist ${decimalOf(exact)}${rounded}.${leftoverOf(reason, isWhole)}`;
}

/** Why a part of a split is what it is. */
function ofPart(reason) {
  const { part, share, firstPass, capped } = reason;
  if (capped) return `Der Anteil übersteigt seine Obergrenze, daher ist der Teil ${german(part)}.`;
  const { numerator, denominator } = share;
  const isWhole = denominator === "1";
  const steps = decimalOf(`${numerator}/${denominator}`);
  const first = `im ersten Durchgang ${german(firstPass)}`;
  return `Der genaue Anteil hat ${steps} Einheiten; ${first}.${leftoverOf(reason, isWhole)}`;
}

/** The share of the time, and how the amount is rounded. */
function ofTime({ amount, exact, covered, length, factor }) {
  const time =
    length === "0" || factor === "1"
      ? "den ganzen Zeitraum"
      : `${decimalOf(covered)} von ${decimalOf(length)} Zeiteinheiten`;
  const rounding = isSame(amount, exact) ? "" : `${decimalOf(exact)}, gerundet `;
  return `${time}: ${rounding}${german(amount)}.`;
}

function ofLine(line) {
  const what = LINES[line.type];
  if (line.type === "rounding") return `${what}: ${german(line.amount)}.`;
  const service = line.service === null ? "" : `, ${line.service.from} bis ${line.service.to}`;
  const most =
    line.cap === null ? "" : ` Gutzuschreiben waren höchstens noch ${decimalOf(line.cap)}.`;
  return `${what}${service}, für ${ofTime(line)}${most}`;
}

/**
 * Why an amount is what it is, in German: of a line of `book.explain`, of a part of `explainAllocation`, of what
 * `prorate` returns, or of a line of `previewChange`.
 */
export function explanation(reason) {
  if ("firstPass" in reason) return ofPart(reason);
  if ("first" in reason) return ofShare(reason);
  if ("type" in reason) return ofLine(reason);
  return `Preis für ${ofTime(reason)}`;
}
