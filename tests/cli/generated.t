## What is committed under docs/ is what the tables say.
$ contrast help --man | diff - $TOP/docs/contrast.1
$ contrast help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >commands; for c in $(cat commands); do contrast help --man $c | diff - $TOP/docs/contrast-$c.1; done
$ ls $TOP/docs | sed -n 's/^contrast-\(.*\)\.1$/\1/p' | grep -vx fetch | diff - <(sort commands) && grep -c inspect commands
1
$ for p in contrast-coordinator contrast-initializer contrast-mesh; do $p --man | diff - $TOP/docs/$p.8; done; ls $TOP/docs | grep -c '\.8$'
3
$ contrast help --man contrast-fetch | diff - $TOP/docs/contrast-fetch.1
$ contrast help --completion bash | diff - $TOP/docs/contrast.bash
$ contrast help --completion zsh | diff - $TOP/docs/_contrast
$ contrast help --completion fish | diff - $TOP/docs/contrast.fish
$ contrast explain --man | diff - $TOP/docs/contrast-checks.7
$ grep -c '^\.IP$' $TOP/docs/contrast-checks.7 | diff - <(grep -c '^CHECK(' $TOP/verify/checks.def)
$ contrast explain --markdown | diff - $TOP/docs/checks.md

## The sample is what the simulator and contrast verify make of it.
$ python3 $TOP/tests/deployment.py --history 3 --out d && cmp d/manifest.json $TOP/docs/sample/manifest.json && cmp d/root.pem $TOP/docs/sample/root.pem
> contrast verify -q -m d/manifest.json --evidence d/answer.json --nonce $(cat d/nonce) --insecure-root d/root.pem --at 2026-06-01T12:00:00Z \
>     --captured-at 2026-06-01T12:00:00Z --save b.tar | tail -c 10; cmp b.tar $TOP/docs/sample/bundle.tar
(exit 10)

## Each shell reads its completion.
$ bash -n $TOP/docs/contrast.bash && zsh -n $TOP/docs/_contrast && fish -n $TOP/docs/contrast.fish

## What bash offers.
$ mkdir files && touch files/leaf.der files/report.bin
$ cat >bash.sh <<'END'
> . $TOP/docs/contrast.bash
> compopt() { COMPREPLY=("(files)"); }
> try() { COMP_WORDS=(contrast "$@"); COMP_CWORD=$#; _contrast; echo "[$*] ${COMPREPLY[*]:-nothing}"; }
> END
> bash -uc '. ./bash.sh; try ""; try ins; try inspect --no; try inspect --format ""; try inspect --format j; try inspect --format =; try inspect --format = j
>   try inspect --vmpl ""; try explain crl.w; try measure --prod; try selftest ""; try help ""; try help inspect ""; try help --completion ""'
[] generate verify set recover manifest policy sign inspect measure collateral explain selftest version help --help
[ins] inspect
[inspect --no] --no-revocation --no-provisional
[inspect --format ] text json junit
[inspect --format j] json junit
[inspect --format =] text json junit
[inspect --format = j] json junit
[inspect --vmpl ] nothing
[explain crl.w] crl.window
[measure --prod] --product
[selftest ] nothing
[help ] generate verify set recover manifest policy sign inspect measure collateral explain selftest version help
[help inspect ] nothing
[help --completion ] bash zsh fish
## Files where a file is due, and nowhere else; bash parts a time at its colons.
$ bash -uc '. ./bash.sh; try inspect rep; try inspect -o ""; try inspect --collateral ""; try inspect -- --fo; try collateral ""; try collateral import ""
>   try collateral --at 2026-06-01T00 : 00 : 00Z ""; try collateral --at 2026-06-01T00 : 00 : 00Z list ""'
[inspect rep] (files)
[inspect -o ] (files)
[inspect --collateral ] (files)
[inspect -- --fo] (files)
[collateral ] import export list
[collateral import ] (files)
[collateral --at 2026-06-01T00 : 00 : 00Z ] import export list
[collateral --at 2026-06-01T00 : 00 : 00Z list ] (files)
## An option once, unless it may be repeated.
$ bash -uc '. ./bash.sh; try inspect --format json --fo; try inspect --format = json --fo; try inspect -o x --ou; try inspect -q --qu; try inspect --collateral x --coll; try inspect --nonsense --qu'
[inspect --format json --fo] nothing
[inspect --format = json --fo] nothing
[inspect -o x --ou] nothing
[inspect -q --qu] nothing
[inspect --collateral x --coll] --collateral
[inspect --nonsense --qu] --quiet

## What zsh offers: a shell at a terminal of its own, whose compadd tells what it is given.
$ cat >inner.zsh <<'END'
> stty columns 250; unsetopt auto_list
> PROMPT= fpath=($TOP/docs $fpath)
> autoload -Uz compinit && compinit -u -D
> compadd() {
>     [[ ${(j: :)argv[1,(i)--]} == *-[AOD]\ * ]] && { builtin compadd "$@"; return }
>     local -a hits texts
>     local at=$argv[(I)-d] i
>     (( at )) && texts=("${(@P)argv[at+1]}")
>     builtin compadd -A hits -D texts "$@"
>     for (( i = 1; i <= $#hits; i++ )) print -r -- "${texts[i]:-$hits[i]}" >>../offered
>     builtin compadd "$@"
> }
> offer() { zle complete-word; BUFFER=; print "OFFER""ED" }
> zle -N offer && bindkey '^I' offer
> cd files
> END
> cat >outer.zsh <<'END'
> zmodload zsh/zpty
> zpty z zsh -f -i
> zpty -w z 'source ./inner.zsh; print "REA""DY"'
> zpty -r z seen '*READY*'
> for line; do
>     : >offered
>     zpty -n -w z "contrast $line"$'\t'
>     zpty -r z seen '*OFFERED*'
>     print -r -- "[$line] ${${(j:; :)${(f)$(<offered)}}:-nothing}"
> done
> END
> zsh -f outer.zsh ins 'inspect --no' 'inspect --format ' 'inspect --format j' 'inspect --format=j' 'inspect --vmpl ' 'explain crl.w' 'measure --prod' 'help ' 'help --completion ' \
>     'inspect ' 'inspect rep' 'inspect -o ' 'inspect --collateral=l' 'inspect -- --fo' 'collateral ' 'collateral import ' 'collateral --at 2026-06-01T00:00:00Z im' \
>     'inspect --format json --fo' 'inspect --format=json --fo' 'inspect -o x --ou' 'inspect -q --qu' 'inspect --collateral x --coll'
[ins] inspect  -- tell what SNP reports say and whether they are genuine
[inspect --no] --no-revocation   -- do not ask for a CRL; the verdict says so; --no-provisional  -- the firmware that runs must be the committed one
[inspect --format ] text; json; junit
[inspect --format j] json; junit
[inspect --format=j] json; junit
[inspect --vmpl ] nothing
[explain crl.w] crl.window
[measure --prod] --product  -- CPU model by product line: milan, genoa or turin
[help ] generate; verify; set; recover; manifest; policy; sign; inspect; measure; collateral; explain; selftest; version; help
[help --completion ] bash; zsh; fish
[inspect ] leaf.der; report.bin
[inspect rep] report.bin
[inspect -o ] leaf.der; report.bin
[inspect --collateral=l] leaf.der
[inspect -- --fo] nothing
[collateral ] import; export; list
[collateral import ] leaf.der; report.bin
[collateral --at 2026-06-01T00:00:00Z im] import
[inspect --format json --fo] nothing
[inspect --format=json --fo] nothing
[inspect -o x --ou] nothing
[inspect -q --qu] nothing
[inspect --collateral x --coll] --collateral  -- file or folder with leaves and CRLs, DER or PEM (repeatable); never roots

## What fish offers.
$ cat >offer.fish <<'END'
> source $TOP/docs/contrast.fish
> cd files
> for line in $argv
>     set -l offers (complete -C "contrast $line" | string replace \t '  -- ')
>     set -q offers[1]; or set offers nothing
>     echo "[$line]" (string join -- '; ' $offers)
> end
> END
> fish -N offer.fish ins 'inspect --no' 'inspect --format ' 'inspect --format j' 'inspect --format=j' 'inspect --vmpl ' 'explain crl.w' 'measure --prod' 'selftest ' 'help ' 'help inspect ' 'help --completion ' \
>     'inspect ' 'inspect rep' 'inspect -o ' 'inspect --collateral=l' 'inspect -- --fo' 'collateral ' 'collateral import ' 'collateral --at 2026-06-01T00:00:00Z im' \
>     'inspect --format json --fo' 'inspect --format=json --fo' 'inspect -o x --ou' 'inspect -q --qu' 'inspect --collateral x --coll'
[ins] inspect  -- tell what SNP reports say and whether they are genuine
[inspect --no] --no-provisional  -- the firmware that runs must be the committed one; --no-revocation  -- do not ask for a CRL; the verdict says so
[inspect --format ] json  -- text (default), json or junit; junit  -- text (default), json or junit; text  -- text (default), json or junit
[inspect --format j] json  -- text (default), json or junit; junit  -- text (default), json or junit
[inspect --format=j] --format=json  -- text (default), json or junit; --format=junit  -- text (default), json or junit
[inspect --vmpl ] nothing
[explain crl.w] crl.window
[measure --prod] --product  -- CPU model by product line: milan, genoa or turin
[selftest ] nothing
[help ] collateral; explain; generate; help; inspect; manifest; measure; policy; recover; selftest; set; sign; verify; version
[help inspect ] nothing
[help --completion ] bash  -- completion for bash, zsh or fish; fish  -- completion for bash, zsh or fish; zsh  -- completion for bash, zsh or fish
[inspect ] leaf.der; report.bin
[inspect rep] report.bin
[inspect -o ] leaf.der; report.bin
[inspect --collateral=l] --collateral=leaf.der
[inspect -- --fo] nothing
[collateral ] export; import; list
[collateral import ] leaf.der; report.bin
[collateral --at 2026-06-01T00:00:00Z im] import
[inspect --format json --fo] nothing
[inspect --format=json --fo] nothing
[inspect -o x --ou] nothing
[inspect -q --qu] nothing
[inspect --collateral x --coll] --collateral  -- file or folder with leaves and CRLs, DER or PEM (repeatable); never roots
