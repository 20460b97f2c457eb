# SPDX-License-Identifier: Apache-2.0
## The verifier's list of negative tests through the program: the check that must fail, and the exit code.
$ $TOP/tests/negatives.py 1 18
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 19 36
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 37 48
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 49 60
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 61 83
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 84 119
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 120 138
/[0-9]+ rows, 0 wrong/
$ $TOP/tests/negatives.py 139 144
/[0-9]+ rows, 0 wrong/
