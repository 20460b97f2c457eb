# SPDX-License-Identifier: Apache-2.0
## What a Coordinator counts, told in the text format of Prometheus and with upstream's names.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> initialize() { # ISSUER FOLDER
>     mkdir -p "$2"
>     COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/$1 CONTRAST_FOLDER=$2 CONTRAST_DONE_FILE=$2/done \
>         timeout --foreground 3 contrast-initializer 2>$2/log
>     echo "exit $?"
> }
> changed() { run get d probe /metrics | sed 1d >metrics; grep -vE '^#|[ .]0+$|_sum|le="[0-9.]*"|timestamp' metrics | sed 's/edgelesssys.contrast.//; s/,grpc_type="unary"//'; }
> END
$ cat >check.py <<'END'
> import collections, re, sys
> types, names, seen = {}, collections.Counter(), set()
> for line in open('metrics', encoding='ascii').read().splitlines():
>     if line.startswith('# TYPE '):
>         name, types[name] = line.split()[2], line.split()[3]
>     elif not line.startswith('# HELP '):
>         m = re.fullmatch(r'([a-z_]+)((?:\{[^{}]*\})?) ([0-9.]+)', line)
>         base = re.sub('_(bucket|sum|count)$', '', m[1]) if m[1] not in types else m[1]
>         assert types[base] and (m[1] == base or types[base] == 'histogram') and (m[1], m[2]) not in seen, line
>         seen.add((m[1], m[2]))
>         names[m[1]] += 1
> for name in sorted(names): print(names[name], name)
> END
$ . ./lib.sh; run deploy d; run start d --metrics 1; changed; python3 check.py
contrast_coordinator_insecure_root 1
promhttp_metric_handler_requests_in_flight 1
1 contrast_coordinator_fetch_failures_total
1 contrast_coordinator_insecure_root
1 contrast_coordinator_manifest_generation
/[0-9]+ contrast_grpc_server_handled_total/
/[0-9]+ contrast_grpc_server_handling_seconds_bucket/
/[0-9]+ contrast_grpc_server_handling_seconds_count/
/[0-9]+ contrast_grpc_server_handling_seconds_sum/
/[0-9]+ contrast_grpc_server_msg_received_total/
/[0-9]+ contrast_grpc_server_msg_sent_total/
/[0-9]+ contrast_grpc_server_started_total/
1 contrast_meshapi_attestation_failures_total
1 promhttp_metric_handler_requests_in_flight
3 promhttp_metric_handler_requests_total
## An owner sets a manifest over attested TLS, a pod gets its certificate, another one is refused: what two processes did, one tells.
$ . ./lib.sh; contrast set -c 127.0.0.1:$(cat d/port.user) -m d/manifest.json d/policy.0 d/policy.1 --insecure-root d/root.pem >set.out 2>&1; tail -n 1 set.out | grep -o 'the manifest is set'; initialize d/issuer.web web
> sed '2s/$/ --report reported_tcb=bl:2/' d/issuer.web >d/bad; chmod +x d/bad; initialize d/bad bad
the manifest is set
exit 0
exit 124
$ . ./lib.sh; changed; python3 check.py >/dev/null
contrast_coordinator_insecure_root 1
contrast_coordinator_manifest_generation 1
contrast_grpc_server_handled_total{grpc_code="OK",grpc_method="SetManifest",grpc_service="userapi.UserAPI"} 1
...
contrast_grpc_server_handled_total{grpc_code="OK",grpc_method="NewMeshCert",grpc_service="meshapi.MeshAPI"} 1
contrast_grpc_server_handling_seconds_bucket{grpc_method="SetManifest",grpc_service="userapi.UserAPI",le="+Inf"} 1
...
contrast_grpc_server_msg_received_total{grpc_method="NewMeshCert",grpc_service="meshapi.MeshAPI"} 1
...
contrast_grpc_server_msg_sent_total{grpc_method="NewMeshCert",grpc_service="meshapi.MeshAPI"} 1
...
contrast_grpc_server_started_total{grpc_method="NewMeshCert",grpc_service="meshapi.MeshAPI"} 1
contrast_meshapi_attestation_failures_total 1
promhttp_metric_handler_requests_in_flight 1
promhttp_metric_handler_requests_total{code="200"} 1
## When things end: the CAs' certificates as openssl reads them, endorsement and CRL as the simulator was told.
$ end() { date -u -d "$(openssl x509 -noout -enddate -in $1 | cut -d= -f2)" +%s; }; value() { sed -n "s/.*$1.* //p" metrics | tail -n 1; }
> [ "$(end web/tls-config/coordinator-root-ca.pem)" = "$(value 'certificate="root_ca"')" ] && [ "$(end web/tls-config/mesh-ca.pem)" = "$(value 'certificate="mesh_ca"')" ] && echo same
> date -u -d "@$(value 'certificate="endorsement"')" +%F; date -u -d "@$(value crl_next_update)" +%F
same
2120-01-01
2120-01-01
$ . ./lib.sh; run stop d
