// What was wrong with a call, as sentences: the API says which and with what values (see refused.ts).
export const refusedEn = {
  "refused.approvals_needed":
    "It needs the approval of one more.|It needs the approval of {count} others.",
  "refused.approvals_unmeetable":
    "So many can approve only where {people} administrators have taken up their seats.",
  "refused.asker_decides_not": "Whoever asked does not decide.",
  "refused.asker_withdraws": "Only whoever asked withdraws a request.",
  "refused.body_long": "That is more than {most} bytes.",
  "refused.busy": "The server has as much to do as it can take; try again in a moment.",
  "refused.claim_unknown": "The order claims nothing that is called “{claim}”.",
  "refused.code_wanted": "Say the six digits that your app shows, too, or a recovery code.",
  "refused.code_wrong": "The code is none of the present's.",
  "refused.conflict": "{what} “{key}” {why}.",
  "refused.connector_own": "“{name}” is one of Baton's own connectors.",
  "refused.ends_before_now": "The end has to be yet to come.",
  "refused.ends_within": "The end has to come within the next {days} days.",
  "refused.fact_own": "That is an act of Baton's own, which cannot be struck.",
  "refused.faint":
    "In {colour} this cannot be read well: {place}. The contrast is {contrast} to 1, at least {least} is needed.",
  "refused.faint_but_near":
    "In {colour} this cannot be read well: {place}. The contrast is {contrast} to 1, at least {least} is needed; {near} would do.",
  "refused.field": "It is about “{field}”.",
  "refused.filter_long": "A filter has at most {most} bytes.",
  "refused.from_to": "“{field}” goes from {least} to {most}.",
  "refused.handoff_of_others": "A partner speaks of what it gives or takes itself.",
  "refused.image_sides":
    "The image has {width} by {height} pixels; each side may have up to {most}.",
  "refused.intake_elsewhere": "Files are taken by another node of this Baton.",
  "refused.key_decides_not": "Who holds a key is not known: a key decides nothing.",
  "refused.key_wrong": "The key is mistyped, ended or revoked, or does not hold from here.",
  "refused.length": "“{field}” has {least} to {most} bytes.",
  "refused.link_wrong":
    "The link was used, replaced or is too old, or the password is not the person's own.",
  "refused.name_wrong":
    "“{field}” has 1 to {most} lower-case letters, digits and hyphens, such as acme-tracking.",
  "refused.named_already": "“{number}” names it already, there is nothing to say.",
  "refused.nested_deep": "It nests deeper than {most} levels.",
  "refused.network_wrong":
    "“{found}” is no network: such as 192.0.2.0/24, 2001:db8::/32 or one address.",
  "refused.no_address": "“{field}” is an e-mail address.",
  "refused.no_colour": "“{found}” is no colour: such as #0f5c63.",
  "refused.no_host": "The host is a name such as orders.example.",
  "refused.no_image": "It is no PNG, JPEG or WebP image.",
  "refused.no_links_sent": "Links cannot be sent from here.",
  "refused.no_number": "“{number}” stands for no number.",
  "refused.no_support": "Help is an e-mail address, or one with https://.",
  "refused.none_of": "“{found}” is none of {known}.",
  "refused.not_disputed": "Nothing about this hand-off is disputed.",
  "refused.not_found": "There is no {what} “{key}”.",
  "refused.of_operator": "That is for whoever runs this Baton.",
  "refused.one_line": "“{field}” is one line.",
  "refused.order_unknown_at": "The order was not known yet at {at}.",
  "refused.overtaken": "Other packs came into force meanwhile: look at them, and ask anew.",
  "refused.pack_begun":
    "You have begun a pack of this name: go on with that one, or take another name.",
  "refused.pack_name_taken": "There is a pack of this name: change that one, or take another name.",
  "refused.page_of_another_session": "This page is of a session that is over: load it again.",
  "refused.partner_missing": "Say which partner's view it is to have.",
  "refused.partner_needless": "Only the role Partner has a partner.",
  "refused.password_short": "A password has at least {least} characters.",
  "refused.proof_wrong": "The password is wrong, or the code.",
  "refused.quoted": "The server says: {detail}",
  "refused.rank_of_open": "Only what is open has a rank.",
  "refused.request_is": "The request is {standing}.",
  "refused.role_is": "Your role is {role}.",
  "refused.role_of_programs": "Sources and monitors are programs, and have keys.",
  "refused.role_of_source_keys": "A source's keys are made with the source.",
  "refused.second_factor_first":
    "Your role asks for a second factor, and you have none: set one up first.",
  "refused.sight_of_admins":
    "What a partner sees of prices and names is for administrators to say.",
  "refused.sign_in_first": "There is no session, or it has ended: sign in.",
  "refused.sign_in_wrong":
    "The address or the password is wrong, or the code, or nobody may sign in so.",
  "refused.span_days": "The end comes after the beginning, and at most {most} days later.",
  "refused.span_months":
    "The last month is not before the first, and it is at most {most} months in all.",
  "refused.staff_apart":
    "The operator's staff belongs to no tenant, and a tenant's people are no staff.",
  "refused.stopping": "The server is ending; try again when it is back.",
  "refused.store_full": "The disk of the store is full.",
  "refused.value_wrong": "“{found}” cannot be used for “{field}”.",
  "refused.view_not_shared": "A partner keeps views for itself.",
  "refused.wait": "Too many tries were in vain; wait {seconds} s.",
} as const;

export const refusedDe: Record<keyof typeof refusedEn, string> = {
  "refused.approvals_needed":
    "Eine weitere Person muss es genehmigen.|{count} weitere Personen müssen es genehmigen.",
  "refused.approvals_unmeetable":
    "So viele können nur genehmigen, wo {people} Administratoren ihren Platz eingenommen haben.",
  "refused.asker_decides_not": "Wer gefragt hat, entscheidet nicht.",
  "refused.asker_withdraws": "Nur wer gefragt hat, zieht einen Antrag zurück.",
  "refused.body_long": "Das sind mehr als {most} Bytes.",
  "refused.busy":
    "Der Server hat so viel zu tun, wie er kann; versuchen Sie es gleich noch einmal.",
  "refused.claim_unknown": "Der Auftrag behauptet nichts, das „{claim}“ heißt.",
  "refused.code_wanted":
    "Nennen Sie auch die sechs Ziffern, die Ihre App zeigt, oder einen Ersatzcode.",
  "refused.code_wrong": "Der Code ist keiner von denen, die jetzt gelten.",
  "refused.conflict": "Es geht um {what} „{key}“: {why}.",
  "refused.connector_own": "„{name}“ ist ein Konnektor von Baton selbst.",
  "refused.ends_before_now": "Das Ende muss noch kommen.",
  "refused.ends_within": "Das Ende muss in den nächsten {days} Tagen liegen.",
  "refused.fact_own": "Das hat Baton selbst getan; es lässt sich nicht streichen.",
  "refused.faint":
    "In {colour} ist das schlecht zu lesen: {place}. Der Kontrast ist {contrast} zu 1, nötig sind mindestens {least}.",
  "refused.faint_but_near":
    "In {colour} ist das schlecht zu lesen: {place}. Der Kontrast ist {contrast} zu 1, nötig sind mindestens {least}; {near} genügt.",
  "refused.field": "Es geht um „{field}“.",
  "refused.filter_long": "Ein Filter hat höchstens {most} Bytes.",
  "refused.from_to": "„{field}“ geht von {least} bis {most}.",
  "refused.handoff_of_others": "Ein Partner spricht über das, was er selbst gibt oder nimmt.",
  "refused.image_sides":
    "Das Bild hat {width} mal {height} Pixel; jede Seite darf bis zu {most} haben.",
  "refused.intake_elsewhere": "Dateien nimmt ein anderer Knoten dieses Baton an.",
  "refused.key_decides_not":
    "Wer einen Schlüssel hat, weiß man nicht: Ein Schlüssel entscheidet nichts.",
  "refused.key_wrong":
    "Der Schlüssel ist vertippt, abgelaufen oder widerrufen, oder er gilt nicht von hier.",
  "refused.length": "„{field}“ hat {least} bis {most} Bytes.",
  "refused.link_wrong":
    "Der Link wurde benutzt, ersetzt oder ist zu alt, oder das Passwort ist nicht das der Person.",
  "refused.name_wrong":
    "„{field}“ besteht aus 1 bis {most} Kleinbuchstaben, Ziffern und Bindestrichen, etwa acme-tracking.",
  "refused.named_already": "„{number}“ bezeichnet es schon, da ist nichts zu sagen.",
  "refused.nested_deep": "Es ist tiefer als {most} Ebenen geschachtelt.",
  "refused.network_wrong":
    "„{found}“ ist kein Netz: etwa 192.0.2.0/24, 2001:db8::/32 oder eine einzelne Adresse.",
  "refused.no_address": "„{field}“ ist eine E-Mail-Adresse.",
  "refused.no_colour": "„{found}“ ist keine Farbe: etwa #0f5c63.",
  "refused.no_host": "Der Host ist ein Name wie orders.example.",
  "refused.no_image": "Das ist kein Bild in PNG, JPEG oder WebP.",
  "refused.no_links_sent": "Von hier lassen sich keine Links verschicken.",
  "refused.no_number": "„{number}“ steht für keine Nummer.",
  "refused.no_support": "Die Hilfe ist eine E-Mail-Adresse oder eine Adresse mit https://.",
  "refused.none_of": "„{found}“ ist keines von {known}.",
  "refused.not_disputed": "An dieser Übergabe ist nichts strittig.",
  "refused.not_found": "Es gibt {what} „{key}“ nicht.",
  "refused.of_operator": "Das ist Sache des Betreibers dieses Baton.",
  "refused.one_line": "„{field}“ ist eine Zeile.",
  "refused.order_unknown_at": "Den Auftrag kannte man um {at} noch nicht.",
  "refused.overtaken":
    "Inzwischen traten andere Pakete in Kraft: Sehen Sie sich das an, und fragen Sie neu.",
  "refused.pack_begun":
    "Ein Paket dieses Namens haben Sie schon begonnen: Arbeiten Sie daran weiter, oder nehmen Sie einen anderen Namen.",
  "refused.pack_name_taken":
    "Ein Paket dieses Namens gibt es: Ändern Sie jenes, oder nehmen Sie einen anderen Namen.",
  "refused.page_of_another_session":
    "Diese Seite gehört zu einer beendeten Sitzung: Laden Sie sie neu.",
  "refused.partner_missing": "Sagen Sie, wessen Sicht gelten soll: welcher Partner fehlt.",
  "refused.partner_needless": "Nur die Rolle Partner hat einen Partner.",
  "refused.password_short": "Ein Passwort hat mindestens {least} Zeichen.",
  "refused.proof_wrong": "Das Passwort ist falsch, oder der Code.",
  "refused.quoted": "Der Server sagt: {detail}",
  "refused.rank_of_open": "Einen Rang hat nur, was offen ist.",
  "refused.request_is": "Der Antrag ist {standing}.",
  "refused.role_is": "Ihre Rolle ist {role}.",
  "refused.role_of_programs": "Quellen und Überwachungen sind Programme und haben Schlüssel.",
  "refused.role_of_source_keys": "Die Schlüssel einer Quelle entstehen mit der Quelle.",
  "refused.second_factor_first":
    "Ihre Rolle verlangt einen zweiten Faktor, und Sie haben keinen: Richten Sie zuerst einen ein.",
  "refused.sight_of_admins":
    "Was ein Partner von Preisen und Namen sieht, sagt die Administration.",
  "refused.sign_in_first": "Es gibt keine Sitzung, oder sie ist beendet: Melden Sie sich an.",
  "refused.sign_in_wrong":
    "Die Adresse oder das Passwort ist falsch, oder der Code, oder so darf sich niemand anmelden.",
  "refused.span_days": "Das Ende kommt nach dem Anfang, höchstens {most} Tage später.",
  "refused.span_months":
    "Der letzte Monat liegt nicht vor dem ersten, und es sind höchstens {most} Monate.",
  "refused.staff_apart":
    "Die Leute des Betreibers gehören zu keinem Mandanten, und die eines Mandanten nicht zum Betreiber.",
  "refused.stopping": "Der Server wird beendet; versuchen Sie es, wenn er wieder da ist.",
  "refused.store_full": "Auf der Festplatte der Datenbank ist kein Platz mehr.",
  "refused.value_wrong": "„{found}“ ist für „{field}“ nicht brauchbar.",
  "refused.view_not_shared": "Ein Partner behält Ansichten für sich.",
  "refused.wait": "Zu viele Versuche waren vergeblich; warten Sie {seconds} s.",
};
