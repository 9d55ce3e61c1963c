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

/** A brand's accent; anything but a hex colour is left out, because it goes into a style. */
export function setAccent(accent: string | null): void {
  const style = document.documentElement.style;
  if (accent !== null && /^#[0-9a-f]{6}$/i.test(accent))
    style.setProperty(
      "--accent",
      `light-dark(${accent}, color-mix(in srgb, ${accent} 55%, white))`,
    );
  else style.removeProperty("--accent");
}
