// A real OpenID provider (oidc-provider, a certified implementation) for one client and the people of a file, which is
// read again at every sign-in. Its own pages ask for a login and any password.
//
//   node provider.js PEOPLE.json      {"ann": {"email": "ann@example.org", "email_verified": true}}
//
// Prints its address once it listens. The client is `audit`, its secret OPENID_SECRET; it may be sent back to any port of
// 127.0.0.1, since the service under test takes a free one.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [peopleFile] = process.argv.slice(2);
const people = () => JSON.parse(readFileSync(peopleFile, 'utf8'));

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey = { ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'audit',
        client_secret: process.env.OPENID_SECRET,
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/sign-in/openid/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    // Without PKCE it refuses.
    pkce: { required: () => true },
    jwks: { keys: [signingKey] },
    findAccount: (_, login) => {
      const person = people()[login];
      return person && { accountId: login, claims: () => ({ sub: login, ...person }) };
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
