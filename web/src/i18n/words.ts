// The trade's words for what the API says by code, English and German side by side. The types are the
// API's own lists: a code that it gains is a fault here until it has words.
import type { components } from "@/api/openapi";
import { exception, milestone, type Pair } from "./codes";
import { finding } from "./findings";
import { operation } from "./operations";
import { told, toldValue } from "./records";
import { refusal, remedy } from "./refusals";
import { param, thing, why } from "./things";
import { unread } from "./unread";

type Schemas = components["schemas"];

const party: Record<Schemas["Role"], Pair> = {
  commerce: ["Shop", "Shop"],
  seller: ["Seller", "Verkäufer"],
  oem: ["Manufacturer", "Hersteller"],
  distributor: ["Distributor", "Distributor"],
  warehouse: ["Warehouse", "Lager"],
  carrier: ["Carrier", "Frachtführer"],
  service: ["Service partner", "Servicepartner"],
  finance: ["Finance", "Finanzen"],
  customer: ["Customer", "Kunde"],
  authority: ["Authority", "Behörde"],
  platform: ["Baton", "Baton"],
  force_majeure: ["Force majeure", "Höhere Gewalt"],
  unattributed: ["Nobody yet", "Noch niemand"],
};

const phase: Record<Schemas["Phase"], Pair> = {
  unplaced: ["Not placed", "Nicht bestellt"],
  placed: ["Placed", "Bestellt"],
  confirmed: ["Confirmed", "Bestätigt"],
  partly_shipped: ["Partly shipped", "Teilweise versandt"],
  shipped: ["Shipped", "Versandt"],
  partly_delivered: ["Partly delivered", "Teilweise geliefert"],
  delivered: ["Delivered", "Geliefert"],
  closed: ["Closed", "Abgeschlossen"],
  cancelled: ["Cancelled", "Storniert"],
  disputed: ["Disputed", "Strittig"],
};

const classifier: Record<Schemas["Classifier"], Pair> = {
  requested: ["requested", "gewünscht"],
  promised: ["promised", "zugesagt"],
  planned: ["planned", "geplant"],
  estimated: ["estimated", "geschätzt"],
  appointed: ["appointed", "terminiert"],
  actual: ["actual", "tatsächlich"],
};

const measure: Record<Schemas["Measure"], Pair> = {
  ordered: ["Ordered", "Bestellt"],
  confirmed: ["Confirmed", "Bestätigt"],
  backordered: ["Backordered", "Rückstand"],
  allocated: ["Allocated", "Zugeteilt"],
  shipped: ["Shipped", "Versandt"],
  delivered: ["Delivered", "Geliefert"],
  received: ["Received", "Eingegangen"],
  cancelled: ["Cancelled", "Storniert"],
  invoiced: ["Invoiced", "Berechnet"],
  returned: ["Returned", "Zurückgesandt"],
};

const field: Record<Schemas["Field"], Pair> = {
  total: ["Total", "Gesamtbetrag"],
  description: ["Description", "Bezeichnung"],
  customer_ref: ["Customer's reference", "Kundenreferenz"],
  customer_name: ["Customer", "Kunde"],
  ship_to_place: ["Ship to", "Lieferort"],
  ship_to_country: ["Country", "Land"],
  ship_to_postcode: ["Postcode", "Postleitzahl"],
  channel: ["Channel", "Kanal"],
  incoterm: ["Incoterm", "Incoterm"],
  service_level: ["Service level", "Serviceklasse"],
  number: ["Order number", "Auftragsnummer"],
  price: ["Price", "Preis"],
};

const basis: Record<Schemas["Basis"], Pair> = {
  given: ["zone given", "Zone angegeben"],
  inferred: ["zone inferred", "Zone erschlossen"],
  unknown: ["zone unknown", "Zone unbekannt"],
  receipt: ["time of receipt", "Zeit des Empfangs"],
};

const kept: Record<Schemas["Kept"], Pair> = {
  unpromised: ["nothing promised", "nichts zugesagt"],
  open: ["still open", "noch offen"],
  on_time: ["on time", "pünktlich"],
  late: ["late", "verspätet"],
  cannot_tell: ["cannot tell", "nicht zu sagen"],
};

const act: Record<Schemas["Act"], Pair> = {
  announced: ["announced", "gemeldet"],
  cleared: ["cleared", "erledigt"],
  withdrawn: ["withdrawn", "zurückgenommen"],
};

const stage: Record<Schemas["HandoffStage"]["stage"], Pair> = {
  planned: ["planned", "geplant"],
  offered: ["offered", "angeboten"],
  accepted: ["accepted", "angenommen"],
  refused: ["refused", "abgelehnt"],
  released: ["given, not taken", "abgegeben, nicht übernommen"],
  received: ["taken", "übernommen"],
  reconciled: ["given and taken", "abgegeben und übernommen"],
  disputed: ["disputed", "strittig"],
  settled: ["settled", "beigelegt"],
};

const clock: Record<Schemas["ClockState"]["state"], Pair> = {
  running: ["running", "läuft"],
  paused: ["paused", "angehalten"],
  met: ["met", "eingehalten"],
  breached: ["breached", "überschritten"],
  cancelled: ["cancelled", "aufgehoben"],
};

const exception_state: Record<Schemas["ExceptionStatus"]["status"], Pair> = {
  open: ["open", "offen"],
  cleared: ["cleared", "erledigt"],
  waived: ["waived", "hingenommen"],
  disproved: ["disproved", "widerlegt"],
  not_provable: ["not provable", "nicht beweisbar"],
};

const entered_by: Record<Schemas["EnteredBy"], Pair> = {
  password: ["password", "Passwort"],
  key: ["key", "Schlüssel"],
  oidc: ["organisation's account", "Konto der Organisation"],
  demo: ["click in the demo", "Klick in der Demo"],
};

const ground: Record<Schemas["Ground"], Pair> = {
  custody: ["never changed hands", "nie übergeben"],
  time: ["another time", "andere Zeit"],
  quantity: ["another quantity", "andere Menge"],
  condition: ["condition", "Zustand"],
  documents: ["documents", "Papiere"],
  other: ["something else", "anderes"],
};

/** What has no list in the description: names that packs choose, and words of rows. */
const named = {
  handoff: {
    H1: ["Shop → seller (H1)", "Shop → Verkäufer (H1)"],
    H2: ["Seller → manufacturer (H2)", "Verkäufer → Hersteller (H2)"],
    "H2-stock": ["Seller → distributor (H2)", "Verkäufer → Distributor (H2)"],
    H3: ["Manufacturer → distributor (H3)", "Hersteller → Distributor (H3)"],
    H4: ["To the carrier (H4)", "An den Frachtführer (H4)"],
    H5: ["Carrier → carrier (H5)", "Frachtführer → Frachtführer (H5)"],
    H6: ["To the consignee (H6)", "An den Empfänger (H6)"],
    H7: ["To the service partner (H7)", "An den Servicepartner (H7)"],
    H8: ["To the customer (H8)", "An den Kunden (H8)"],
    H9: ["To finance (H9)", "An die Finanzen (H9)"],
  },
  agreed: {
    "built-and-installed": ["Built and installed", "Gebaut und eingerichtet"],
    delivered: ["Delivered", "Geliefert"],
    "carrier-delivers": ["The carrier delivers", "Der Frachtführer liefert"],
    "invoice-follows-delivery": ["An invoice follows", "Die Rechnung folgt"],
    "supplier-acknowledges": ["The supplier acknowledges", "Der Lieferant bestätigt"],
  },
  own_source: {
    baton: ["Baton's own acts", "Was Baton selbst tut"],
    people: ["People", "Menschen"],
  },
  examined: {
    disk: ["Disk", "Platte"],
    store: ["Store", "Speicher"],
    tenants: ["Tenants", "Mandanten"],
    letters: ["Letters", "Briefe"],
    packs: ["Packs", "Pakete"],
    sources: ["Sources", "Quellen"],
    messages: ["Messages", "Nachrichten"],
    deliveries: ["Deliveries", "Zustellungen"],
    keys: ["API keys", "API-Schlüssel"],
    clock: ["Clock", "Uhr"],
  },
  scheme: {
    asn: ["ASN", "Lieferavis"],
    bol: ["BOL", "Frachtbrief"],
    fulfillment: ["Fulfilment", "Auslieferung"],
    invoice: ["Invoice", "Rechnung"],
    job: ["Job", "Einsatz"],
    po: ["PO", "Bestellung"],
    sales_order: ["Sales order", "Auftrag"],
    shop_name: ["Shop", "Shop"],
    shop_order: ["Shop id", "Shop-Id"],
    sscc: ["SSCC", "NVE"],
    supplier_order: ["Supplier order", "Lieferantenauftrag"],
    tracking: ["Tracking", "Sendung"],
  },
  role: {
    operator: ["Operator", "Betreiber"],
    admin: ["Administrator", "Administrator"],
    operations: ["Operations", "Disposition"],
    finance: ["Finance", "Finanzen"],
    customer_success: ["Customer success", "Kundenbetreuung"],
    partner_manager: ["Partner manager", "Partnermanagement"],
    executive: ["Executive", "Leitung"],
    auditor: ["Auditor", "Revision"],
    partner: ["Partner", "Partner"],
    monitor: ["Monitor", "Überwachung"],
    source: ["Source", "Quelle"],
    baton: ["Baton itself", "Baton selbst"],
  },
  severity: {
    "0": ["none", "keine"],
    "1": ["notice", "Hinweis"],
    "2": ["minor", "gering"],
    "3": ["major", "erheblich"],
    "4": ["critical", "kritisch"],
  },
  awaited: {
    first_heard: ["a first word", "ein erstes Wort"],
    delivery: ["a delivery", "eine Zustellung"],
    matched: ["what it belongs to", "wozu es gehört"],
  },
  verdict: {
    accepted: ["accepted", "anerkannt"],
    disputed: ["disputed", "bestritten"],
    settled: ["settled", "beigelegt"],
  },
  became: {
    open: ["opened", "neu"],
    cleared: ["cleared", "erledigt"],
    waived: ["waived", "hingenommen"],
    withdrawn: ["withdrawn", "zurückgenommen"],
  },
  claim: {
    promise: ["The promise", "Die Zusage"],
    holder: ["Who holds the baton", "Wer den Stab hält"],
    exception: ["The exception", "Die Ausnahme"],
  },
  file_change: {
    added: ["added", "hinzugekommen"],
    removed: ["removed", "entfallen"],
    changed: ["changed", "geändert"],
  },
  object: {
    order: ["Order", "Auftrag"],
    shipment: ["Shipment", "Sendung"],
    package: ["Package", "Packstück"],
    leg: ["Leg", "Teilstrecke"],
    invoice: ["Invoice", "Rechnung"],
    job: ["Job", "Einsatz"],
  },
  judged: {
    receipt: ["when it was told", "wann es gemeldet wurde"],
    happened: ["when it was done", "wann es geschah"],
  },
  request: {
    open: ["open", "offen"],
    granted: ["granted", "bewilligt"],
    refused: ["refused", "abgelehnt"],
    withdrawn: ["withdrawn", "zurückgezogen"],
    expired: ["expired", "verfallen"],
  },
  request_word: {
    comment: ["said", "sagt"],
    approval: ["approved", "gibt frei"],
    refusal: ["refused", "lehnt ab"],
    withdrawal: ["withdrew", "zieht zurück"],
  },
  contrast: {
    links_light: ["Links on light pages", "Links auf hellen Seiten"],
    buttons_light: ["Buttons on light pages", "Schaltflächen auf hellen Seiten"],
    chosen_light: ["What is chosen on light pages", "Ausgewähltes auf hellen Seiten"],
    links_dark: ["Links on dark pages", "Links auf dunklen Seiten"],
    buttons_dark: ["Buttons on dark pages", "Schaltflächen auf dunklen Seiten"],
    chosen_dark: ["What is chosen on dark pages", "Ausgewähltes auf dunklen Seiten"],
  },
  health: {
    ready: ["ready", "bereit"],
    degraded: ["ready, and slower", "bereit, aber langsamer"],
  },
  subject: {
    brand: ["brand", "Marke"],
    delivery: ["delivery", "Zustellung"],
    key: ["key", "Schlüssel"],
    my_customers: ["own customers", "eigene Kunden"],
    object: ["object without an order", "Objekt ohne Auftrag"],
    order: ["order", "Auftrag"],
    pack: ["packs", "Pakete"],
    pack_request: ["request for packs", "Paketantrag"],
    partner: ["partner", "Partner"],
    quarantine: ["quarantine", "Quarantäne"],
    session: ["session", "Sitzung"],
    sign_in_rules: ["rules of signing in", "Regeln der Anmeldung"],
    source: ["source", "Quelle"],
    store: ["store", "Datenbank"],
    subscription: ["subscription", "Abonnement"],
    tenant: ["tenant", "Mandant"],
    tracking_link: ["customer's link", "Kundenlink"],
    user: ["user", "Benutzer"],
    view: ["view", "Ansicht"],
  },
  outcome: {
    done: ["done", "getan"],
    delivered: ["delivered", "zugestellt"],
    pending: ["waits", "wartet"],
    dead: ["given up", "aufgegeben"],
    role_too_small: ["refused: role", "verweigert: Rolle"],
    wrong_source: ["refused: other source", "verweigert: andere Quelle"],
    csrf_token_wrong: ["refused: other page", "verweigert: fremde Seite"],
    received_at_refused: ["refused: time of receipt", "verweigert: Empfangszeit"],
  },
  part: {
    message: ["The whole message", "Die ganze Nachricht"],
    envelope: ["The envelope", "Der Umschlag"],
    "further lines": ["Further lines", "Weitere Zeilen"],
    "further sets": ["Further sets", "Weitere Nachrichtensätze"],
  },
  quarantine_state: {
    open: ["open", "offen"],
    reread: ["read", "gelesen"],
    all: ["all", "alle"],
    discarded: ["discarded", "verworfen"],
  },
} as const satisfies Record<string, Record<string, Pair>>;

export const WORDS: Record<string, Record<string, Pair>> = {
  operation,
  milestone,
  exception,
  party,
  phase,
  classifier,
  measure,
  field,
  basis,
  kept,
  act,
  stage,
  clock,
  exception_state,
  entered_by,
  ground,
  refusal,
  remedy,
  finding,
  thing,
  param,
  why,
  unread,
  told,
  told_value: toldValue,
  ...named,
};
