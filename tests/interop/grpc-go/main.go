// SPDX-License-Identifier: Apache-2.0

// Attested TLS and both gRPC services as Go sees them: crypto/tls, crypto/x509, grpc-go, go-sev-guest.
//
//	grpc-go client FOLDER     calls the Coordinator of FOLDER (tests/coordinator.py deploy and start), which holds no manifest
//	grpc-go serve FOLDER WAY  is a Coordinator with the deployment of FOLDER, until its input ends; writes its port; WAY says
//	                          what is wrong with it (server.go), or is honest
package main

import (
	"fmt"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "grpc-go:", err)
		os.Exit(1)
	}
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "client":
		if clients(os.Args[2]) > 0 {
			os.Exit(1)
		}
	case len(os.Args) == 4 && os.Args[1] == "serve":
		serve(os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: grpc-go client FOLDER | grpc-go serve FOLDER WAY")
		os.Exit(2)
	}
}
