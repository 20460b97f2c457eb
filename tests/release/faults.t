# SPDX-License-Identifier: Apache-2.0
# needs strace root
## A Coordinator ends in the middle of SetManifest: nothing that was acknowledged is lost, nothing is there by half, and the
## next one starts. tests/faults.py says how that is looked at; `ninja stress` kills at every call.
$ python3 $TOP/tests/coordinator.py deploy d; openssl ecparam -name secp384r1 -genkey -noout -out owner.pem
> cat >two.py <<'END'
> import base64, hashlib, json, subprocess
> policies = [open('d/policy.%d' % i, 'rb').read() for i in range(2)]
> policies.append(b'package agent_policy\n# another\n')
> m = json.load(open('d/manifest.json'))
> m['WorkloadOwnerPubKeys'] = [subprocess.run(['openssl', 'pkey', '-in', 'owner.pem', '-pubout', '-outform', 'DER'], capture_output=True, check=True).stdout.hex()]
> previous = '00' * 32
> for i in range(2):
>     text = json.dumps(m).encode()
>     open('m.json', 'wb').write(text)
>     subprocess.run(['contrast', 'sign', '-m', 'm.json', '--latest-transition', previous, '--workload-owner-key', 'owner.pem', '--out', 'sig'], check=True)
>     body = {'manifest': base64.b64encode(text).decode(), 'policies': [base64.b64encode(p).decode() for p in policies[:2 + i]],
>             'signature': base64.b64encode(open('sig', 'rb').read()).decode()}
>     json.dump(body, open('d/set.%d' % i, 'w'))
>     previous = hashlib.sha256(hashlib.sha256(text).digest() + bytes.fromhex(previous)).hexdigest()
>     m['Policies'][hashlib.sha256(policies[2]).hexdigest()] = {'SANs': ['another'], 'WorkloadSecretID': 'another'}
> END
> python3 two.py
## Without power.
$ python3 $TOP/tests/faults.py power d
/\d+ calls, states with 0 manifests: \d+, 1 manifests: \d+, 2 manifests: \d+/
## Killed at each eleventh call.
$ python3 $TOP/tests/faults.py kill d 11
/(acknowledged: \d+, )?gone: \d+.*/
