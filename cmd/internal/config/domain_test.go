package config

import (
	"strings"
	"testing"
)

func TestDomains(t *testing.T) {
	for s, want := range map[string]bool{
		"acme.example":                            true,
		"ACME":                                    true,
		"a.b-c.example":                           true,
		"xn--bcher-kva.example":                   true,
		"bücher.example":                          true,
		"例え.example":                              true,
		strings.Repeat("ü", 63) + ".example":      true,
		strings.Repeat("a", 64) + ".example":      false,
		strings.Repeat("abcdefg.", 31) + "abcde":  true,
		strings.Repeat("abcdefg.", 32):            false,
		strings.Repeat("abcdefg.", 31) + "abcdef": false,
		"":              false,
		".":             false,
		"acme.example.": false,
		".example":      false,
		"a..example":    false,
		"-a.example":    false,
		"a-.example":    false,
		"a_b.example":   false,
		"a b.example":   false,
		"a\xff.example": false,
		"[192.0.2.1]":   false,
		"a@b.example":   false,
	} {
		if got := isDomain(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
