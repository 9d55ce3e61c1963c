// Texts about customers that somebody looks after.
export const customersEn = {
  "customers.choose": "Choose…",
  "customers.choose_title": "Customers that you look after",
  "customers.chosen": "one chosen|{count} chosen",
  "customers.find": "Find customers by words of their names",
  "customers.hint":
    "Lists and your first page can be about their orders alone. The choice is yours; nobody else's lists change.",
  "customers.mine": "My customers",
  "customers.most": "More than {most} cannot be chosen.",
  "customers.none_found": "No order has a customer of that name",
  "customers.save": "Keep",
} as const;

export const customersDe: Record<keyof typeof customersEn, string> = {
  "customers.choose": "Auswählen …",
  "customers.choose_title": "Kunden, die Sie betreuen",
  "customers.chosen": "einer ausgewählt|{count} ausgewählt",
  "customers.find": "Kunden nach Wörtern ihres Namens suchen",
  "customers.hint":
    "Listen und Ihre erste Seite können sich auf deren Aufträge beschränken. Die Auswahl ist Ihre eigene; niemandes andere Listen ändern sich.",
  "customers.mine": "Meine Kunden",
  "customers.most": "Mehr als {most} lassen sich nicht auswählen.",
  "customers.none_found": "Kein Auftrag hat einen Kunden dieses Namens",
  "customers.save": "Behalten",
};
