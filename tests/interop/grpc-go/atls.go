// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/go-sev-guest/abi"
	spb "github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
	"google.golang.org/protobuf/proto"
)

var documentOID = asn1.ObjectIdentifier{1, 3, 9901, 2, 1}

func random(n int) []byte {
	b := make([]byte, n)
	_, err := rand.Read(b)
	check(err)
	return b
}

// evidence asks a program that speaks the protocol of docs/issuers.md, once.
func evidence(program string, reportData []byte) ([]byte, error) {
	issuer := exec.Command(program)
	issuer.Stdin = bytes.NewReader(append(binary.BigEndian.AppendUint32(nil, uint32(len(reportData))), reportData...))
	issuer.Stderr = os.Stderr
	answer, err := issuer.Output()
	if err != nil {
		return nil, err
	}
	if len(answer) < 5 || int(binary.BigEndian.Uint32(answer)) != len(answer)-4 || answer[4] != 0 {
		return nil, fmt.Errorf("issuer: %.80q", answer)
	}
	return answer[5:], nil
}

// reportData binds a key to the nonce of the other side.
func reportData(spki, nonce []byte) []byte {
	sum := sha512.Sum512(append(bytes.Clone(spki), nonce...))
	return sum[:]
}

// certificate is what a side of attested TLS shows; document may be nil.
func certificate(key crypto.Signer, document []byte) (*tls.Certificate, error) {
	serial := new(big.Int).SetBytes(random(16))
	name := pkix.Name{CommonName: "Contrast"}
	template := &x509.Certificate{SerialNumber: serial, Subject: name, Issuer: name,
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(2 * time.Hour)}
	if document != nil {
		template.ExtraExtensions = []pkix.Extension{{Id: documentOID, Value: document}}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

func attested(key crypto.Signer, issuer string, nonce []byte) (*tls.Certificate, error) {
	if issuer == "" {
		return certificate(key, nil)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	document, err := evidence(issuer, reportData(spki, nonce))
	if err != nil {
		return nil, err
	}
	return certificate(key, document)
}

// nonceOf reads what a server asks for in its CertificateRequest.
func nonceOf(names [][]byte) ([]byte, error) {
	if len(names) != 1 {
		return nil, fmt.Errorf("CA names: want 1, have %d", len(names))
	}
	var name pkix.RDNSequence
	if rest, err := asn1.Unmarshal(names[0], &name); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("CA name %x: %v", names[0], err)
	}
	for _, set := range name {
		for _, attribute := range set {
			if text, ok := attribute.Value.(string); ok && attribute.Type.Equal(asn1.ObjectIdentifier{2, 5, 4, 3}) {
				nonce, err := base64.StdEncoding.DecodeString(text)
				if err == nil && len(nonce) != 32 {
					err = fmt.Errorf("nonce of the server: want 32 bytes, have %d", len(nonce))
				}
				return nonce, err
			}
		}
	}
	return nil, errors.New("CA name without a common name")
}

func nameOf(nonce []byte) []byte {
	der, err := asn1.Marshal(pkix.Name{CommonName: base64.StdEncoding.EncodeToString(nonce)}.ToRDNSequence())
	check(err)
	return der
}

// judge checks what a Coordinator shows: go-sev-guest judges the evidence, under the simulator's root.
func judge(folder string, chain [][]byte, nonce []byte) error {
	if len(chain) != 1 {
		return fmt.Errorf("certificates: want 1, have %d", len(chain))
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return err
	}
	if err := leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature); err != nil {
		return err
	}
	if now := time.Now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) || leaf.Subject.String() != "CN=Contrast" ||
		!bytes.Equal(leaf.RawSubject, leaf.RawIssuer) || leaf.Version != 3 || len(leaf.Extensions) != 1 {
		return fmt.Errorf("certificate of another shape: %v, %d extensions", leaf.Subject, len(leaf.Extensions))
	}
	if e := leaf.Extensions[0]; !e.Id.Equal(documentOID) || e.Critical {
		return fmt.Errorf("extension %v, critical %v", e.Id, e.Critical)
	}
	document := &spb.Attestation{}
	if err := proto.Unmarshal(leaf.Extensions[0].Value, document); err != nil {
		return err
	}
	if len(document.ProtoReflect().GetUnknown()) > 0 || len(document.GetReport().ProtoReflect().GetUnknown()) > 0 {
		return errors.New("fields that go-sev-guest does not know")
	}
	report := document.GetReport()
	if !bytes.Equal(report.GetReportData(), reportData(leaf.RawSubjectPublicKeyInfo, nonce)) {
		return errors.New("REPORT_DATA binds another key or nonce")
	}
	policy, err := os.ReadFile(filepath.Join(folder, "policy.0"))
	check(err)
	if hash := sha256.Sum256(policy); !bytes.Equal(report.GetHostData(), hash[:]) {
		return errors.New("HOST_DATA is of another policy")
	}
	roots := map[string][]*trust.AMDRootCerts{"Milan": {{Product: "Milan", ProductLine: "Milan", ProductCerts: &trust.ProductCerts{
		Ark: readCertificate(folder, "ark.der"), Ask: readCertificate(folder, "ask.der")}}}}
	if _, err := abi.ReportToAbiBytes(report); err != nil {
		return err
	}
	return verify.SnpAttestation(document, &verify.Options{DisableCertFetching: true, Now: time.Now(), TrustedRoots: roots,
		Product: &spb.SevProduct{Name: spb.SevProduct_SEV_PRODUCT_MILAN}})
}

func readCertificate(folder, name string) *x509.Certificate {
	der, err := os.ReadFile(filepath.Join(folder, name))
	check(err)
	c, err := x509.ParseCertificate(der)
	check(err)
	return c
}
