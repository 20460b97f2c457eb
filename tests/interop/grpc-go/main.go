// SPDX-License-Identifier: Apache-2.0

// Attested TLS and both gRPC services as Go sees them: crypto/tls, crypto/x509, grpc-go, go-sev-guest.
//
//	grpc-go client FOLDER     calls the Coordinator of FOLDER (tests/coordinator.py deploy and start), which holds no manifest
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
	if len(os.Args) != 3 || os.Args[1] != "client" {
		fmt.Fprintln(os.Stderr, "usage: grpc-go client FOLDER")
		os.Exit(2)
	}
	if clients(os.Args[2]) > 0 {
		os.Exit(1)
	}
}
