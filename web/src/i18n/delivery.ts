// Why an event could not be delivered: the server's words in German; what the network or the receiver says is quoted.
import { language } from "./index";
import type { Part } from "./parts";
import { type Phrases, phrases } from "./phrases";

export const UNDELIVERED: Phrases = {
  "the dispatcher failed, please report it":
    "das Zustellen ist gescheitert, bitte sagen Sie es denen, die Baton betreiben",
  "the receiver answered {1}": "der Empfänger antwortete {1}",
  "the subscription is gone or disabled": "das Abonnement ist weg oder abgeschaltet",
};

const inGerman = phrases(UNDELIVERED);

export const undelivered = (why: string): Part =>
  language() === "en" ? why : (inGerman(why) ?? { quote: why });
