// A real provider of identities (the package oidc-provider), with made-up people who come in by any
// password: whoever says a name gets the address of that name.
import { createServer } from "node:http";
import Provider from "oidc-provider";

export interface Identities {
  issuer: string;
  stop: () => Promise<void>;
}

export async function openProvider(
  client: { id: string; secret: string; back: string; after: string },
  domain: string,
): Promise<Identities> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.back],
        post_logout_redirect_uris: [client.after],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name"],
      groups: ["groups"],
    },
    scopes: ["openid", "email", "profile", "groups"],
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        email: `${id}@${domain}`,
        email_verified: true,
        name: `${id[0]?.toUpperCase()}${id.slice(1)} Nyström`,
        groups: id === "greta" ? ["disponents"] : [],
      }),
    }),
  });
  listener.on("request", provider.callback());
  const stop = () =>
    new Promise<void>((resolve) => {
      listener.close(() => resolve());
      listener.closeAllConnections();
    });
  return { issuer, stop };
}
