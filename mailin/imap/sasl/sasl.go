// Package sasl holds the one authentication mechanism that go-sasl lacks: XOAUTH2, which Microsoft
// and Google understand besides OAUTHBEARER (RFC 7628). It must never know where tokens come from.
package sasl

import "github.com/emersion/go-sasl"

// NewXOAuth2Client returns the client's side of XOAUTH2 with a bearer token.
func NewXOAuth2Client(user, token string) sasl.Client { return &xoauth2{user, token} }

type xoauth2 struct{ user, token string }

// Start implements sasl.Client.
func (x *xoauth2) Start() (mechanism string, response []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the server's explanation of a refusal with an empty line; the refusal itself
// follows.
func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
