#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a Coordinator, or whoever stands before it, may not do: tests/deployments.py    (contrast and snp-sim are in PATH)

Each row makes a deployment with tests/deployment.py, changes the answer on its way, judges it with `contrast verify`, and
asks for exactly these checks to fail, exactly these not to run, and this exit code.  Prints what differs, and a count.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys

import deployment

ZERO = '00' * 32
SNP = '/ReferenceValues/snp/0'
AT = '2026-06-01T00:00:00Z'


def digest(what):
    return hashlib.sha384(what).hexdigest()


def entry(**changes):
    return json.dumps(dict(deployment.manifest_of('milan', 0)['ReferenceValues']['snp'][0], **changes))


OTHER = entry(TrustedMeasurement=digest(b'another launch'))
GENOA = entry(ProductName='Genoa')
V1 = ('--capabilities', 'd/capabilities.json')
DEAD_LEAF = ('leaf.encoding leaf.key leaf.extensions leaf.issuer leaf.subject leaf.algorithm leaf.validity leaf.kind leaf.product '
             'leaf.tcb leaf.hwid root.trusted issuer.validity issuer.signature leaf.signature crl.issuer crl.algorithm '
             'crl.signature crl.window crl.serials report.signature')


def put(name, value):
    def change(answer):
        answer[name] = value
    return change


def reverse(name):
    return lambda answer: answer[name].reverse()


def cut(name, index):
    def change(answer):
        del answer[name][index]
    return change


def beside(_):
    """Another run of the same deployment, for its files."""
    run_deployment('other', [])


def of_another(name, *knobs):
    """The member of another answer of the same deployment."""
    def change(answer):
        run_deployment('other', ['--nonce', 'ff' * 32, *knobs])
        answer[name] = read_answer('other')[name]
    return change


def other_capabilities(_):
    with open('d/capabilities.json', 'wb') as f:
        f.write(b'{"api_versions":["v1","v2"]}\n')


# knobs, changes to the answer, options of contrast, checks that fail, checks that do not run ('...' for any), exit code
ROWS = [
    ([], [], [], '', '', 10),
    (['--history', '1'], [], [], '', '', 10),
    (['--history', '7'], [], [], '', '', 10),
    # REPORT_DATA binds each part of the answer.
    (['--bind', 'nonce=' + ZERO], [], [], 'report-data', '', 8),
    (['--bind', 'transition=' + ZERO], [], [], 'report-data', '', 8),
    (['--bind', 'root_ca=' + ZERO], [], [], 'report-data', '', 8),
    (['--bind', 'mesh_ca=' + ZERO], [], [], 'report-data', '', 8),
    # An answer to /v1/attest binds the capabilities, one to /attest does not; a manifest may insist.
    (['--binding', 'attest-v1'], [], [], 'report-data', '', 8),
    (['--binding', 'attest-v1'], [], V1, '', '', 10),
    (['--binding', 'attest-v1', '--bind', 'capabilities=' + ZERO], [], V1, 'report-data', '', 8),
    (['--binding', 'attest-v1'], [other_capabilities], V1, 'report-data', '', 8),
    ([], [], V1, 'report-data', '', 8),
    (['--manifest', '/MinimumAPIVersion="v1"'], [], [], 'api-version', '', 8),
    (['--binding', 'attest-v1', '--manifest', '/MinimumAPIVersion="v1"'], [], V1, '', '', 10),
    (['--binding', 'attest-v1', '--manifest', '/MinimumAPIVersion="v2"'], [], V1, 'api-version', '', 8),
    # The Coordinator's policy is what HOST_DATA says: not a workload's, and none at all.
    (['--host-data', ZERO], [], [], 'host-data', '', 6),
    (['--host-data', deployment.sha256(deployment.POLICIES[1]).hex()], [], [], 'host-data', '', 6),
    (['--manifest', '/Unknown=1'], [], [], 'manifest.expected history.manifests', '...', 3),
    (['--manifest', '/Policies=null'], [], [], 'manifest.expected history.manifests', '...', 3),
    (['--old-manifest', '/Unknown=1'], [], [], 'history.manifests', 'policy.present policy.named', 3),
    # Policies: each that is named is there, and no other.
    (['--policy', '+x'], [], [], 'policy.named', '', 7),
    (['--policy', '-1'], [], [], 'policy.present', '', 7),
    (['--policy', '-0'], [], [], 'policy.present', '', 7),
    (['--policy', '-0', '--policy', '+x'], [], [], 'policy.present policy.named', '', 7),
    (['--policy', '+version = "0.1.0"\nalgorithm = "sha384"\n\n[data]\n'], [], [], 'policy.named policy.form', '', 3),
    (['--policy', '+version = "0.1.0"\nalgorithm = "sha256"\n[data\n'], [], [], 'policy.named policy.form', '', 3),
    (['--policy', '+version = "0.1.0"\nalgorithm = "sha256"\n\n[data]\n'], [], [], 'policy.named', '', 7),
    # The CA certificates, beside those of the loop below.
    (['--ca', 'mesh:same-key'], [], [], 'mesh-ca.profile', '', 4),
    (['--ca', 'mesh:cn=system:coordinator:root', '--ca', 'mesh:issuer=system:coordinator:root'], [], [], 'mesh-ca.profile',
     'mesh-ca.signature', 4),
    # Reference values: what the manifest demands of the report.
    (['--manifest', SNP + '/ProductName="Genoa"'], [], [], 'tcb.minimum tcb.launch-minimum reference.product', '', 6),
    (['--manifest', SNP + '/TrustedMeasurement=null'], [], [], 'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '/TrustedMeasurement=""'], [], [], 'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '/TrustedMeasurement="%s"' % ('00' * 48)], [], [], 'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '/TrustedMeasurement="%s"' % digest(b'')], [], [], 'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '/TrustedMeasurement=null', '--sim', '--report measurement=' + '00' * 48], [], [],
     'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '/MinimumTCB/SNPVersion=25'], [], [], 'tcb.minimum tcb.launch-minimum', '', 6),
    (['--manifest', SNP + '/MinimumMitigationVector=1'], [], [], 'mitigation.launch mitigation.current', '', 6),
    (['--manifest', SNP + '/AllowedChipIDs/-="%s"' % ('01' * 64)], [], [], 'chip-id', '', 6),
    (['--manifest', SNP + '/PlatformInfo/SMTEnabled=false'], [], [], 'platform.smt-en', '', 6),
    (['--manifest', SNP + '/PlatformInfo/CiphertextHidingDRAMEnabled=true'], [], [], 'platform.ciphertext-hiding-dram-en', '', 6),
    (['--sim', '--report vmpl=1'], [], [], 'vmpl', '', 6),
    (['--sim', '--report policy=0xb0000'], [], [], 'policy.debug', '', 6),
    (['--sim', '--report policy=0x70000'], [], [], 'policy.migrate-ma', '', 6),
    (['--sim', '--report id_key_digest=' + digest(b'')], [], [], 'id-block.id-key', '', 6),
    # Several reference values: one that is met is enough; when none is, the closest tells why.
    (['--manifest', SNP + '=' + OTHER, '--manifest', '/ReferenceValues/snp/-=' + GENOA], [], [], 'measurement id-block.id-key', '', 6),
    (['--manifest', SNP + '=' + OTHER, '--manifest', '/ReferenceValues/snp/-=' + GENOA,
      '--manifest', '/ReferenceValues/snp/-=' + entry(CPUs=8)], [], [], '', '', 10),
    # The report, its leaf and its CRL, as contrast inspect judges them.
    (['--sim', '--no-crl'], [], [], 'crl.present', 'crl.encoding crl.issuer crl.algorithm crl.signature crl.window crl.serials', 11),
    (['--sim', '--no-crl'], [], ['--no-revocation'], '', '', 10),
    (['--sim', '--no-crl'], [beside], ['--collateral', 'other/crl.der'], '', '', 10),
    (['--sim', '--no-crl --no-leaf'], [beside], ['--collateral', 'other/crl.der', '--collateral', 'other/leaf.der'], '', '', 10),
    (['--sim', '--no-leaf'], [], [], 'leaf.present', DEAD_LEAF, 11),
    (['--sim', '--crl-revoke ask'], [], [], 'crl.serials', '', 5),
    (['--sim', '--chain other'], [], [], 'leaf.signature', '', 4),
    (['--sim', '--report-signature other-key'], [], [], 'report.signature', '', 4),
    # What came is no answer, or not of SEV-SNP.
    ([], [put('attestation_type', [1, 3, 9901, 2, 2])], [], 'attest.type', '...', 11),
    ([], [put('attestation_type', [1, 3, 9901, 2, 3])], [], 'attest.type', '...', 11),
    ([], [put('attestation_type', [1, 3, 9901, 2, 99])], [], 'attest.type', '...', 11),
    ([], [put('attestation_type', [1, 3, 9901, 2])], [], 'attest.type', '...', 11),
    ([], [put('attestation_type', [1, 3, 9901, 2, 1, 0])], [], 'attest.type', '...', 11),
    ([], [lambda answer: answer.pop('attestation_type')], [], '', '', 10),
    ([], [put('raw_attestation_doc', '')], [], 'evidence.envelope', '...', 3),
    ([], [put('raw_attestation_doc', 'AAAA')], [], 'evidence.envelope', '...', 3),
    ([], [put('manifests', [])], [], 'attest.answer', '...', 3),
    ([], [put('manifests', None)], [], 'attest.answer', '...', 3),
    ([], [lambda answer: answer['policies'].append(answer['policies'][0])], [], 'attest.answer', '...', 3),
    ([], [put('hpke_pub_key', '')], [], 'attest.answer', '...', 3),
    ([], [put('root_ca', 'not base64')], [], 'attest.answer', '...', 3),
    ([], [put('root_ca', '')], [], 'root-ca.certificate report-data', 'root-ca.profile root-ca.signature root-ca.validity', 3),
    # Parts of other answers: replayed, swapped, left out, in another order.
    ([], [of_another('raw_attestation_doc')], [], 'report-data', '', 8),
    ([], [of_another('root_ca', '--ca', 'root:not-after=2036-01-01T00:00:00')], [], 'report-data', '', 8),
    ([], [of_another('mesh_ca', '--ca', 'mesh:not-after=2036-01-01T00:00:00')], [], 'report-data', '', 8),
    ([], [of_another('policies', '--policy', '+x')], [], 'policy.named', '', 7),
    ([], [of_another('manifests', '--history', '1')], [], 'report-data manifest.active', '', 8),
    ([], [of_another('manifests', '--history', '3')], [], 'report-data manifest.active', '', 8),
    (['--history', '3'], [reverse('manifests')], [], 'report-data manifest.active', '', 8),
    (['--history', '3'], [cut('manifests', 0)], [], 'report-data', '', 8),
    (['--history', '3'], [cut('manifests', 2)], [], 'report-data manifest.active', '', 8),
    (['--history', '3'], [reverse('policies')], [], '', '', 10),
    ([], [], ['--nonce', 'ff' * 32], 'report-data', '', 8),
]

BAD_CA = ['cn=system:coordinator:meshCA', 'issuer=x', 'alg=sha256', 'key=p256', 'bc=absent', 'bc=uncritical', 'bc=false',
          'bc=path-length', 'ku=0106', 'ku=absent', 'ski=absent', 'aki=1']
for ca in ('root', 'mesh'):
    prefix = ca + '-ca.'
    ROWS += [(['--ca', '%s:%s' % (ca, knob)], [], [], prefix + 'profile', prefix + 'signature', 4) for knob in BAD_CA]
    ROWS += [(['--ca', ca + ':signer=other'], [], [], prefix + 'signature', '', 4),
             (['--ca', ca + ':twice'], [], [], prefix + 'certificate', ' '.join(prefix + n for n in ('profile', 'signature', 'validity')), 3),
             (['--ca', ca + ':not-after=2026-05-31T23:59:59'], [], [], prefix + 'validity', '', 4),
             (['--ca', ca + ':not-after=2026-06-01T00:00:00'], [], [], '', '', 10),
             (['--ca', ca + ':not-before=2026-06-01T00:00:01'], [], [], prefix + 'validity', '', 4)]


# Manifests that upstream's Coordinator takes and that harm (docs/refusals.md): without a DNS name, with the secret of somebody
# else's transit key, hashes that never match, keys that are not read, platforms that prove nothing.
WEB = '/Policies/' + deployment.sha256(deployment.POLICIES[1]).hex()
BAD_MANIFEST = [WEB + '/SANs=[]', WEB + '/SANs=["10.0.0.1"]', WEB + '/WorkloadSecretID="0_web"', WEB + '/Role="Coordinator"',
                '/Policies/%s={"SANs":["x"]}' % ('AB' * 32), '/Policies/%s={"SANs":["x"]}' % ('00' * 32), '/SeedshareOwnerKeys=[]',
                '/policies={}', SNP + '/Platform="K3s-QEMU-Insecure"', SNP + '/MinimumTCB/SNPVersion=null',
                SNP + '/GuestPolicy/Debug=true', SNP + '/AllowedChipIDs/-="%s"' % ('00' * 64)]
ROWS += [(['--manifest', edit], [], [], 'manifest.expected history.manifests', '...', 3) for edit in BAD_MANIFEST]

# No option turns off a check that it does not name, alone or with the others.
BROKEN = [(['--bind', 'nonce=' + ZERO], 'report-data', 8), (['--host-data', ZERO], 'host-data', 6),
          (['--policy', '-1'], 'policy.present', 7), (['--ca', 'mesh:signer=other'], 'mesh-ca.signature', 4),
          (['--sim', '--report vmpl=1'], 'vmpl', 6), (['--sim', '--report-signature other-key'], 'report.signature', 4),
          (['--sim', '--chain other'], 'leaf.signature', 4)]
HARMLESS = [['--no-revocation'], ['--collateral', 'other/crl.der'], ['--expect-root-ca', 'd/root-ca.pem'], ['--expect-history', 'd/history']]
ROWS += [(knobs, [beside], options, check, '', code) for knobs, check, code in BROKEN
         for options in [HARMLESS[0], sum(HARMLESS, [])]]


def run_deployment(folder, knobs):
    shutil.rmtree(folder, ignore_errors=True)
    deployment.main(['--out', folder, *knobs])


def read_answer(folder):
    with open(os.path.join(folder, 'answer.json'), encoding='utf-8') as f:
        return json.load(f)


def judge(knobs, changes, options):
    run_deployment('d', knobs)
    answer = read_answer('d')
    for change in changes:
        change(answer)
    with open('d/answer.json', 'w', encoding='utf-8') as f:
        json.dump(answer, f)
    with open('d/nonce', encoding='utf-8') as f:
        nonce = [] if '--nonce' in options else ['--nonce', f.read().strip()]
    words = ['contrast', 'verify', '--evidence', 'd/answer.json', '-m', 'd/manifest.json', '--insecure-root', 'd/root.pem',
             '--at', AT, '--format', 'json', *nonce, *options]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    verdict = json.loads(done.stdout)
    ids = {o: [c['id'] for c in verdict['checks'] if c['outcome'] == o] for o in ('failed', 'not-run')}
    return set(ids['failed']), set(ids['not-run']), done.returncode


def main():
    wrong = 0
    for knobs, changes, options, failed, idle, code in ROWS:
        have = judge(knobs, changes, options)
        want = (set(failed.split()), have[1] if idle == '...' else set(idle.split()), code)
        if have != want:
            wrong += 1
            print('%s %s: want %s, have %s' % (' '.join(knobs), ' '.join(options), want, have))
    print('%d rows, %d wrong' % (len(ROWS), wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
