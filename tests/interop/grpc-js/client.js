// SPDX-License-Identifier: Apache-2.0

// The User API as grpc-js sees it: node client.js PORT.  The Coordinator has a manifest.
//
// Attested TLS is node's, on a socket of its own, since grpc-js offers nothing but h2 in ALPN; grpc-js speaks through it.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const net = require('node:net');
const tls = require('node:tls');
const grpc = require('@grpc/grpc-js');
const protobuf = require('protobufjs');

const port = Number(process.argv[2]);
const schema = protobuf.parse(`syntax = "proto3";
  message LatestTransition { bytes TransitionHash = 1; bytes Signature = 2; }
  message GetManifestsResponse {
    repeated bytes Manifests = 1; repeated bytes Policies = 2; bytes RootCA = 3; bytes MeshCA = 4; LatestTransition LatestTransition = 5;
  }`, {keepCase: true}).root;
const answerType = schema.lookupType('GetManifestsResponse');

const sha = (name, ...parts) => parts.reduce((hash, part) => hash.update(part), crypto.createHash(name)).digest();

// attested connects, and checks that the certificate has evidence over this nonce and its own key.
function attested(nonce, byName) {
  return new Promise((resolve, reject) => {
    const where = byName ? {servername: nonce.toString('base64'), ALPNProtocols: ['h2']} :
      {ALPNProtocols: ['atls:v1:nonce:' + nonce.toString('hex'), 'h2']};
    const socket = tls.connect({host: '127.0.0.1', port, rejectUnauthorized: false, ...where}, () => {
      const leaf = socket.getPeerX509Certificate();
      const spki = leaf.publicKey.export({type: 'spki', format: 'der'});
      const bound = Buffer.concat([Buffer.from([0x5a, 64]), sha('sha512', spki, nonce)]);     // report_data, field 11
      try {
        assert.strictEqual(socket.alpnProtocol, 'h2');
        assert(leaf.raw.includes(bound), 'REPORT_DATA binds another key or nonce');
        assert(leaf.verify(leaf.publicKey));
        resolve(socket);
      } catch (e) {
        socket.destroy();
        reject(e);
      }
    });
    socket.once('error', reject);
  });
}

// through runs body with a client of grpc-js whose connection is the attested one.
async function through(nonce, byName, body) {
  const secure = await attested(nonce, byName);
  const relay = net.createServer((plain) => {
    plain.pipe(secure).pipe(plain);
    for (const end of [plain, secure]) end.on('error', () => { plain.destroy(); secure.destroy(); });
  });
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const client = new grpc.Client('127.0.0.1:' + relay.address().port, grpc.credentials.createInsecure());
  try {
    await body((path, request) => new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, (b) => b, (b) => b, request, {deadline: Date.now() + 60000},
        (error, answer) => error ? reject(error) : resolve(answer));
    }));
  } finally {
    client.close();
    secure.destroy();
    relay.close();
  }
}

const names = ['/edgelesssys.contrast.userapi.UserAPI/', '/userapi.UserAPI/'];
const none = Buffer.alloc(0);

async function manifests(call) {
  for (const name of names) {
    const answer = answerType.decode(await call(name + 'GetManifests', none));
    assert(answer.Manifests.length > 0 && answer.Policies.length > 0);
    const last = answer.Manifests.reduce((before, m) => sha('sha256', sha('sha256', m), before), Buffer.alloc(32));
    assert.deepStrictEqual(Buffer.from(answer.LatestTransition.TransitionHash), last);
    const root = new crypto.X509Certificate(answer.RootCA);
    assert(root.ca && root.verify(root.publicKey));
  }
}

async function failures(call) {
  const code = async (path, request) => call(path, request).then(() => grpc.status.OK, (e) => e.code);
  assert.strictEqual(await code(names[0] + 'None', none), grpc.status.UNIMPLEMENTED);
  assert.strictEqual(await code(names[0] + 'SetManifest', Buffer.from([0x0a, 2, 0x7b, 0x7d])), grpc.status.INVALID_ARGUMENT);
  assert.strictEqual(await code(names[0] + 'SetManifest', Buffer.from([0x0a, 200])), grpc.status.INVALID_ARGUMENT);
  await manifests(call);
}

async function many(call) {
  await Promise.all(Array.from({length: 64}, () => call(names[0] + 'GetManifests', none)));
}

const refused = (nonce) => attested(nonce, false).then(() => { throw new assert.AssertionError({message: 'no refusal'}); },
  (e) => { if (e instanceof assert.AssertionError) throw e; });

const cases = {
  'GetManifests, nonce in ALPN': () => through(crypto.randomBytes(32), false, manifests),
  'GetManifests, nonce in SNI': () => through(crypto.randomBytes(32), true, manifests),
  'failures': () => through(crypto.randomBytes(32), false, failures),
  'many calls on one connection': () => through(crypto.randomBytes(32), false, many),
  'nonces of 31 and 33 bytes refused': () => refused(crypto.randomBytes(31)).then(() => refused(crypto.randomBytes(33))),
};

(async () => {
  let failed = 0;
  for (const [name, body] of Object.entries(cases)) {
    try {
      await body();
      console.log(`passed: grpc-js: ${name}`);
    } catch (e) {
      failed++;
      console.log(`failed: grpc-js: ${name}: ${e.message}`);
    }
  }
  console.log(`${Object.keys(cases).length - failed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed ? 1 : 0);
})();
