// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
)

const patience = 60 * time.Second

// peer is how a client of attested TLS presents itself; the zero value is honest and shows no evidence.
type peer struct {
	key      crypto.Signer                                                 // else a new one of P-256
	issuer   string                                                        // else no evidence
	sni      bool                                                          // the nonce goes there
	shown    string                                                        // goes into ALPN instead of the nonce
	version  uint16                                                        // at most
	judges   bool                                                          // the other side
	replaces func(key crypto.Signer, nonce []byte) (crypto.Signer, []byte) // what evidence is asked for
}

func newKey(curve elliptic.Curve) crypto.Signer {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	check(err)
	return key
}

func (p peer) config(folder string) *tls.Config {
	nonce := random(32)
	c := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS10, MaxVersion: p.version,
		VerifyPeerCertificate: func(chain [][]byte, _ [][]*x509.Certificate) error {
			if !p.judges {
				return nil
			}
			return judge(folder, chain, nonce)
		},
		GetClientCertificate: func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			theirs, err := nonceOf(request.AcceptableCAs)
			if err != nil {
				return nil, err
			}
			key := p.key
			if key == nil {
				key = newKey(elliptic.P256())
			}
			if p.replaces == nil {
				return attested(key, p.issuer, theirs)
			}
			other, theirs := p.replaces(key, theirs)
			borrowed, err := attested(other, p.issuer, theirs)
			if err != nil {
				return nil, err
			}
			leaf, err := x509.ParseCertificate(borrowed.Certificate[0])
			if err != nil {
				return nil, err
			}
			return certificate(key, leaf.Extensions[0].Value)
		}}
	switch {
	case p.sni:
		c.ServerName = base64.StdEncoding.EncodeToString(nonce)
	case p.shown != "":
		c.NextProtos = []string{p.shown, "h2"}
	default:
		c.NextProtos = []string{"atls:v1:nonce:" + hex.EncodeToString(nonce), "h2"}
	}
	return c
}

// fresh makes a nonce, and with it a configuration, for each connection.
type fresh struct {
	credentials.TransportCredentials
	folder string
	peer   peer
}

func (f fresh) ClientHandshake(ctx context.Context, _ string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	c := f.peer.config(f.folder)
	name := c.ServerName
	if name == "" {
		name = "127.0.0.1"
	}
	return credentials.NewTLS(c).ClientHandshake(ctx, name, raw)
}

func (f fresh) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls"}
}

func (f fresh) Clone() credentials.TransportCredentials { return f }

type cases struct {
	folder                 string
	passed, failed         int
	manifest, second       []byte
	policies               [][]byte
	owner                  crypto.Signer
	rootCA, meshCA, secret []byte
}

func (c *cases) address(api string) string {
	port, err := os.ReadFile(filepath.Join(c.folder, "port."+api))
	check(err)
	return "127.0.0.1:" + strings.TrimSpace(string(port))
}

func (c *cases) dial(api string, p peer) *grpc.ClientConn {
	connection, err := grpc.NewClient("passthrough:///"+c.address(api), grpc.WithTransportCredentials(fresh{insecure.NewCredentials(), c.folder, p}))
	check(err)
	return connection
}

func call(connection *grpc.ClientConn, method string, request message, answer string, options ...grpc.CallOption) (message, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	m := newMessage(answer)
	err := connection.Invoke(ctx, "/"+method, request.Message, m.Message, options...)
	if err == nil && len(m.GetUnknown()) > 0 {
		err = errors.New("a field that the protocol does not have")
	}
	return m, err
}

func (c *cases) ask(p peer, method string, request message, answer string) (message, error) {
	api := "user"
	if strings.HasPrefix(method, meshAPI) {
		api = "mesh"
	}
	connection := c.dial(api, p)
	defer connection.Close()
	return call(connection, method, request, answer)
}

func want(err error, code codes.Code, text string) error {
	if status.Code(err) != code || !strings.Contains(status.Convert(err).Message(), text) {
		return fmt.Errorf("want %v %q, have %v", code, text, err)
	}
	return nil
}

// refused says that the connection came to nothing.
func refused(err error) error { return want(err, codes.Unavailable, "") }

func (c *cases) run(name string, body func() error) {
	if err := body(); err != nil {
		c.failed++
		fmt.Printf("failed: grpc-go client: %s: %v\n", name, err)
		return
	}
	c.passed++
	fmt.Printf("passed: grpc-go client: %s\n", name)
}

var honest = peer{judges: true}

func (c *cases) nothingSet() error {
	for _, api := range []string{longAPI, shortAPI} {
		_, err := c.ask(honest, api+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
		if err := want(err, codes.FailedPrecondition, "no manifest configured"); err != nil {
			return err
		}
	}
	_, err := c.ask(honest, longAPI+"/Nothing", newMessage("Empty"), "Empty")
	return want(err, codes.Unimplemented, "")
}

func (c *cases) setRequest(manifest []byte) message {
	return newMessage("SetManifestRequest").set("Manifest", manifest).setList("Policies", c.policies)
}

func (c *cases) set() error {
	_, err := c.ask(honest, longAPI+"/SetManifest", newMessage("SetManifestRequest").set("Manifest", []byte("null")), "SetManifestResponse")
	if err := want(err, codes.InvalidArgument, ""); err != nil {
		return err
	}
	answer, err := c.ask(honest, longAPI+"/SetManifest", c.setRequest(c.manifest), "SetManifestResponse")
	if err != nil {
		return err
	}
	_, err = c.authorities(answer.bytes("RootCA"), answer.bytes("MeshCA"))
	return err
}

// authorities parses both CA certificates, alone in their PEM, and checks them.
func (c *cases) authorities(rootPEM, meshPEM []byte) (root *x509.Certificate, err error) {
	for i, text := range [][]byte{rootPEM, meshPEM} {
		block, rest := pem.Decode(text)
		if block == nil || len(rest) > 0 || !bytes.Equal(pem.EncodeToMemory(block), text) {
			return nil, fmt.Errorf("not one certificate: %.80q", text)
		}
		authority, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		wanted := []string{"CN=system:coordinator:root", "CN=system:coordinator:intermediate"}[i]
		if !authority.IsCA || authority.Subject.String() != wanted || authority.CheckSignatureFrom(authority) != nil {
			return nil, fmt.Errorf("want a CA %s, have %v", wanted, authority.Subject)
		}
	}
	c.rootCA, c.meshCA = rootPEM, meshPEM
	block, _ := pem.Decode(rootPEM)
	return x509.ParseCertificate(block.Bytes)
}

func transition(manifest, previous []byte) []byte {
	inner := sha256.Sum256(manifest)
	sum := sha256.Sum256(append(inner[:], previous...))
	return sum[:]
}

func (c *cases) get(p peer, manifests ...[]byte) error {
	for _, api := range []string{longAPI, shortAPI} {
		answer, err := c.ask(p, api+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
		if err != nil {
			return err
		}
		have, last := answer.list("Manifests"), make([]byte, 32)
		if len(have) != len(manifests) || len(answer.list("Policies")) != len(c.policies) {
			return fmt.Errorf("%d manifests, %d policies", len(have), len(answer.list("Policies")))
		}
		for i := range have {
			if !bytes.Equal(have[i], manifests[i]) {
				return fmt.Errorf("manifest %d is another", i)
			}
			last = transition(have[i], last)
		}
		for _, wanted := range c.policies {
			found := false
			for _, policy := range answer.list("Policies") {
				found = found || bytes.Equal(policy, wanted)
			}
			if !found {
				return errors.New("a policy is missing")
			}
		}
		latest := answer.inner("LatestTransition")
		if !bytes.Equal(latest.bytes("TransitionHash"), last) || len(latest.bytes("Signature")) < 8 {
			return fmt.Errorf("latest transition: want %x, have %x", last, latest.bytes("TransitionHash"))
		}
		if !bytes.Equal(answer.bytes("RootCA"), c.rootCA) || !bytes.Equal(answer.bytes("MeshCA"), c.meshCA) {
			return errors.New("other CA certificates than SetManifest gave")
		}
	}
	return nil
}

func (c *cases) update() error {
	_, err := c.ask(honest, longAPI+"/SetManifest", c.setRequest(c.second), "SetManifestResponse")
	if err := want(err, codes.PermissionDenied, ""); err != nil {
		return err
	}
	owner := peer{judges: true, key: c.owner}
	_, err = c.ask(owner, longAPI+"/SetManifest", c.setRequest(c.second).set("PreviousTransitionHash", make([]byte, 32)), "SetManifestResponse")
	if err := want(err, codes.FailedPrecondition, ""); err != nil {
		return err
	}
	answer, err := c.ask(owner, shortAPI+"/SetManifest", c.setRequest(c.second).set("PreviousTransitionHash",
		transition(c.manifest, make([]byte, 32))), "SetManifestResponse")
	if err != nil {
		return err
	}
	if answer.has("SeedSharesDoc") {
		return errors.New("seed shares again")
	}
	old := c.meshCA
	if _, err = c.authorities(answer.bytes("RootCA"), answer.bytes("MeshCA")); err == nil && bytes.Equal(old, c.meshCA) {
		err = errors.New("the mesh CA is the old one")
	}
	return err
}

func (c *cases) issuer(name string) string {
	path, err := filepath.Abs(filepath.Join(c.folder, name))
	check(err)
	return path
}

func (c *cases) mesh(key crypto.Signer, version uint16) error {
	p := peer{judges: true, key: key, issuer: c.issuer("issuer.web"), version: version}
	answer, err := c.ask(p, meshAPI+"/NewMeshCert", newMessage("Empty"), "NewMeshCertResponse")
	if err != nil {
		return err
	}
	block, rest := pem.Decode(answer.bytes("CertChain"))
	if block == nil {
		return errors.New("no certificate")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	if same, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !same.Equal(leaf.PublicKey) {
		return errors.New("a certificate for another key")
	}
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	root, mesh, intermediates := x509.NewCertPool(), x509.NewCertPool(), x509.NewCertPool()
	if !root.AppendCertsFromPEM(answer.bytes("RootCACert")) || !mesh.AppendCertsFromPEM(answer.bytes("MeshCACert")) || !intermediates.AppendCertsFromPEM(rest) {
		return errors.New("no CA certificates")
	}
	for _, usage := range usages {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: "web", Roots: mesh, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
			return fmt.Errorf("under the mesh CA: %w", err)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: "web", Roots: root, Intermediates: intermediates, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
			return fmt.Errorf("under the root CA: %w", err)
		}
	}
	if !bytes.Equal(answer.bytes("MeshCACert"), c.meshCA) || !bytes.Equal(answer.bytes("RootCACert"), c.rootCA) {
		return errors.New("other CA certificates than the User API gives")
	}
	if secret := answer.bytes("WorkloadSecret"); len(secret) != 64 || c.secret != nil && !bytes.Equal(secret, c.secret) {
		return errors.New("workload secret: want 64 bytes, the same each time")
	} else {
		c.secret = secret
	}
	return nil
}

func (c *cases) meshRefusals() error {
	web := c.issuer("issuer.web")
	otherKey := func(_ crypto.Signer, nonce []byte) (crypto.Signer, []byte) { return newKey(elliptic.P256()), nonce }
	otherNonce := func(key crypto.Signer, _ []byte) (crypto.Signer, []byte) { return key, random(32) }
	for name, p := range map[string]peer{"no evidence": {}, "another key": {issuer: web, replaces: otherKey},
		"another nonce": {issuer: web, replaces: otherNonce}} {
		_, err := c.ask(p, meshAPI+"/NewMeshCert", newMessage("Empty"), "NewMeshCertResponse")
		if err := refused(err); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	script, err := os.ReadFile(web)
	check(err)
	hash := sha256.Sum256(c.policies[1])
	stranger := c.issuer("issuer.stranger")
	check(os.WriteFile(stranger, bytes.ReplaceAll(script, []byte(hex.EncodeToString(hash[:])), []byte(strings.Repeat("ab", 32))), 0o755))
	_, err = c.ask(peer{issuer: stranger}, meshAPI+"/NewMeshCert", newMessage("Empty"), "NewMeshCertResponse")
	if err := want(err, codes.PermissionDenied, "policy hash "+strings.Repeat("ab", 32)+" not found in manifest"); err != nil {
		return fmt.Errorf("a policy that the manifest does not name: %w", err)
	}
	_, err = c.ask(peer{issuer: web}, meshAPI+"/Recover", newMessage("Empty"), "Empty")
	if status.Code(err) == codes.OK || status.Code(err) == codes.Unavailable {
		return fmt.Errorf("Recover of a pod: %v", err)
	}
	return nil
}

func (c *cases) handshakes() error {
	for _, p := range []peer{{shown: "h2"}, {shown: "atls:v1:nonce:" + strings.Repeat("00", 31)}, {shown: "atls:v1:nonce:" + strings.Repeat("00", 33)},
		{shown: "atls:v2:nonce:" + strings.Repeat("00", 32)}, {shown: "atls:v1:nonce:" + strings.Repeat("0g", 32)}, {version: tls.VersionTLS11}} {
		_, err := c.ask(p, longAPI+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
		if err := refused(err); err != nil {
			return fmt.Errorf("%q, TLS %x: %w", p.shown, p.version, err)
		}
	}
	_, err := c.ask(peer{shown: "atls:v1:nonce:" + strings.Repeat("AB", 32)}, longAPI+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
	return err
}

// noResumption shakes hands twice with one configuration.
func (c *cases) noResumption() error {
	config := peer{}.config(c.folder)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	config.ServerName = "coordinator"
	for i := 0; i < 2; i++ {
		connection, err := tls.Dial("tcp", c.address("user"), config)
		if err != nil {
			return err
		}
		// The server's first frame comes after whatever ticket it would send.
		check(connection.SetReadDeadline(time.Now().Add(patience)))
		_, err = connection.Read(make([]byte, 9))
		state := connection.ConnectionState()
		connection.Close()
		if err != nil || state.DidResume || state.NegotiatedProtocol != "h2" {
			return fmt.Errorf("resumed %v, protocol %q, %v", state.DidResume, state.NegotiatedProtocol, err)
		}
	}
	return nil
}

func (c *cases) many() error {
	connection := c.dial("user", honest)
	defer connection.Close()
	var group sync.WaitGroup
	failures := make(chan error, 64)
	for i := 0; i < cap(failures); i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			_, err := call(connection, longAPI+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
			failures <- err
		}()
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	// What is not served leaves the connection as it is.
	_, err := call(connection, longAPI+"/SetManifest", c.setRequest(make([]byte, 100000)), "SetManifestResponse", grpc.UseCompressor(gzip.Name))
	if err := want(err, codes.Unimplemented, ""); err != nil {
		return err
	}
	_, err = call(connection, longAPI+"/GetManifests", newMessage("Empty"), "GetManifestsResponse")
	return err
}

func clients(folder string) int {
	c := &cases{folder: folder, owner: newKey(elliptic.P384())}
	text, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
	check(err)
	fields := map[string]any{}
	check(json.Unmarshal(text, &fields))
	spki, err := x509.MarshalPKIXPublicKey(c.owner.Public())
	check(err)
	digest := sha256.Sum256(spki)
	fields["WorkloadOwnerKeyDigests"] = []string{hex.EncodeToString(digest[:])}
	c.manifest, err = json.Marshal(fields)
	check(err)
	c.second, err = json.MarshalIndent(fields, "", "\t")
	check(err)
	for _, name := range []string{"policy.0", "policy.1"} {
		policy, err := os.ReadFile(filepath.Join(folder, name))
		check(err)
		c.policies = append(c.policies, policy)
	}
	c.run("no manifest, under both package names", c.nothingSet)
	c.run("SetManifest", c.set)
	c.run("GetManifests, nonce in ALPN", func() error { return c.get(honest, c.manifest) })
	c.run("GetManifests, nonce in SNI", func() error { return c.get(peer{judges: true, sni: true}, c.manifest) })
	c.run("GetManifests, TLS 1.2", func() error { return c.get(peer{judges: true, version: tls.VersionTLS12}, c.manifest) })
	c.run("SetManifest again, as owner and not", c.update)
	c.run("GetManifests, both manifests", func() error { return c.get(honest, c.manifest, c.second) })
	rsaKey, err := rsa.GenerateKey(rand.Reader, 3072)
	check(err)
	c.run("NewMeshCert, P-256", func() error { return c.mesh(newKey(elliptic.P256()), 0) })
	c.run("NewMeshCert, P-384", func() error { return c.mesh(newKey(elliptic.P384()), 0) })
	c.run("NewMeshCert, RSA 3072", func() error { return c.mesh(rsaKey, 0) })
	c.run("NewMeshCert, TLS 1.2", func() error { return c.mesh(newKey(elliptic.P256()), tls.VersionTLS12) })
	c.run("NewMeshCert refused", c.meshRefusals)
	c.run("handshakes refused", c.handshakes)
	c.run("no resumption", c.noResumption)
	c.run("many calls on one connection", c.many)
	fmt.Printf("%d passed, %d failed, 0 skipped\n", c.passed, c.failed)
	return c.failed
}
