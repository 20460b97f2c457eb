# SPDX-License-Identifier: Apache-2.0
# needs strace
## contrast-coordinator store import, killed at each of the calls by which it changes the store: there is the whole history or none,
## and the next import brings it.
$ python3 "$TOP/tests/coordinator.py" deploy d; python3 "$TOP/tests/coordinator.py" start d; python3 "$TOP/tests/coordinator.py" body manifest d | python3 "$TOP/tests/coordinator.py" post d /v1/manifest | sed -n 1p; python3 "$TOP/tests/coordinator.py" stop d; contrast-coordinator store export a.tar --store dir:d/store | sed 's/ [0-9a-f]*$//'
200
1 manifest, 2 policies, latest transition
$ killed() ( # CALL WHEN
>     rm -rf e; mkdir e; strace -f -o /dev/null -e trace=$1 -e inject=$1:signal=KILL:when=$2 contrast-coordinator store import a.tar --store dir:e >/dev/null
>     [ $? = 137 ]
> ) 2>/dev/null
> for call in mkdirat write fsync renameat; do
>     n=1; none=0; whole=0
>     while killed $call $n; do
>         state=$(contrast-coordinator store check --store dir:e | grep -v 'not needed')
>         case $state in 'no manifest was ever set') none=1; contrast-coordinator store import a.tar --store dir:e >/dev/null || echo "$call $n: refused";; '1 manifest, '*) whole=1;; *) echo "$call $n: $state";; esac
>         rm -f b.tar; contrast-coordinator store export b.tar --store dir:e >/dev/null; cmp a.tar b.tar || echo "$call $n: another history"; n=$((n + 1))
>     done
>     echo "$call: $([ $n -gt 3 ] && echo several), none: $none, whole: $whole"
> done
mkdirat: several, none: 1, whole: 0
write: several, none: 1, whole: 1
fsync: several, none: 1, whole: 1
renameat: several, none: 1, whole: 0
