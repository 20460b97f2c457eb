## A guest with 8 vCPUs, expected by its digest with one (values of public tools), and the ID key derived from digest and policy.
$ mkdir eight one && snp-sim --out eight --report measurement=30629d2d4b6b57a42b46fcb5d6d6bd29ad27d2ea8911348dbbbc6635a2075d5dadff0b2e9204ec1e38dbf2a122242482
$ snp-sim --out one --report measurement=5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f --report id_key_digest=21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674f90bfae8288d5b1a
$ cat >judge <<'END'
> f=$1/report.bin; shift
> contrast inspect -q $f --collateral ${f%/*} --insecure-root ${f%/*}/root.pem --at 2026-06-01T00:00:00Z "$@"
> END
$ bash judge eight --launch-digest 5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f,0080b004
/eight.report.bin: ALLOW: .* 41 checks passed \(exit 10\)/
[exit 10]
$ bash judge eight --launch-digest 5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f,0080b000
/eight.report.bin: DENY: .*: measurement \(exit 6\)/
[exit 6]
$ bash judge one --launch-digest 5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f,0080b004 --derived-id-key 0x30000
/one.report.bin: ALLOW: .* 42 checks passed \(exit 10\)/
[exit 10]
$ bash judge one --launch-digest 5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f,0080b004 --derived-id-key 0x3001f
/one.report.bin: DENY: .*: id-block.id-key \(exit 6\)/
[exit 6]
## Without an expected measurement there is nothing to derive a key from: refused, not left out.
$ bash judge one --derived-id-key 0x30000
/one.report.bin: DENY: .*: id-block.id-key \(exit 6\)/
[exit 6]
$ bash judge one --launch-digest 5dd4,0080b004
/contrast: inspect: --launch-digest: .*launch digest: .*/
[exit 2]
$ bash judge one --launch-digest 5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f
/contrast: inspect: --launch-digest: .*reset EIP: .*/
[exit 2]
