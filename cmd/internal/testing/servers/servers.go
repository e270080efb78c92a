// Package servers starts real, private mail servers for tests: Dovecot, Postfix, and a proxy that
// disturbs connections. It owns their folders, ports, certificates and lifetime: each listens on
// loopback only, keeps everything in its own folder, never touches the system's servers, and ends
// with the test or its process. It must never know what a desk is. Only tests use it.
//
// If a server is not installed, the test is skipped, or fails with TIERDESK_TEST_ALL=1.
package servers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tierdesk/migrations/dbtest/child"
)

// Password is the password of every user of every server.
const Password = "secret of the tests"

// CA is a certificate authority made for one server.
type CA struct {
	File string // PEM, for configuration files
	Pool *x509.CertPool
}

// launch makes a folder, calls write to fill it with what the program needs, and starts the
// program. If the program does not become ready it tries again with other ports, since another
// process may have taken one. The program ends with the test.
func launch(t testing.TB, name, runAs string, write func(dir string) (child.Command, error),
	ready func() error) (dir string, p *child.Process) {
	t.Helper()
	var failures error
	for range 3 {
		dir, err := child.Folder(name, runAs)
		if err != nil {
			t.Fatalf("starting %s: %v", name, err)
		}
		c, err := write(dir)
		if err != nil {
			t.Fatalf("starting %s: %v", name, errors.Join(err, os.RemoveAll(dir)))
		}
		c.Dir, c.User = dir, runAs
		p, err := child.Start(c)
		if err != nil {
			t.Fatalf("starting %s: %v", name, errors.Join(err, os.RemoveAll(dir)))
		}
		if err = child.Wait(10*time.Second, ready); err == nil {
			t.Cleanup(p.Stop)
			return dir, p
		}
		failures = errors.Join(failures, fmt.Errorf("%w\n%s", err, p.Log()))
		p.Stop()
	}
	t.Fatalf("starting %s: %v", name, failures)
	return "", nil
}

// port returns a free port of loopback, from a range that the kernel does not use for outgoing
// connections.
func port() int {
	for {
		p := 20000 + mathrand.IntN(12000)
		l, err := net.Listen("tcp", local(p))
		if err == nil {
			l.Close()
			return p
		}
	}
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// listening returns an error unless a server listens at the address.
func listening(addr string) error {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// certify makes a certificate authority and a certificate for localhost in dir: ca.pem, cert.pem,
// key.pem.
func certify(dir string) (CA, error) {
	now := time.Now()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return CA{}, err
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a test"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(24 * time.Hour),
		IsCA:     true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, authority, authority, caKey.Public(), caKey)
	if err != nil {
		return CA{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return CA{}, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), caKey)
	if err != nil {
		return CA{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return CA{}, err
	}
	for name, block := range map[string]*pem.Block{
		"ca.pem": {Type: "CERTIFICATE", Bytes: caDER}, "cert.pem": {Type: "CERTIFICATE", Bytes: der},
		"key.pem": {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		// Readable by everybody: the server may run as another user, and the key protects nothing.
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o644); err != nil {
			return CA{}, err
		}
	}
	parsed, err := x509.ParseCertificate(caDER)
	if err != nil {
		return CA{}, err
	}
	ca := CA{File: filepath.Join(dir, "ca.pem"), Pool: x509.NewCertPool()}
	ca.Pool.AddCert(parsed)
	return ca, nil
}
