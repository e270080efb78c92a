package lexicon

import (
	"net/mail"
	"slices"
	"strings"
)

var addressLike = Pattern(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// webLike finds the addresses of pages.
var webLike = Pattern(`(?:https?://|www\.)\S+`)

// ReplaceAddresses puts something in the place of the addresses of people in a text.
func ReplaceAddresses(text, by string) string { return addressLike().ReplaceAllString(text, by) }

// Addresses returns the different addresses in a text.
func Addresses(text string) []string {
	var out []string
	for _, s := range addressLike().FindAllString(text, -1) {
		a, err := mail.ParseAddress(s)
		if err == nil && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, a.Address) }) {
			out = append(out, a.Address)
		}
	}
	return out
}

// WithoutAddresses returns a text without addresses of people and pages: a town may be in one.
func WithoutAddresses(text string) string {
	return strings.TrimSpace(webLike().ReplaceAllString(ReplaceAddresses(text, " "), " "))
}
