// What was wrong with a call, as sentences: the API says which and with what values (see refused.ts).
export const refusedEn = {
  "refused.approvals_needed":
    "It needs the approval of one more.|It needs the approval of {count} others.",
  "refused.approvals_unmeetable":
    "So many can approve only where {people} administrators have taken up their seats.",
  "refused.asker_decides_not": "Whoever asked does not decide.",
  "refused.asker_withdraws": "Only whoever asked withdraws a request.",
  "refused.code_wrong": "The code is none of the present's.",
  "refused.conflict": "{what} “{key}” {why}.",
  "refused.field": "It is about “{field}”.",
  "refused.key_decides_not": "Who holds a key is not known: a key decides nothing.",
  "refused.length": "“{field}” has {least} to {most} bytes.",
  "refused.link_wrong":
    "The link was used, replaced or is too old, or the password is not the person's own.",
  "refused.not_found": "There is no {what} “{key}”.",
  "refused.pack_begun":
    "You have begun a pack of this name: go on with that one, or take another name.",
  "refused.pack_name_taken": "There is a pack of this name: change that one, or take another name.",
  "refused.password_short": "A password has at least {least} characters.",
  "refused.proof_wrong": "The password is wrong, or the code.",
  "refused.quoted": "The server says: {detail}",
  "refused.request_is": "The request is {standing}.",
  "refused.role_is": "Your role is {role}.",
  "refused.sign_in_wrong":
    "The address or the password is wrong, or the code, or nobody may sign in so.",
  "refused.wait": "Too many tries were in vain; wait {seconds} s.",
} as const;

export const refusedDe: Record<keyof typeof refusedEn, string> = {
  "refused.approvals_needed":
    "Eine weitere Person muss es genehmigen.|{count} weitere Personen müssen es genehmigen.",
  "refused.approvals_unmeetable":
    "So viele können nur genehmigen, wo {people} Administratoren ihren Platz eingenommen haben.",
  "refused.asker_decides_not": "Wer gefragt hat, entscheidet nicht.",
  "refused.asker_withdraws": "Nur wer gefragt hat, zieht einen Antrag zurück.",
  "refused.code_wrong": "Der Code ist keiner von denen, die jetzt gelten.",
  "refused.conflict": "Es geht um {what} „{key}“: {why}.",
  "refused.field": "Es geht um „{field}“.",
  "refused.key_decides_not":
    "Wer einen Schlüssel hat, weiß man nicht: Ein Schlüssel entscheidet nichts.",
  "refused.length": "„{field}“ hat {least} bis {most} Bytes.",
  "refused.link_wrong":
    "Der Link wurde benutzt, ersetzt oder ist zu alt, oder das Passwort ist nicht das der Person.",
  "refused.not_found": "Gesucht war {what} „{key}“.",
  "refused.pack_begun":
    "Ein Paket dieses Namens haben Sie schon begonnen: Arbeiten Sie daran weiter, oder nehmen Sie einen anderen Namen.",
  "refused.pack_name_taken":
    "Ein Paket dieses Namens gibt es: Ändern Sie jenes, oder nehmen Sie einen anderen Namen.",
  "refused.password_short": "Ein Passwort hat mindestens {least} Zeichen.",
  "refused.proof_wrong": "Das Passwort ist falsch, oder der Code.",
  "refused.quoted": "Der Server sagt: {detail}",
  "refused.request_is": "Der Antrag ist {standing}.",
  "refused.role_is": "Ihre Rolle ist {role}.",
  "refused.sign_in_wrong":
    "Die Adresse oder das Passwort ist falsch, oder der Code, oder so darf sich niemand anmelden.",
  "refused.wait": "Zu viele Versuche waren vergeblich; warten Sie {seconds} s.",
};
