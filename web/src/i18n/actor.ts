// Who acted, as people say it.
import { text } from "./index";

/** Whoever acts at the machine itself, by the command line, where no key or person is known. */
export const AT_THE_MACHINE = "local";

export const actor = (who: string): string => (who === AT_THE_MACHINE ? text("audit.local") : who);
