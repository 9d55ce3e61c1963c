// Whether a feed is heard as it should be, as a mark with a word.
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { HEALTH_MARKS, HEALTH_TONES, type Health } from "./health";

export function HealthBadge({ health }: { health: Health }) {
  return (
    <Badge tone={HEALTH_TONES[health]} mark={HEALTH_MARKS[health]}>
      {text(`health.${health}`)}
    </Badge>
  );
}
