## What is committed under docs/ is what the tables say.
$ contrast help --man | diff - $TOP/docs/contrast.1
$ for c in verify inspect measure collateral explain selftest version help; do contrast help --man $c | diff - $TOP/docs/contrast-$c.1; done
$ ls $TOP/docs/*.1 | wc -l; contrast help | sed -n '/^commands:/,/^$/p' | grep -c '^  '
9
8
$ contrast help --completion | diff - $TOP/docs/contrast.bash
$ contrast explain --markdown | diff - $TOP/docs/checks.md

## The sample is what the simulator and contrast verify make of it.
$ python3 $TOP/tests/deployment.py --history 3 --out d && cmp d/manifest.json $TOP/docs/sample/manifest.json && cmp d/root.pem $TOP/docs/sample/root.pem
> contrast verify -q -m d/manifest.json --evidence d/answer.json --nonce $(cat d/nonce) --insecure-root d/root.pem --at 2026-06-01T12:00:00Z \
>     --captured-at 2026-06-01T12:00:00Z --save b.tar | tail -c 10; cmp b.tar $TOP/docs/sample/bundle.tar
(exit 10)

## The completion works in a bash of its own.
$ cat >try.sh <<'END'
> . $TOP/docs/contrast.bash
> compopt() { echo "files"; }
> try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _contrast; echo "${COMPREPLY[*]}"; }
> END
> bash -c '. ./try.sh; try contrast ""; try contrast ins; try contrast inspect --no; try contrast inspect --format ""; try contrast inspect --format j
>   try contrast inspect -o ""; try contrast inspect --vmpl ""; try contrast inspect --collateral ""; try contrast inspect rep; try contrast explain crl.; try contrast measure --prod'
verify inspect measure collateral explain selftest version help --help
inspect
--no-revocation --no-provisional
text json junit
json junit
files


files

files

files
crl.present crl.encoding crl.issuer crl.algorithm crl.signature crl.window crl.serials
--product
