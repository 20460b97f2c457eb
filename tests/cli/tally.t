## A test that hangs, or that is interrupted, ends with all that it has started (what is left behind fails a session).
$ python3 -c 'import sys; sys.path.insert(0, sys.argv[1] + "/tests"); import tally; tally.TEST_SECONDS_MAX = 1; tally.run("./out", "one", ["sh", "-c", "echo begun; sleep 100 & sleep 100"])' $TOP; cat out
begun
not ended after 1 seconds
FAILED: sh -c echo begun; sleep 100 & sleep 100
0 passed, 1 failed, 0 skipped
$ $TOP/tests/tally.py run ./out one sh -c 'sleep 100 & echo begun >begun; sleep 100' & for i in $(seq 400); do [ -s begun ] && break; sleep 0.05; done; kill $!; wait $!
ended by signal 15 (SIGTERM)
[exit 1]
## One that leaves a process behind is not waited for.
$ timeout 50 $TOP/tests/tally.py run ./out one sh -c 'sleep 100 &'; cat out
1 passed, 0 failed, 0 skipped
