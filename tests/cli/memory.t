# SPDX-License-Identifier: Apache-2.0
## With too little memory a verdict in JSON is whole, a denial perhaps where a library could not go on, or not there at all. (A sanitizer takes more than any limit.)
$ s=$TOP/docs/sample; verify() { contrast verify --evidence $s/bundle.tar -m $s/manifest.json --insecure-root $s/root.pem --at capture --format json; }
> verify >whole.json; echo "exit $?"; lack() { (ulimit -v $1; verify) >out.json 2>err; code=$?; }
> low=2000; high=100000; lack $high; [ $code = 10 ] || high=0
> while [ $((low + 4)) -lt $high ]; do middle=$(((low + high) / 2)); lack $middle 2>/dev/null; if [ $code = 10 ]; then high=$middle; else low=$middle; fi; done
> for kilobytes in $(seq $((high - 400)) 8 $((high + 40))); do [ $high = 0 ] && break; lack $kilobytes; if [ $code = 10 ]; then cmp out.json whole.json; elif [ -s out.json ]; then [ $code != 0 ] && python3 -m json.tool out.json >/dev/null && grep -q '"decision":.*"deny"' out.json || echo "exit $code with half a verdict"; fi; tail -n 1 err; done | grep -v 'verify: out of memory' | sort -u >said
> [ $high = 0 ] && echo "contrast: verify: JSON: out of memory" >said; cat said
exit 10
contrast: verify: JSON: out of memory
