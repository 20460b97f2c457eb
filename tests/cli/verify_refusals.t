# SPDX-License-Identifier: Apache-2.0
## What a Coordinator, or whoever stands before it, may not do: the rows of tests/deployments.py.
$ python3 "$TOP/tests/deployments.py"
/[0-9]{2,} rows, 0 wrong/
