// What of a message could not be read: where, what stood there, and what was to stand there.
import type { Place } from "@/api/types";
import { text } from "@/i18n";
import { errorText, placeText } from "./MessagePage";

export interface Fault {
  code: string;
  expected: string;
  found: string;
  key: string;
  place: Place;
}

export function faultsOf(error: unknown): Fault[] {
  const faults = (error as { faults?: unknown } | null)?.faults;
  return Array.isArray(faults) ? (faults as Fault[]) : [];
}

/** Without the marks by which a terminal sets values apart. */
export const expectedText = ({ expected }: Fault): string => expected.replaceAll("`", "");

/** The first fault in the reader's words; the reader of messages' own, where it tells no more. */
export function faultText(error: unknown): string {
  const fault = faultsOf(error)[0];
  if (fault === undefined) return errorText(error);
  const where = [placeText(fault.place), fault.key].filter(Boolean).join(", ");
  return text("quarantine.fault", {
    where,
    found: fault.found || "–",
    expected: expectedText(fault),
  });
}
