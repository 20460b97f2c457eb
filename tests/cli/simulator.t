# SPDX-License-Identifier: Apache-2.0
# The simulator's output, judged by openssl alone.

## Every kind of leaf on every product line: chain, CRL and signature of the report.
$ cat > judge.sh <<'END'
> # usage: judge.sh [snp-sim option...]
> set -e
> rm -rf s && mkdir s
> snp-sim "$@" --out s
> cd s
> intermediate=ask.der; openssl x509 -inform DER -in leaf.der -noout -subject | grep -q SEV-VLEK && intermediate=asvk.der
> for f in ark.der $intermediate leaf.der; do openssl x509 -inform DER -in $f -out $f.pem; done
> openssl verify -no_check_time -x509_strict -trusted ark.der.pem ark.der.pem
> openssl verify -no_check_time -trusted ark.der.pem -untrusted $intermediate.pem leaf.der.pem
> openssl crl -inform DER -in crl.der -CAfile ark.der.pem -noout
> openssl x509 -in leaf.der.pem -noout -pubkey > public.pem
> integer() { tail -c +$(($1 + 1)) report.bin | head -c 48 | od -An -v -tx1 -w1 | tac | tr -d ' \n'; }
> printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' $(integer 0x2a0) $(integer 0x2e8) > signature.cnf
> openssl asn1parse -genconf signature.cnf -out signature.der -noout
> head -c 672 report.bin | openssl dgst -sha384 -verify public.pem -signature signature.der
> END

$ version=2; for product in milan genoa turin; do for kind in vcek vlek; do
>   bash judge.sh --product $product --kind $kind --report-version $version --seed $version 2>&1
>   version=$((version == 5 ? 2 : version + 1))
> done; done | sort | uniq -c
/ +6 Verified OK/
/ +6 ark.der.pem: OK/
/ +6 leaf.der.pem: OK/
/ +6 verify OK/

## Each signature that a verifier must refuse for its algorithm or key is a good one of its kind.
$ for alg in pss-trailer pss-sha256 pss-mgf1-sha256 pss-salt32 pkcs1; do
>   bash judge.sh --leaf-alg $alg --crl-alg $alg 2>&1
> done | sort | uniq -c
/ +5 Verified OK/
/ +5 ark.der.pem: OK/
/ +5 leaf.der.pem: OK/
/ +5 verify OK/
$ bash judge.sh --leaf-key p256 2>&1
ark.der.pem: OK
leaf.der.pem: OK
verify OK
Verified OK
$ bash judge.sh --signer itself >/dev/null 2>&1
[exit 2]
$ openssl verify -no_check_time -CAfile s/leaf.der.pem s/leaf.der.pem 2>&1
s/leaf.der.pem: OK

## Equal options, equal bytes; another seed, another chip and key, and the same CAs.
$ for run in 1 2 3; do mkdir $run; done
$ snp-sim --envelope protobuf --out 1 && snp-sim --envelope protobuf --out 2 && diff -r 1 2
$ snp-sim --envelope protobuf --seed 1 --out 3; diff -rq 1 3
Files 1/evidence.bin and 3/evidence.bin differ
Files 1/leaf.der and 3/leaf.der differ
Files 1/leaf.pem and 3/leaf.pem differ
Files 1/report.bin and 3/report.bin differ
[exit 1]

## Mistakes are told, and nothing is made.
$ snp-sim
snp-sim: --out DIRECTORY is missing; see --help
[exit 2]
$ snp-sim --report polcy=1 --out 1
snp-sim: simulator: report field polcy: no such field
[exit 2]
$ snp-sim --product rome --out 1
snp-sim: --product: unknown: "rome"
[exit 2]
$ snp-sim --out nowhere
snp-sim: nowhere/report.bin: cannot be written
[exit 1]
