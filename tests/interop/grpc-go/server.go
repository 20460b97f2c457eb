// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

// standIn is a Coordinator that answers GetManifests; one of its ways is not honest, or nothing of it is.
type standIn struct {
	folder, way string
	answer      message
}

// authority makes a CA certificate with the extensions that the protocol wants.
func authority(name, issuer string, key, signer crypto.Signer) []byte {
	template := &x509.Certificate{SerialNumber: new(big.Int).SetBytes(random(16)), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}
	if name == issuer {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	check(err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (s *standIn) file(name string) []byte {
	b, err := os.ReadFile(filepath.Join(s.folder, name))
	check(err)
	return b
}

func (s *standIn) prepare() {
	rootKey, meshKey := newKey(elliptic.P384()), newKey(elliptic.P384())
	root := authority("system:coordinator:root", "system:coordinator:root", rootKey, rootKey)
	signer := meshKey
	if s.way == "mesh-ca-of-another" {
		signer = rootKey
	}
	mesh := authority("system:coordinator:intermediate", "system:coordinator:intermediate", meshKey, signer)
	manifest, policies := s.file("manifest.json"), [][]byte{s.file("policy.0"), s.file("policy.1")}
	if s.way == "another-manifest" {
		manifest = append(manifest, '\n')
	}
	manifests := [][]byte{manifest}
	hash := transition(manifest, make([]byte, 32))
	switch s.way {
	case "hidden-history":
		hash = transition(manifest, hash)
	case "empty-history":
		manifests = nil
	case "missing-policy":
		policies = policies[:1]
	case "another-policy":
		policies[1] = append(policies[1], ' ')
	case "root-ca-garbage":
		root = []byte("no certificate")
	}
	signature, err := ecdsa.SignASN1(rand.Reader, rootKey.(*ecdsa.PrivateKey), hash)
	check(err)
	s.answer = newMessage("GetManifestsResponse").setList("Manifests", manifests).setList("Policies", policies).set("RootCA", root).set("MeshCA", mesh).
		setInner("LatestTransition", newMessage("LatestTransition").set("TransitionHash", hash).set("Signature", signature))
	if s.way == "too-long" {
		s.answer.setList("Policies", [][]byte{make([]byte, 64<<20)})
	}
}

func (s *standIn) configFor(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	protocols := hello.SupportedProtos
	if len(protocols) != 2 || !strings.HasPrefix(protocols[0], "atls:v1:nonce:") || protocols[1] != "h2" {
		return nil, fmt.Errorf("ALPN: %q", protocols)
	}
	nonce, err := hex.DecodeString(protocols[0][len("atls:v1:nonce:"):])
	if err != nil || len(nonce) != 32 || protocols[0] != strings.ToLower(protocols[0]) {
		return nil, fmt.Errorf("nonce: %q", protocols[0])
	}
	key, issuer := newKey(elliptic.P256()), "issuer"
	switch s.way {
	case "another-nonce":
		nonce = random(32)
	case "issuer-of-a-pod":
		issuer = "issuer.web"
	}
	path, err := filepath.Abs(filepath.Join(s.folder, issuer))
	check(err)
	shown, err := attested(key, path, nonce)
	switch s.way {
	case "no-evidence":
		shown, err = certificate(key, nil)
	case "key-of-another":
		leaf, failed := x509.ParseCertificate(shown.Certificate[0])
		check(failed)
		shown, err = certificate(newKey(elliptic.P256()), leaf.Extensions[0].Value)
	}
	if err != nil {
		return nil, err
	}
	names := x509.NewCertPool()
	count := map[string]int{"no-nonce": 0, "two-nonces": 2}
	n, known := count[s.way]
	for i := 0; i < n || !known && i < 1; i++ {
		names.AddCert(&x509.Certificate{Raw: []byte{byte(i)}, RawSubject: nameOf(random(32))})
	}
	c := &tls.Config{Certificates: []tls.Certificate{*shown}, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert,
		ClientCAs: names, SessionTicketsDisabled: true, VerifyPeerCertificate: func(chain [][]byte, _ [][]*x509.Certificate) error {
			if len(chain) != 1 {
				return errors.New("a client always shows one certificate")
			}
			leaf, err := x509.ParseCertificate(chain[0])
			if err == nil && !bytes.Equal(leaf.RawSubject, leaf.RawIssuer) {
				err = errors.New("subject and issuer differ")
			}
			return err
		}}
	if s.way == "tls-1.2" {
		c.MaxVersion = tls.VersionTLS12
	}
	return c, nil
}

func (s *standIn) getManifests(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	if err := decode(newMessage("Empty").Message); err != nil {
		return nil, err
	}
	if s.way == "in-recovery" {
		return nil, status.Error(codes.FailedPrecondition, "coordinator is in recovery mode")
	}
	return s.answer.Message, nil
}

// serve writes its port and serves until its input ends.
func serve(folder, way string) {
	s := &standIn{folder: folder, way: way}
	s.prepare()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	config := &tls.Config{NextProtos: []string{"h2"}, GetConfigForClient: s.configFor}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)))
	api := longAPI
	if way == "short-name" {
		api = shortAPI
	}
	server.RegisterService(&grpc.ServiceDesc{ServiceName: api, HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "GetManifests", Handler: s.getManifests}}}, s)
	go func() { check(server.Serve(listener)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	_, _ = io.Copy(io.Discard, os.Stdin)
	server.Stop()
}
