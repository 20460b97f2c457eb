## What is committed under docs/ is what the tables say.
$ contrast help --man | diff - $TOP/docs/contrast.1
$ for c in inspect measure explain selftest version help; do contrast help --man $c | diff - $TOP/docs/contrast-$c.1; done
$ ls $TOP/docs/*.1 | wc -l; contrast help | sed -n '/^commands:/,/^$/p' | grep -c '^  '
7
6
$ contrast help --completion | diff - $TOP/docs/contrast.bash
$ contrast explain --markdown | diff - $TOP/docs/checks.md

## The completion works in a bash of its own.
$ cat >try.sh <<'END'
> . $TOP/docs/contrast.bash
> compopt() { echo "files"; }
> try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _contrast; echo "${COMPREPLY[*]}"; }
> END
> bash -c '. ./try.sh; try contrast ""; try contrast ins; try contrast inspect --no; try contrast inspect --format ""; try contrast inspect --format j
>   try contrast inspect -o ""; try contrast inspect --vmpl ""; try contrast inspect --collateral ""; try contrast inspect rep; try contrast explain crl.; try contrast measure --prod'
inspect measure explain selftest version help --help
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
