// What a partner's people and keys see of prices and customers' names: said by an administrator, read by
// everybody else.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask, client } from "@/api/client";
import type { Partner } from "@/api/types";
import { text } from "@/i18n";
import { useMay, useSession } from "@/ui/session";
import { Trouble } from "@/ui/states";

export function Sight({ partner }: { partner: Partner }) {
  const queries = useQueryClient();
  // Who may put partners may not grant sight, but for administrators.
  const { role } = useSession();
  const mayPut = useMay("put_partner") && (role === "admin" || role === "operator");
  const putting = useMutation({
    mutationFn: (change: Partial<Partner>) =>
      ask(client.POST("/v1/partners", { body: { ...partner, ...change } })),
    // Until the list has it: the box does not jump back in between.
    onSuccess: () => queries.invalidateQueries({ queryKey: ["partners"] }),
  });
  // What was just said shows at once.
  const { sees_prices, sees_names } = {
    ...partner,
    ...(putting.isPending ? putting.variables : {}),
  };
  if (!mayPut) {
    const sees = [
      ...(sees_prices ? [text("partners.sees_prices")] : []),
      ...(sees_names ? [text("partners.sees_names")] : []),
    ];
    return (
      <p className="panel-body small soft">
        {sees.length > 0 ? sees.join(" · ") : text("partners.sees_neither")}
      </p>
    );
  }
  return (
    <div className="panel-body filters small">
      <label>
        <input
          type="checkbox"
          checked={sees_prices}
          onChange={(event) => putting.mutate({ sees_prices: event.target.checked })}
        />{" "}
        {text("partners.sees_prices")}
      </label>
      <label>
        <input
          type="checkbox"
          checked={sees_names}
          onChange={(event) => putting.mutate({ sees_names: event.target.checked })}
        />{" "}
        {text("partners.sees_names")}
      </label>
      {putting.error && <Trouble error={putting.error} />}
    </div>
  );
}
