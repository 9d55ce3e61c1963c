// Where a tenant asks for a second factor, whoever has none sets one up before anything else.
import { useQueryClient } from "@tanstack/react-query";
import { currentSession, type Session, signOut } from "@/api/session";
import { text } from "@/i18n";
import { SetUp } from "../account/SecondFactor";
import { Outside } from "./Outside";

export function SecondFactorFirst({ session }: { session: Session }) {
  const queries = useQueryClient();
  const done = async () => {
    queries.setQueryData(["session"], await currentSession());
  };
  const leave = async () => {
    await signOut();
    queries.setQueryData(["session"], null);
  };
  return (
    <Outside title={text("second_factor.first", { name: session.tenant.name })}>
      <div className="panel-body stack">
        <p>{text("second_factor.first_hint")}</p>
        <SetUp done={done} />
      </div>
      <div className="panel-body">
        <button type="button" className="link-button" onClick={leave}>
          {text("action.sign_out")}
        </button>
      </div>
    </Outside>
  );
}
