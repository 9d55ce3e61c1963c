// Light, dark, or as the machine has it; and the tenant's accent colour.
const STORED_AS = "baton.theme";

export type Theme = "auto" | "light" | "dark";
export const THEMES: Theme[] = ["auto", "light", "dark"];

export function theme(): Theme {
  const stored = localStorage.getItem(STORED_AS);
  return stored === "light" || stored === "dark" ? stored : "auto";
}

export function setTheme(chosen: Theme): void {
  if (chosen === "auto") {
    localStorage.removeItem(STORED_AS);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(STORED_AS, chosen);
    document.documentElement.dataset.theme = chosen;
  }
}

/** Anything else is left out, because it goes into a style. */
export const isColour = (text: string | null): text is string =>
  text !== null && /^#[0-9a-f]{6}$/i.test(text);

/** An accent on dark pages: what is said, else a lighter one. */
export const onDark = (accent: string, dark: string | null): string =>
  isColour(dark) ? dark : `color-mix(in srgb, ${accent} 55%, white)`;

/** Whose pages they are: the accent in every style, the name in the tab. */
export function setBrand(brand: {
  name: string;
  accent: string | null;
  accent_dark: string | null;
}): void {
  document.title = brand.name;
  const style = document.documentElement.style;
  const { accent, accent_dark } = brand;
  if (isColour(accent))
    style.setProperty("--accent", `light-dark(${accent}, ${onDark(accent, accent_dark)})`);
  else style.removeProperty("--accent");
}
