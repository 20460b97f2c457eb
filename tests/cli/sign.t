# SPDX-License-Identifier: Apache-2.0
## What is signed is the transition, computed here by Python; OpenSSL verifies the signature over it.
$ cp $TOP/corpus/manifest/seed/late-2026 manifest.json; openssl ecparam -name secp384r1 -genkey -noout -out workload-owner.pem; openssl pkey -in workload-owner.pem -pubout -out public
$ transition() { python3 -c 'import hashlib,sys; h=lambda b: hashlib.sha256(b).digest(); print(end=h(h(open(sys.argv[1],"rb").read()) + bytes.fromhex(sys.argv[2])).hex())' $1 $2; }; declare -f transition >lib
$ . ./lib; contrast sign --prepare --out prepared && wc -c <prepared && transition manifest.json $(printf '%064d' 0) | cmp - prepared
64
$ contrast sign --out signature && openssl dgst -sha256 -verify public -signature signature prepared
Verified OK
$ umask 022; contrast sign --out signature && stat -c %a signature && openssl asn1parse -inform DER -in signature | grep -oE 'SEQUENCE|INTEGER'
644
SEQUENCE
INTEGER
INTEGER
## A manifest that no Coordinator takes is not signed.
$ printf '{"example":1}' >m1; contrast sign -m m1 --latest-transition a205b41de466816622fb9d755532e29b7f3d30397504d7609f8140397aff02ac --prepare --out prepared
contrast: sign: "m1": not a valid manifest, 3 findings: see contrast manifest check
[exit 3]
## After a history that was verified; its hash is taken as it stands.
$ mkdir verify; printf a205b41de466816622fb9d755532e29b7f3d30397504d7609f8140397aff02ac >verify/latest-transition
$ . ./lib; contrast sign --prepare --out prepared && transition manifest.json $(cat verify/latest-transition) | cmp - prepared && contrast sign --out signature && openssl dgst -sha256 -verify public -signature signature prepared
Verified OK
$ . ./lib; contrast sign --prepare --out prepared --latest-transition $(printf '%064d' 7) && transition manifest.json $(printf '%064d' 7) | cmp - prepared
$ . ./lib; contrast sign --prepare --out prepared --latest-transition=$(printf 'AB%062d' 7) && transition manifest.json $(printf 'AB%062d' 7) | cmp - prepared
$ echo >>verify/latest-transition; contrast sign --out signature
/contrast: sign: "verify/latest-transition": .*/
[exit 3]
$ printf 'a205' >verify/latest-transition; contrast sign --out signature
contrast: sign: "verify/latest-transition": want 64 hex digits and nothing else, have 4 bytes: "a205"
[exit 3]
$ printf 'g%063d' 0 >verify/latest-transition; contrast sign --out signature 2>&1 | sed 's/: hex.*//'
contrast: sign: "verify/latest-transition"
$ rm verify/latest-transition; mkdir verify/latest-transition; contrast sign --out signature
/contrast: sign: .*latest-transition.*/
[exit 1]
$ rm -r verify
## Another folder: the names that are not given lie there, those that are given do not.
$ mkdir w; mv manifest.json workload-owner.pem w; contrast sign --out signature
/contrast: sign: .*manifest.json.*No such file or directory/
[exit 1]
$ contrast sign --workspace-dir w --out signature && ls
...
signature
w
$ contrast sign --workspace-dir w -m manifest.json --out signature
/contrast: sign: .*manifest.json.*No such file or directory/
[exit 1]
$ mv w/* .
## Keys that cannot sign, and no key.
$ openssl ecparam -name prime256v1 -genkey -noout -out small.pem; contrast sign --workload-owner-key small.pem --out signature
contrast: sign: "small.pem": workload owner's key: want a key on P-384
[exit 3]
$ contrast sign --workload-owner-key none.pem --out signature
contrast: sign: "none.pem": No such file or directory
[exit 1]
$ contrast sign --workload-owner-key public --out signature
/contrast: sign: "public": .*PUBLIC KEY.*/
[exit 3]
$ contrast sign --workload-owner-key /dev/zero --out signature
contrast: sign: "/dev/zero": want a key, of at most 16384 bytes
[exit 3]
$ openssl pkcs8 -topk8 -nocrypt -in workload-owner.pem -out pkcs8.pem; contrast sign --workload-owner-key pkcs8.pem --out signature; contrast sign --prepare --out prepared && openssl dgst -sha256 -verify public -signature signature prepared
Verified OK
## Usage.
$ contrast sign
contrast: sign: say where to write, with --out (see contrast sign --help)
[exit 2]
$ contrast sign --out signature manifest.json
contrast: sign: it takes no operand: give the manifest with -m (see contrast sign --help)
[exit 2]
$ contrast sign --prepare --workload-owner-key k --out x
contrast: sign: --prepare needs no key: leave --workload-owner-key out (see contrast sign --help)
[exit 2]
$ contrast sign --latest-transition 00 --out x
/contrast: sign: --latest-transition.*: want 64 hex digits and nothing else, have 2 bytes: "00" .*/
[exit 2]
$ contrast sign --out workload-owner.pem
/contrast: sign: --out: "workload-owner.pem" is read, and would be replaced .*/
[exit 2]
$ contrast sign --out manifest.json
/contrast: sign: --out: "manifest.json" is read, and would be replaced .*/
[exit 2]
