# SPDX-License-Identifier: Apache-2.0
## contrast-coordinator store: what is in a store is checked, taken out as one archive, and put into another.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> store() { contrast-coordinator store "$@"; }
> gnu() { LC_ALL=C tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 --no-recursion -C $1 -cf $2 $(cd $1; find manifests policies transitions -type f | LC_ALL=C sort); }
> END
$ contrast-coordinator store; contrast-coordinator store export; contrast-coordinator store export --store dir:d; contrast-coordinator store check now
contrast-coordinator: store: want check, export ARCHIVE or import ARCHIVE
contrast-coordinator: store export: want the archive's name behind it
contrast-coordinator: store export: want the archive's name behind it
contrast-coordinator: "now": is no setting; see --help
[exit 2]
$ contrast-coordinator store check --store dir:nowhere; ls
contrast-coordinator: "nowhere": No such file or directory
lib.sh
## Two manifests, the second by a signature; a Coordinator that runs has its store for itself.
$ . ./lib.sh; run deploy d; openssl ecparam -name secp384r1 -genkey -noout -out owner.pem
> cat >owned.py <<'END'
> import json, subprocess
> m = json.load(open('d/manifest.json'))
> m['WorkloadOwnerPubKeys'] = [subprocess.run('openssl pkey -in owner.pem -pubout -outform DER'.split(), stdout=subprocess.PIPE, check=True).stdout.hex()]
> for i in range(2):
>     json.dump(m, open('m%d.json' % i, 'w'))
>     for p in m['Policies'].values(): p['SANs'].append('more')
> END
> python3 owned.py; run start d; for i in 0 1; do contrast set -c 127.0.0.1:$(cat d/port.user) --insecure-root d/root.pem --workload-owner-key owner.pem -m m$i.json d/policy.0 d/policy.1 | sed 's/^[^ ]*//'; done; store check --store dir:d/store
 the manifest is set
 the manifest is set
contrast-coordinator: store: d/store: is in use by another process
[exit 1]
$ . ./lib.sh; run stop d; store check --store dir:d/store; CONTRAST_STORE=dir:d/store contrast-coordinator store check
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
## The archive is what GNU tar makes of the same files, whatever else is there.
$ . ./lib.sh; gnu d/store gnu.tar; printf left >x; cp x d/store/policies/$(sha256sum <x | cut -c1-64); store check --store dir:d/store; store export a.tar --store dir:d/store; cmp a.tar gnu.tar && echo same; ls -l a.tar | cut -c1-10
/not needed: policies/[0-9a-f]{64}/
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
same
-rw-------
$ . ./lib.sh; store export a.tar --store dir:d/store; store import a.tar --store dir:d/store; store import a.tar --store dir:e; store export b.tar --store dir:e; cmp a.tar b.tar && echo same
contrast-coordinator: "a.tar": File exists
contrast-coordinator: store: has a history already
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
same
## A Coordinator goes on from what was put in.
$ . ./lib.sh; mkdir f; cp -r d/issuer d/root.pem d/*.bin d/*.der f 2>/dev/null; cp -r e f/store; run start f; run get f probe /probe/readiness; run get f probe /probe/liveness; run stop f
503
200
## Archives that are none of ours: nothing is put.
$ cat >bad.py <<'END'
> data, members = open('a.tar', 'rb').read(), []
> while data[0]:
>     size = int(data[124:135], 8)
>     end = 512 + (size + 511) // 512 * 512
>     members.append((data[:512], data[512:512 + size]))
>     data = data[end:]
> def member(header, content, name=None):
>     h = bytearray(header)
>     if name: h[:100] = name.encode().ljust(100, b'\0')
>     h[124:135] = b'%011o' % len(content)
>     h[148:156] = b' ' * 8
>     h[148:155] = b'%06o\0' % sum(h)
>     return bytes(h) + content + bytes(-len(content) % 512)
> def write(name, blocks): open(name, 'wb').write(b''.join(blocks) + bytes(1024))
> good = [member(*m) for m in members]
> write('good.tar', good)
> write('order.tar', good[:1] + good[2:0:-1] + good[3:])
> write('twice.tar', good[:1] * 2 + good[1:])
> write('late.tar', good + [member(members[0][0], b'', 'transitions/z')])
> write('changed.tar', [member(members[0][0], members[0][1] + b' ')] + good[1:])
> write('headless.tar', good[:-1])
> write('other.tar', [member(members[0][0], b'', 'lock')] + good)
> write('shelf.tar', [member(*members[0], 'keys/' + members[0][0][10:74].decode())] + good[1:])
> write('hole.tar', good[1:])
> whole = b''.join(good) + bytes(1024)
> open('cut.tar', 'wb').write(whole[:-512]); open('long.tar', 'wb').write(whole + bytes(512)); open('empty.tar', 'w').close()
> END
> python3 bad.py; cmp good.tar a.tar && for t in good order twice late changed headless other shelf cut long empty; do echo $t: $(contrast-coordinator store import $t.tar --store dir:store.$t 2>&1 | sed 's/[0-9a-f]\{32,64\}/HASH/g'); done; find store.* -type f | grep -v -e store.good -e lock
/good: 2 manifests, .*/
/order: contrast-coordinator: archive: "manifests.*: is not in order, or there twice/
/twice: contrast-coordinator: archive: "manifests.*: is not in order, or there twice/
late: contrast-coordinator: archive: want transitions/latest as its last
/changed: contrast-coordinator: archive: "manifests.*: is not what its content is called/
headless: contrast-coordinator: archive: transitions/latest is missing
/other: contrast-coordinator: archive: "lock": is not what its content is called/
/shelf: contrast-coordinator: archive: "keys.*: is not what its content is called/
/cut: contrast-coordinator: archive: .*/
/long: contrast-coordinator: archive: .*/
/empty: contrast-coordinator: archive: .*/
[exit 1]
## One with a hole is found out when it is put together, and has no record then.
$ contrast-coordinator store import hole.tar --store dir:hole 2>&1 | sed 's/[0-9a-f]\{64\}/HASH/'; ls hole/transitions | grep -c latest
contrast-coordinator: store: manifests/HASH: No such file or directory
0
[exit 1]
## The whole one goes into the same store then.
$ contrast-coordinator store import a.tar --store dir:hole; contrast-coordinator store export hole.a.tar --store dir:hole; cmp a.tar hole.a.tar && echo same
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
/2 manifests, 2 policies, latest transition [0-9a-f]{64}/
same
## What a check finds: a changed content, a leftover that is not what its name says, a name that is none, a content that is gone.
$ check() { contrast-coordinator store check --store dir:$1 2>&1 | sed 's/[0-9a-f]\{32,64\}/HASH/g'; echo "exit ${PIPESTATUS[0]}"; }
> for i in 1 2 3 4 5; do cp -r e e$i; done
> for f in e1/policies/*; do printf x >>$f; break; done; echo left >e2/transitions/$(printf a%.0s {1..64}); touch e3/manifests/x.new
> for f in e4/manifests/*; do rm $f; break; done; printf 12345678901234567890123456789012 >e5/transitions/latest; for i in 1 2 3 4 5; do check e$i; done
/contrast-coordinator: store: policies/HASH: its content has the SHA-256 HASH.*/
exit 1
/contrast-coordinator: store: transitions/HASH: its content has the SHA-256 HASH.*/
exit 1
/contrast-coordinator: store: key "manifests/x.new": want two words .*/
exit 1
contrast-coordinator: store: manifests/HASH: No such file or directory
exit 1
/contrast-coordinator: store: transitions/latest: .*/
exit 1
## Before the first manifest.
$ mkdir none; contrast-coordinator store check --store dir:none; contrast-coordinator store export none.tar --store dir:none; ls none.tar
no manifest was ever set
contrast-coordinator: store: transitions/latest: No such file or directory
ls: cannot access 'none.tar': No such file or directory
[exit 2]
