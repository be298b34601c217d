// A real OpenID Connect provider. It logs in whoever types a name of PEOPLE (JSON: subject -> claims), asks for
// consent, and prints one line when it answers.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { ISSUER, PORT, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, PEOPLE } = process.env;
const people = JSON.parse(PEOPLE);

const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["only for tests"] },
  findAccount: (context, subject) =>
    people[subject] && { accountId: subject, claims: () => ({ sub: subject, ...people[subject] }) },
});

createServer(provider.callback()).listen(Number(PORT), "127.0.0.1", () => console.log(`answers at ${ISSUER}`));
