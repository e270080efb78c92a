// Package read is the whole reading of a mail in one call: parse, quote, classify. It owns the
// order of the steps and the contract of `tierdesk inspect --json`; what a step decides stands in
// its package.
package read

import (
	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/quote"
)

// Options say whose mail it is and whom to believe.
type Options struct {
	Limits  parse.Limits
	Self    classify.Self
	Trust   classify.Trust
	Markers []string // lines that the desk's own notices carry above their text
}

// Mail reads a mail. It never fails; it is pure and safe for concurrent use. Signatures are not
// checked here, since that asks the DNS: see classify.Verifier.
func Mail(raw []byte, opt Options) *mailin.Message {
	m := parse.Parse(raw, opt.Limits)
	quote.Split(m, quote.Options{Markers: opt.Markers})
	m.Forward = forward(m)
	m.Report = classify.Report(m)
	m.Class = classify.Classify(m, opt.Self)
	m.Reaction = classify.Reaction(m)
	m.Auth = classify.AuthResults(m, opt.Trust)
	m.Warnings = append(m.Warnings, classify.Tricks(m)...)
	m.Language = language(m)
	return m
}
