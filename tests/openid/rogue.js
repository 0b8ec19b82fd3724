// An OpenID provider that misbehaves as it is told to. Nobody is asked anything: whoever is sent here is sent back at once
// with a code. What a provider checks it checks: the client's secret, PKCE, the redirect, and that a code is used once.
//
//   node rogue.js [CERTIFICATE KEY]     over TLS with these, for the name localhost
//
// Prints its address once it listens. POST /behave takes what to do from then on (nothing: behave well):
//   claims     claims of the ID token to set, or to leave out where null
//   signature  "tampered", "other_key", "unknown_key", "none", "shared_secret", "public_key_as_secret"
//   header     header fields of the ID token to set
//   callback   parameters of the way back to set, or to leave out where null
//   rotate     true: sign with a new key from now on, and publish it
//   token      {status, type, body}: what the token endpoint answers instead
//   user_info  claims that the user info endpoint gives
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

const [certificate, key] = process.argv.slice(2);
const secret = process.env.OPENID_SECRET;
const newKey = () => ({
  kid: randomBytes(4).toString('hex'),
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const without = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

let current = newKey();
const other = newKey();
const codes = new Map();
const tokens = new Map();
let behaviour = {};
let issuer;

function idToken(request) {
  const now = Math.floor(Date.now() / 1000);
  const claims = without({
    iss: issuer,
    sub: 'ann-at-the-provider',
    aud: 'audit',
    iat: now,
    exp: now + 300,
    nonce: request.nonce,
    email: 'ann@example.org',
    email_verified: true,
    ...behaviour.claims,
  });
  const how = behaviour.signature;
  const algorithm = how === 'none' ? 'none' : /secret/.test(how ?? '') ? 'HS256' : 'RS256';
  const kid = how === 'unknown_key' ? 'nobody-knows-it' : current.kid;
  const header = without({ alg: algorithm, typ: 'JWT', kid: algorithm === 'RS256' ? kid : null, ...behaviour.header });
  const text = `${encode(header)}.${encode(claims)}`;
  const hmac = (sharedKey) => createHmac('sha256', sharedKey).update(text).digest('base64url');
  const rsa = (privateKey) => sign('sha256', Buffer.from(text), privateKey).toString('base64url');
  switch (how) {
    case 'none':
      return `${text}.`;
    case 'shared_secret':
      return `${text}.${hmac(secret)}`;
    case 'public_key_as_secret':
      return `${text}.${hmac(createPublicKey(current.privateKey).export({ type: 'spki', format: 'pem' }))}`;
    case 'other_key':
    case 'unknown_key':
      return `${text}.${rsa(other.privateKey)}`;
    case 'tampered':
      return `${encode(header)}.${encode({ ...claims, email: 'team@example.org' })}.${rsa(current.privateKey)}`;
    default:
      return `${text}.${rsa(current.privateKey)}`;
  }
}

function token(request, fields) {
  const given = codes.get(fields.get('code'));
  codes.delete(fields.get('code'));
  const basic = `Basic ${Buffer.from(`audit:${encodeURIComponent(secret)}`).toString('base64')}`;
  const challenge = createHash('sha256').update(fields.get('code_verifier') ?? '').digest('base64url');
  if (request.headers.authorization !== basic) return [401, { error: 'invalid_client' }];
  const fits = given && given.challenge === challenge && given.redirect === fields.get('redirect_uri');
  if (!fits) return [400, { error: 'invalid_grant', error_description: '<script>alert("used before")</script>' }];
  const accessToken = randomBytes(16).toString('hex');
  tokens.set(accessToken, given);
  return [200, { access_token: accessToken, token_type: 'Bearer', expires_in: 60, id_token: idToken(given) }];
}

const routes = {
  'GET /.well-known/openid-configuration': () => [200, {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // Published or not, the last two prove nothing.
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  }],
  'GET /keys': () => [200, {
    keys: [{ ...createPublicKey(current.privateKey).export({ format: 'jwk' }), kid: current.kid, use: 'sig' }],
  }],
  'GET /authorize': (request, _, query) => {
    const code = randomBytes(16).toString('hex');
    const [redirect, challenge] = [query.get('redirect_uri'), query.get('code_challenge')];
    if (query.get('code_challenge_method') !== 'S256' || query.get('response_type') !== 'code') return [400, {}];
    codes.set(code, { redirect, challenge, nonce: query.get('nonce') });
    const back = without({ code, state: query.get('state'), ...behaviour.callback });
    return [303, {}, { location: `${redirect}?${new URLSearchParams(back)}` }];
  },
  'POST /token': (request, body) => {
    const answer = token(request, new URLSearchParams(body));
    const { status, type, body: text } = behaviour.token ?? {};
    return status ? [status, text, { 'content-type': type }] : answer;
  },
  'GET /me': (request) => {
    const given = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    return given ? [200, { sub: 'ann-at-the-provider', ...behaviour.user_info }] : [401, {}];
  },
  'POST /behave': (_, body) => {
    behaviour = JSON.parse(body);
    if (behaviour.rotate) current = newKey();
    return [200, {}];
  },
};

async function answer(request, response) {
  const url = new URL(request.url, issuer);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const route = routes[`${request.method} ${url.pathname}`] ?? (() => [404, {}]);
  const [status, body, headers] = route(request, Buffer.concat(chunks).toString(), url.searchParams);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const server = certificate
  ? createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
  : createServer(answer);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  issuer = certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  console.log(issuer);
});
