// What of a browser the pure modules touch when they are loaded; everything else is tested in a real
// one (`tests/`).
import { vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => "en", setItem: () => {}, removeItem: () => {} });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} } });
vi.stubGlobal("window", { location: { origin: "http://localhost" } });
