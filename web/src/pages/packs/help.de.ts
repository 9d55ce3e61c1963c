// The help of the packs' schemas in German, by the English of the pack format's own description: who changes that
// is told by a test to look at the German again. Loaded with the editor, and only for readers of German.
export const HELP: Record<string, string> = {
  "Who is believed about what: the first role of the list that says anything.":
    "Wem was geglaubt wird: der ersten Rolle der Liste, die etwas sagt.",
  "What a declaration of authority covers.": "Wofür die Festlegung gilt, wem geglaubt wird.",
  "Whatever has no declaration of its own.": "Alles, was keine eigene Festlegung hat.",
  "A field of an order, line or invoice that is neither progress nor quantity.":
    "Ein Feld von Auftrag, Position oder Rechnung, das weder Fortschritt noch Menge ist.",
  "The line's unit price (money), or the order's or invoice's total.":
    "Der Einzelpreis der Position (Geld) oder die Summe von Auftrag oder Rechnung.",
  "Of an order: where it is to be delivered. Of a shipment: where that goes, which for a leg to a dock on the way is another place.":
    "Bei einem Auftrag: wohin zu liefern ist. Bei einer Sendung: wohin sie geht, was für eine Strecke zu einer Rampe unterwegs ein anderer Ort ist.",
  "What a quantity measures.": "Was eine Menge misst.",
  "What a partner is to an order.": "Was ein Partner für einen Auftrag ist.",
  "A public authority, such as customs.": "Eine Behörde, etwa der Zoll.",
  "Baton's own operator: integration faults are nobody else's.":
    "Der Betreiber von Baton: Fehler der Anbindung sind niemandes anderen.",
  "Nobody: weather, strikes. Lateness is stated and charged to no partner.":
    "Niemand: Wetter, Streik. Die Verspätung wird genannt und keinem Partner angelastet.",
  "The hours that somebody works.": "Die Stunden, in denen jemand arbeitet.",
  "What SLAs call it by, such as `fabrikam-dock`.": "Wie SLAs ihn nennen, etwa `fabrikam-dock`.",
  "IANA name of the zone that its hours are meant in, such as `Europe/Zurich`.":
    "IANA-Name der Zone, in der die Stunden gemeint sind, etwa `Europe/Zurich`.",
  "Each holds from its date to the next one's; the earliest also holds before its date.":
    "Jede gilt von ihrem Tag bis zu dem der nächsten; die früheste gilt auch davor.",
  "The hours that hold from a date on.": "Die Stunden, die von einem Tag an gelten.",
  "Days with hours of their own; they win over the week and over holidays.":
    "Tage mit eigenen Stunden; sie gehen der Woche und den Feiertagen vor.",
  "The first day on which it holds, in the calendar's zone.":
    "Der erste Tag, an dem es gilt, in der Zone des Kalenders.",
  "Days without work.": "Tage ohne Arbeit.",
  "A day without work.": "Ein Tag ohne Arbeit.",
  "The intervals of each weekday, such as `08:00-12:00`. A day that is left out is closed.":
    "Die Zeiten jedes Wochentags, etwa `08:00-12:00`. Ein ausgelassener Tag ist geschlossen.",
  "The meanings of one element's codes.": "Was die Codes eines Elements bedeuten.",
  "What a report of progress claims to be. One code never carries two of them.":
    "Was eine Meldung über Fortschritt zu sein behauptet. Ein Code trägt nie zwei davon.",
  "What one code says. At least one of milestone, exception, clears and liable, or `nothing: true`.":
    "Was ein Code sagt. Mindestens eines von milestone, exception, clears und liable, oder `nothing: true`.",
  "The trouble that the code ends.": "Die Störung, die der Code beendet.",
  "The trouble that the code announces.": "Die Störung, die der Code meldet.",
  "How well the meaning is grounded: A by the standard, B by the sender's documents, C by use.":
    "Wie gut die Bedeutung begründet ist: A durch die Norm, B durch Unterlagen des Absenders, C durch den Gebrauch.",
  "Whose fault it is, where the code says so.": "Wessen Schuld es ist, wo der Code es sagt.",
  "What it says, for people.": "Was er sagt, für Menschen.",
  "The code is known and states nothing that Baton tracks.":
    "Der Code ist bekannt und sagt nichts, was Baton verfolgt.",
  "Where the meaning is from.": "Woher die Bedeutung stammt.",
  "How well a meaning is grounded.": "Wie gut eine Bedeutung begründet ist.",
  "Where they stand, such as `AT7-01`.": "Wo sie stehen, etwa `AT7-01`.",
  "What connectors call it by, such as `x12-214-status`.":
    "Wie Konnektoren sie nennen, etwa `x12-214-status`.",
  "The table that explains the reason beside such a status.":
    "Die Tabelle, die den Grund neben einem solchen Status erklärt.",
  "Whose codes they are, such as `x12-214`.": "Wessen Codes es sind, etwa `x12-214`.",
  "A connector as an integrator declares it.": "Ein Konnektor, wie ihn jemand anbindet.",
  "What the bytes of a message are.": "Was die Bytes einer Nachricht sind.",
  "One JSON document.": "Ein JSON-Dokument.",
  "One JSON document a line.": "Ein JSON-Dokument je Zeile.",
  "ASC X12 interchanges.": "Übertragungsdateien nach ASC X12.",
  "A mapping for some of the messages.": "Eine Abbildung für einen Teil der Nachrichten.",
  "A jq program that yields statements.": "Ein jq-Programm, das Aussagen ergibt.",
  "A value, or a list of alternatives.": "Ein Wert oder eine Liste von Möglichkeiten.",
  "One thing that a set says, once for every place that `at` finds.":
    "Etwas, das ein Satz sagt, einmal für jede Stelle, die `at` findet.",
  "A loop or segment by its path: `header`, `PO1`, `PO1/ACK`, `HL:I`, `AT7`.":
    "Eine Schleife oder ein Segment nach dem Pfad: `header`, `PO1`, `PO1/ACK`, `HL:I`, `AT7`.",
  'A statement whose values are references to elements: `{"about": {"order": [po, BEG03]}, …}`.':
    'Eine Aussage, deren Werte auf Elemente verweisen: `{"about": {"order": [po, BEG03]}, …}`.',
  'Elements and the values that they must have; `"*"` is any, `""` is none, `"!X"` is not X.':
    'Elemente und die Werte, die sie haben müssen; `"*"` ist irgendeiner, `""` keiner, `"!X"` nicht X.',
  "How a transaction set is read.": "Wie ein Nachrichtensatz gelesen wird.",
  "Which messages a mapping is for: all conditions must hold.":
    "Für welche Nachrichten eine Abbildung ist: Alle Bedingungen müssen zutreffen.",
  "A header has one of these values.": "Eine Kopfzeile hat einen dieser Werte.",
  "A jq program whose first output is neither null nor false.":
    "Ein jq-Programm, dessen erste Ausgabe weder null noch false ist.",
  "JSON pointers of members that change from one sending to the next and mean nothing; they are left out when equal content is looked for.":
    "JSON-Pointer von Feldern, die sich von Sendung zu Sendung ändern und nichts bedeuten; sie bleiben außer Acht, wenn nach gleichem Inhalt gesucht wird.",
  "Who gives numbers where nothing else says so: `$partner`, `$source`, or a literal.":
    "Wer Nummern vergibt, wo nichts anderes es sagt: `$partner`, `$source` oder ein fester Wert.",
  "Who gives numbers of a scheme: `po: self`, `tracking: carrier`.":
    "Wer Nummern einer Art vergibt: `po: self`, `tracking: carrier`.",
  "A jq program that yields statements, where one is enough for all messages.":
    "Ein jq-Programm, das Aussagen ergibt, wo eines für alle Nachrichten genügt.",
  "Several programs; the first whose `when` holds reads the message.":
    "Mehrere Programme; das erste, dessen `when` zutrifft, liest die Nachricht.",
  "What sources call it by.": "Wie Quellen ihn nennen.",
  "Where the sender's own message id stands: a JSON pointer (`/event_id`) or the name of a header (`X-Webhook-Id`). X12 has its control numbers.":
    "Wo die eigene Nummer des Absenders für die Nachricht steht: ein JSON-Pointer (`/event_id`) oder der Name einer Kopfzeile (`X-Webhook-Id`). X12 hat seine Kontrollnummern.",
  "X12: how each transaction set is read, by its code.":
    "X12: wie jeder Nachrichtensatz gelesen wird, nach seinem Code.",
  "Where times without an offset are meant, such as `America/Chicago`. None: nobody knows.":
    "Wo Zeiten ohne Versatz gemeint sind, etwa `America/Chicago`. Ohne: niemand weiß es.",
  "Messages carry a version or an event time, so that equal bytes are a repeat and not a second statement.":
    "Nachrichten tragen eine Version oder eine Ereigniszeit, sodass gleiche Bytes eine Wiederholung und keine zweite Aussage sind.",
  "`expected.yaml`: what a part of the message says, or why it cannot be read.":
    "`expected.yaml`: was ein Teil der Nachricht sagt oder warum er nicht lesbar ist.",
  "`fixture.yaml`: how the message came.": "`fixture.yaml`: wie die Nachricht kam.",
  "The connector that is to read it.": "Der Konnektor, der sie lesen soll.",
  "The partner's key.": "Der Schlüssel des Partners.",
  "The role that the source speaks as.": "Die Rolle, in der die Quelle spricht.",
  "The source's key.": "Der Schlüssel der Quelle.",
  "A journey of `journeys.yaml`.": "Ein Ablauf aus `journeys.yaml`.",
  "A milestone that counts as evidence, perhaps only from one role's sources.":
    "Ein Meilenstein, der als Beleg zählt, vielleicht nur aus Quellen einer Rolle.",
  "a boolean CEL expression over the subject's view":
    "ein CEL-Ausdruck mit wahr oder falsch über das, was von der Sache bekannt ist",
  "A two-sided passing of responsibility.": "Eine beidseitige Übergabe der Verantwortung.",
  "The giver's working time, in which the target is meant.":
    "Die Arbeitszeit des Gebers, in der die Vorgabe gemeint ist.",
  "How long a release may stand alone before it is a custody gap.":
    "Wie lange eine Abgabe allein stehen darf, bevor sie eine Lücke im Gewahrsam ist.",
  "`H4`, as in the standard.": "`H4`, wie in der Norm.",
  "Made once an order, or once for each such object that the order reaches.":
    "Einmal je Auftrag, oder einmal für jedes solche Objekt, das der Auftrag erreicht.",
  "What keeps the giver from handing over, on another's account: signalled about the order, or about the object that is handed over. Of those that overlap the first declared is charged.":
    "Was den Geber auf Rechnung anderer am Übergeben hindert: gemeldet zum Auftrag oder zu dem, was übergeben wird. Von denen, die sich überschneiden, wird die zuerst festgelegte angelastet.",
  "What the taker shows.": "Was der Nehmer zeigt.",
  "What the giver shows.": "Was der Geber zeigt.",
  "How long the giver may hold the baton before this hand-off, for charging lateness.":
    "Wie lange der Geber den Stab vor dieser Übergabe halten darf, um Verspätung anzulasten.",
  "The template that a kind of order goes through.":
    "Die Vorlage, nach der eine Art von Auftrag abläuft.",
  "The milestones that close an order once every one that applies is there.":
    "Die Meilensteine, die einen Auftrag schließen, sobald alle zutreffenden da sind.",
  "After such a milestone, these later events dispute it: `T60: [T20, T25, T30]`.":
    "Nach einem solchen Meilenstein bestreiten ihn diese späteren Ereignisse: `T60: [T20, T25, T30]`.",
  "The milestone that is promised to the customer.":
    "Der Meilenstein, der dem Kunden zugesagt wird.",
  "Which orders go through it; the first journey whose condition holds is taken.":
    "Welche Aufträge ihm folgen; der erste Ablauf, dessen Bedingung zutrifft, gilt.",
  "A kind of thing that facts are about. A line lives inside its order (see [`About`]).":
    "Eine Art von Sache, von der Fakten handeln. Eine Position lebt in ihrem Auftrag.",
  "A feed itself: what is said about it is its silence and the gaps in its numbers.":
    "Die Quelle selbst: Von ihr wird gesagt, dass sie schweigt und dass Nummern fehlen.",
  "While this trouble is signalled, the clock stands still on somebody else's account.":
    "Solange diese Störung gemeldet ist, steht die Uhr auf Rechnung anderer still.",
  "A pause that nobody ends is over after this long.":
    "Eine Pause, die niemand beendet, ist nach dieser Zeit vorbei.",
  "A milestone of a journey.": "Ein Meilenstein eines Ablaufs.",
  "The roles whose sources can report it. Where no live source plays one, the step does not apply.":
    "Die Rollen, deren Quellen ihn melden können. Wo keine lebende Quelle eine davon hat, entfällt der Schritt.",
  "A journey that is like another one of the file, above it, but for some parties.":
    "Ein Ablauf wie ein anderer weiter oben in der Datei, nur ohne manche Beteiligte.",
  "The name of the other journey.": "Der Name des anderen Ablaufs.",
  "Which orders go through it; that of the other journey is not taken over.":
    "Welche Aufträge ihm folgen; die Bedingung des anderen Ablaufs wird nicht übernommen.",
  "The roles that take no part: their steps, the milestones of those among what closes the order, and the hand-offs from and to them are left out.":
    "Die Rollen, die nicht beteiligt sind: Ihre Schritte, deren Meilensteine beim Schließen des Auftrags und die Übergaben von ihnen und an sie entfallen.",
  "The manifest of a pack.": "Die Angaben zu einem Paket.",
  "Lower-case letters, digits and hyphens.": "Kleinbuchstaben, Ziffern und Bindestriche.",
  "Declarations of the same name in packs before this one are replaced; else they are a fault.":
    "Festlegungen gleichen Namens in Paketen davor werden ersetzt; sonst sind sie ein Fehler.",
  "Packs whose calendars, code tables and schemes this one refers to.":
    "Pakete, auf deren Kalender, Codetabellen und Nummernarten sich dieses bezieht.",
  "Three numbers, such as `1.0.0`.": "Drei Zahlen, etwa `1.0.0`.",
  "See [`Detect::After`].": "Siehe `after`.",
  "It is trouble if any of these was reached before.":
    "Eine Störung ist es, wenn einer davon vorher erreicht war.",
  "A milestone against its due instant.": "Ein Meilenstein gegen den Zeitpunkt seiner Fälligkeit.",
  "An instant that follows from content.": "Ein Zeitpunkt, der sich aus dem Inhalt ergibt.",
  "When the milestone was reached.": "Wann der Meilenstein erreicht wurde.",
  "When the milestone is due by its latest statement of that classifier.":
    "Wann der Meilenstein nach der letzten Aussage dieser Art fällig ist.",
  "When the first fact about the subject was received.":
    "Wann der erste Fakt zu der Sache empfangen wurde.",
  "When it was first said what the subject belongs to: an order that contains it, or another object.":
    "Wann zuerst gesagt wurde, wozu die Sache gehört: ein Auftrag, der sie enthält, oder ein anderes Objekt.",
  "When the last that was delivered so far was: a part of an order counts.":
    "Wann das Letzte geliefert wurde, das bisher geliefert ist: Ein Teil eines Auftrags zählt.",
  "a role, or a list of roles of which any would tell":
    "eine Rolle, oder eine Liste von Rollen, von denen jede es sagen könnte",
  "Duties to tell are judged by receipt, duties to do by when they were done.":
    "Pflichten zu melden werden nach dem Empfang beurteilt, Pflichten zu handeln nach dem Zeitpunkt der Handlung.",
  "How an exception is found.": "Wie eine Ausnahme gefunden wird.",
  "Something due has not come. Ends when it comes.":
    "Etwas Fälliges ist nicht gekommen. Endet, wenn es kommt.",
  "Under way, and nothing heard for too long.": "Unterwegs, und zu lange nichts gehört.",
  "Heard of for this long, and nothing says what it belongs to.":
    "So lange bekannt, und nichts sagt, wozu es gehört.",
  "Reached surely after it was due; of what is delivered in parts, any part.":
    "Sicher nach der Fälligkeit erreicht; von dem, was in Teilen geliefert wird, irgendein Teil.",
  "Reached surely before it was due; of what is delivered, all that was confirmed.":
    "Sicher vor der Fälligkeit erreicht; von dem, was geliefert wird, alles Bestätigte.",
  "Estimated for surely later than it is due, while not yet reached.":
    "Sicher für später als fällig geschätzt, solange noch nicht erreicht.",
  "A quantity of a line is not what another says.":
    "Eine Menge einer Position ist nicht, was eine andere sagt.",
  "Two roles state different values of a field.":
    "Zwei Rollen nennen verschiedene Werte eines Feldes.",
  "A partner announced this code and nobody took it back.":
    "Ein Partner hat diesen Code gemeldet, und niemand hat ihn zurückgenommen.",
  "A milestone was reached after another that rules it out: cancelled after shipped.":
    "Ein Meilenstein wurde nach einem anderen erreicht, der ihn ausschließt: storniert nach Versand.",
  "A hand-off was released and not received within its grace.":
    "Bei einer Übergabe wurde abgegeben und in der Frist nicht übernommen.",
  "A condition on the subject's content.": "Eine Bedingung an den Inhalt der Sache.",
  "See [`Detect::Differs`].": "Siehe `differs`.",
  "A difference counts only from when this milestone was reached, so that a partial is not yet one.":
    "Eine Abweichung zählt erst, wenn dieser Meilenstein erreicht ist, sodass ein Teil noch keine ist.",
  "Differences up to this share of `from`, in per cent, are tolerated.":
    "Abweichungen bis zu diesem Anteil von `from`, in Prozent, werden geduldet.",
  "Which way a difference counts.": "In welcher Richtung eine Abweichung zählt.",
  "See [`Detect::Disagree`].": "Siehe `disagree`.",
  "The roles whose statements are compared; empty: any two.":
    "Die Rollen, deren Aussagen verglichen werden; leer: irgendwelche zwei.",
  "When this was reached.": "Wann das erreicht wurde.",
  "Instants that are no further apart than this agree.":
    "Zeitpunkte, die nicht weiter auseinanderliegen, stimmen überein.",
  "See [`Detect::Overdue`].": "Siehe `overdue`.",
  "Whose word is awaited: one role, or a list where any of several would tell. Absence is proved by hearing the sources of every one of them after the due instant, or by waiting `proof_wait` while they are not silent. Where no source plays any of them, the rule does not apply.":
    "Wessen Wort erwartet wird: eine Rolle, oder eine Liste, wo jede von mehreren es sagen könnte. Das Ausbleiben ist bewiesen, wenn nach der Fälligkeit von den Quellen jeder gehört wurde, oder nach `proof_wait`, wenn sie nicht schweigen. Wo keine Quelle eine davon hat, gilt die Regel nicht.",
  "The first of these, in this order, that is known starts the wait; none known: nothing is due.":
    "Der erste davon, in dieser Reihenfolge, der bekannt ist, beginnt das Warten; ist keiner bekannt, ist nichts fällig.",
  "All of these must be known too, or nothing is due.":
    "Auch diese müssen alle bekannt sein, sonst ist nichts fällig.",
  "Any of these means that it is not due at all.":
    "Jeder davon bedeutet, dass es gar nicht fällig ist.",
  "Any of these ends it.": "Jeder davon beendet es.",
  "What counts as trouble.": "Was als Störung zählt.",
  "It must hold for this long to count.": "So lange muss es bestehen, um zu zählen.",
  "The kind of object that it is about.": "Die Art von Objekt, um die es geht.",
  "Trouble that comes back within this time is the same trouble.":
    "Eine Störung, die in dieser Zeit wiederkommt, ist dieselbe.",
  "Gaps shorter than this are no gaps.": "Kürzere Lücken sind keine.",
  "1 to 4; the standard's default if not given.": "1 bis 4; ohne Angabe, was die Norm vorsieht.",
  "See [`Detect::Signalled`].": "Siehe `signalled`.",
  "Progress to any of these after the signal ends it.":
    "Fortschritt zu einem davon nach der Meldung beendet sie.",
  "See [`Detect::Silent`].": "Siehe `silent`.",
  "As for [`Overdue`].": "Wie bei `overdue`.",
  "... unless the latest of all is one of these. What is in neither list is not looked at: a paper says nothing of where the goods are.":
    "… außer der letzte von allen ist einer davon. Was in keiner Liste steht, bleibt außer Acht: Ein Papier sagt nicht, wo die Ware ist.",
  "The wait runs from the latest of these ...": "Das Warten läuft vom letzten davon an …",
  "A sort of identifier and how far it can be trusted.":
    "Eine Art von Nummer, und wie weit man ihr trauen kann.",
  "Of an object's identifiers the one of highest rank names it.":
    "Von den Nummern eines Objekts benennt es die vom höchsten Rang.",
  "The number is given to another object after this long (tracking numbers, POs by year).":
    "Nach dieser Zeit wird die Nummer an ein anderes Objekt vergeben (Sendungsnummern, Bestellnummern nach Jahr).",
  "An object has at most one such identifier of one issuer; a second one is a clash.":
    "Ein Objekt hat höchstens eine solche Nummer desselben Ausstellers; eine zweite ist ein Widerspruch.",
  "a day such as 2026-07-01": "ein Tag wie 2026-07-01",
  "A service level: how long its owner may take, in working time.":
    "Eine vereinbarte Frist: wie lange sich jemand Zeit lassen darf, in Arbeitszeit.",
  "The exception that a breach is.": "Die Ausnahme, die eine Überschreitung ist.",
  "The owner's working time; none: every hour counts.":
    "Die Arbeitszeit dessen, der sie hat; ohne: jede Stunde zählt.",
  "Targets that replace it from a day on.": "Vorgaben, die sie von einem Tag an ersetzen.",
  "The first of these stops the clock.": "Der erste davon hält die Uhr an.",
  "Shares of the target, in per cent, at which a warning is due.":
    "Anteile der Vorgabe, in Prozent, bei denen gewarnt wird.",
  "A target from the beginning of a day on, in the time zone of the clock's calendar (UTC without one). A clock that starts on that day or later has this target. One that runs takes it over then: what it has used and how it was paused stays, and it is due when the new target is used up, but never before the change.":
    "Eine Vorgabe vom Beginn eines Tages an, in der Zeitzone des Kalenders der Uhr (ohne Kalender UTC). Eine Uhr, die an diesem Tag oder später beginnt, hat diese Vorgabe. Eine laufende übernimmt sie dann: Was verbraucht ist und wie sie angehalten war, bleibt, und fällig ist sie, wenn die neue Vorgabe verbraucht ist, aber nie vor der Änderung.",
};
