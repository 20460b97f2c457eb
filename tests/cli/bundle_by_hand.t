# SPDX-License-Identifier: Apache-2.0
## What docs/bundle.md says to do by hand: the lines of the page itself, and the sample.  It has neither a record of the latest transition nor a TLS key.
$ cp $TOP/docs/sample/bundle.tar NAME.tar; sed -n '/^## By hand/,/^## /s/^    //p' $TOP/docs/bundle.md | sed '/latest-transition/d;/tls-key/,$d' >hand.sh; cp $TOP/docs/sample/manifest.json .
> grep -c . hand.sh; . ./hand.sh >sum 2>&1; cat ../sum; cat ../t | od -An -v -tx1 | tr -d ' \n'; echo
> contrast inspect -q evidence.bin --report-data "$(cut -c1-64 ../sum)$(printf '%064d' 0)" --insecure-root $TOP/docs/sample/root.pem --at 2026-06-01T12:00:00Z
9
138e7aadbc0ac2060137c73899fc24bd45b7f4be4b0ad667b377965c01a0c720  -
9e6cc5702b3917a1e8e963f80289210685387351d9644586f3ccb2fd24e3008b
evidence.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 42 checks passed (exit 10)
[exit 10]

## The rest of it: whose policy HOST_DATA is, and which manifest of the history is one's own.
$ sed -n '/^## By hand/,/^## /s/^    //p' $TOP/docs/bundle.md | sed -n '/HOST_DATA/,$p' >rest.sh; cd bundle; . ../rest.sh >../rest; cd ..
> grep -A1 HOST_DATA rest | head -n 1; grep -A 5 '^  "Pol' rest; sed 's/.*= //' rest | grep -E '^[0-9a-f]{64}$' | sort | uniq -d | wc -l
  HOST_DATA            59c3b92abd2958ac88e168d88872242ea2e563de6a09badb13cb2f3de7769e1c
  "Policies": {
    "59c3b92abd2958ac88e168d88872242ea2e563de6a09badb13cb2f3de7769e1c": {
      "SANs": [
        "coordinator",
        "*"
      ],
1
