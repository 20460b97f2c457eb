// SPDX-License-Identifier: Apache-2.0

// Judges the cases of interop-cases (standard input) with go-sev-guest and compares with the verdicts they carry.
//
//	go-sev-guest VECTORS SIMULATOR DIFFERENCES
//
// VECTORS holds AMD's CA certificates (ca/), SIMULATOR the simulator's (<product>/).  DIFFERENCES is docs/differences.md:
// a disagreement that none of its rows describes is a failure, and so is a row that describes none.
package main

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-sev-guest/abi"
	spb "github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/validate"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
)

// A whole run, after which a row without a case is a failure; a shorter one may miss what is rare.
const wholeRun = 100000

var products = []string{"", "Milan", "Genoa", "Turin"}

type testCase struct {
	simulated            bool
	product              string
	at                   time.Time
	name                 string
	report, leaf         []byte
	formatFailed, failed string
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go-sev-guest:", err)
		os.Exit(1)
	}
}

func readString(in io.Reader) []byte {
	var n uint32
	check(binary.Read(in, binary.LittleEndian, &n))
	b := make([]byte, n)
	_, err := io.ReadFull(in, b)
	check(err)
	return b
}

// readCase returns nil at the end.
func readCase(in io.Reader) *testCase {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err == io.EOF {
		return nil
	} else {
		check(err)
	}
	var at int64
	check(binary.Read(in, binary.LittleEndian, &at))
	c := &testCase{simulated: head[0] == 1, product: products[head[1]], at: time.Unix(at, 0)}
	c.name = string(readString(in))
	c.report, c.leaf = readString(in), readString(in)
	c.formatFailed, c.failed = string(readString(in)), string(readString(in))
	return c
}

func certificate(path string) *x509.Certificate {
	der, err := os.ReadFile(path)
	check(err)
	c, err := x509.ParseCertificate(der)
	check(err)
	return c
}

func roots(name func(product, role string) string) map[string][]*trust.AMDRootCerts {
	set := map[string][]*trust.AMDRootCerts{}
	for _, product := range products[1:] {
		set[product] = []*trust.AMDRootCerts{{Product: product, ProductLine: product, ProductCerts: &trust.ProductCerts{
			Ark: certificate(name(product, "ark")), Ask: certificate(name(product, "ask")),
			Asvk: certificate(name(product, "asvk"))}}}
	}
	return set
}

// format is the part that needs no certificate.
func format(c *testCase) error {
	if _, err := abi.ReportToProto(c.report); err != nil {
		return err
	}
	return abi.ValidateReportFormat(c.report)
}

// judge is verify and validate with nothing asked for beyond what must always hold.
func judge(c *testCase, trusted map[string][]*trust.AMDRootCerts) error {
	report, err := abi.ReportToProto(c.report)
	if err != nil {
		return err
	}
	info, err := abi.ParseSignerInfo(report.SignerInfo)
	if err != nil {
		return err
	}
	chain := &spb.CertificateChain{}
	if info.SigningKey == abi.VlekReportSigner {
		chain.VlekCert = c.leaf
	} else {
		chain.VcekCert = c.leaf
	}
	product := &spb.SevProduct{Name: spb.SevProduct_SevProductName(spb.SevProduct_SevProductName_value["SEV_PRODUCT_"+strings.ToUpper(c.product)])}
	attestation := &spb.Attestation{Report: report, CertificateChain: chain, Product: product}
	options := &verify.Options{DisableCertFetching: true, Now: c.at, TrustedRoots: trusted, Product: product}
	if err := verify.SnpAttestation(attestation, options); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	err = validate.SnpAttestation(attestation, &validate.Options{PermitProvisionalFirmware: true,
		GuestPolicy: abi.SnpPolicy{SMT: true, MigrateMA: true, CXLAllowed: true}})
	if err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	return nil
}

// A row of differences.md: | stage | who accepts | pattern over our failed checks or their error | reason |; a table writes
// a bar inside a pattern as \|.
type difference struct {
	stage, accepts string
	pattern        *regexp.Regexp
	hits           int
}

func readDifferences(path string) []*difference {
	text, err := os.ReadFile(path)
	check(err)
	var rows []*difference
	for _, m := range regexp.MustCompile("(?m)^\\| (format|verdict) \\| (ours|theirs) \\| `([^`]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		rows = append(rows, &difference{m[1], m[2], regexp.MustCompile(strings.ReplaceAll(m[3], "\\|", "|")), 0})
	}
	return rows
}

// sameBytes tells whether the bytes whose signature they verify are the ones that were given.
func sameBytes(report []byte) bool {
	message, err := abi.ReportToProto(report)
	if err != nil {
		return false
	}
	again, err := abi.ReportToAbiBytes(message)
	return err == nil && bytes.Equal(report[:abi.ReportSize], again)
}

type tally struct {
	rows             []*difference
	agreed, differed int
	unlisted         map[string]int
	accepted         int
}

// panics counts as a refusal that needs a row.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

func (t *tally) compare(stage string, c *testCase, failed string, theirs error) {
	ours := failed == ""
	if ours && theirs == nil {
		t.accepted++
	}
	if ours == (theirs == nil) {
		t.agreed++
		return
	}
	t.differed++
	accepts, text := "theirs", strings.TrimSpace(failed)
	if stage == "verdict" && !ours && !sameBytes(c.report) {
		text += " re-serialised"
	}
	if ours {
		accepts, text = "ours", strings.ReplaceAll(theirs.Error(), "\n", " ")
	}
	for _, row := range t.rows {
		if row.stage == stage && row.accepts == accepts && row.pattern.MatchString(text) {
			row.hits++
			return
		}
	}
	kind := stage + ", accepted by " + accepts + ": " + text
	if t.unlisted[kind]++; t.unlisted[kind] == 1 {
		fmt.Printf("unlisted: %s: %s\n", c.name, kind)
	}
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: go-sev-guest VECTORS SIMULATOR DIFFERENCES")
		os.Exit(2)
	}
	vectors, simulator := os.Args[1], os.Args[2]
	amd := roots(func(p, role string) string {
		return filepath.Join(vectors, "ca", strings.ToLower(p)+"_"+role+".der")
	})
	simulated := roots(func(p, role string) string {
		return filepath.Join(simulator, strings.ToLower(p), role+".der")
	})
	t := &tally{rows: readDifferences(os.Args[3]), unlisted: map[string]int{}}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	cases := 0
	for c := readCase(in); c != nil; c = readCase(in) {
		cases++
		trusted := amd
		if c.simulated {
			trusted = simulated
		}
		t.compare("format", c, c.formatFailed, guarded(func() error { return format(c) }))
		t.compare("verdict", c, c.failed, guarded(func() error { return judge(c, trusted) }))
	}
	unseen := 0
	for _, row := range t.rows {
		note := ""
		if row.hits == 0 {
			unseen++
			note = " (not seen: they have changed, or the row says what is not so)"
		}
		fmt.Printf("%7d  %s, accepted by %s: %s%s\n", row.hits, row.stage, row.accepts, row.pattern, note)
	}
	fmt.Printf("%d cases, %d comparisons: %d agree (%d accept), %d differ as listed, %d unlisted; %d rows not seen\n", cases,
		2*cases, t.agreed, t.accepted, t.differed-sum(t.unlisted), sum(t.unlisted), unseen)
	if len(t.unlisted) > 0 || unseen > 0 && cases >= wholeRun || cases == 0 {
		os.Exit(1)
	}
}

func sum(m map[string]int) (n int) {
	for _, k := range m {
		n += k
	}
	return n
}
