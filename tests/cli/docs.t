# SPDX-License-Identifier: Apache-2.0
## Every test that docs/threats.md names is there, by its suite and name or by its file; and there are some.
$ grep -oE '`[a-z_]+/[a-z_]+`' $TOP/docs/threats.md | tr -d '`' | sort -u >names; [ $(wc -l <names) -gt 12 ] || wc -l names
> while IFS=/ read -r suite name; do grep -qE "^Test\($suite, $name[,)]" $TOP/tests/test_*.c || echo "no test $suite/$name"; done <names
$ grep -oE '(tests|docs|fuzz)/[a-zA-Z_/]+\.(t|py|md)' $TOP/docs/threats.md $TOP/docs/operate.md | cut -d: -f2 | sort -u >files; [ $(wc -l <files) -gt 12 ] || wc -l files; while read -r f; do [ -e $TOP/$f ] || echo "no file $f"; done <files
## Every metric of docs/operate.md is one that a Coordinator tells; every setting is one that it has.
$ python3 $TOP/tests/coordinator.py deploy d; python3 $TOP/tests/coordinator.py start d --metrics 1; python3 $TOP/tests/coordinator.py get d probe /metrics >metrics; python3 $TOP/tests/coordinator.py stop d
> for m in $(grep -oE '\bcontrast_[a-z_]+' $TOP/docs/operate.md | sort -u); do grep -q "$m" metrics || echo "no metric $m"; done
no metric contrast_coordinator_crl_next_update_timestamp_seconds
$ for s in $(grep -oE -- '--[a-z][a-z-]+( 1)?' $TOP/docs/operate.md | cut -d' ' -f1 | sort -u); do { contrast-coordinator --help; for c in recover set verify generate; do contrast $c --help; done; } | grep -q -- "$s" || echo "no option $s"; done
no option --no-create-home
no option --now
no option --reload
no option --system
