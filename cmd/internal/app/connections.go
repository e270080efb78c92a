package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"tierdesk/cmd/internal/config"
	"tierdesk/mailin/imap"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/smtp"
	"tierdesk/mailout/token"
	"tierdesk/migrations/files"
)

// incoming converts an inbox of the file to the configuration of its fetcher.
func incoming(m *config.Main, in *config.Inbox) imap.Config {
	c := imap.Config{
		Name: in.Name, Server: imap.Server{Host: in.Server.Host, Port: in.Server.Port, Security: imap.Security(in.Server.Security),
			CAFile: in.CAFile}, User: in.User,
		MaxSize: m.Limits.MailSize, PollEvery: in.Poll,
		After:    imap.After{Way: imap.Way(in.After.Do), Folder: in.After.Folder},
		FirstRun: imap.FirstRun{Import: in.FirstRun.Mode == "import", Since: in.FirstRun.Since},
	}
	if in.OAuth2 != nil {
		c.Token = tokens(in.OAuth2)
	} else {
		c.Password = in.Password.Read
	}
	for _, f := range in.Folders {
		c.Folders = append(c.Folders, imap.Folder{Name: f.Name, Junk: f.Junk, Sent: f.Sent})
	}
	return c
}

// outgoing converts the outgoing account of an inbox to the configuration of the sender.
func outgoing(m *config.Main, in *config.Inbox) (smtp.Config, error) {
	out := &m.Outgoing
	if in.Outgoing != nil {
		out = in.Outgoing
	}
	style := token.ReplyAddress(in.ReplyAddress)
	switch in.ReplyAddress {
	case "":
		style = token.None
	case plusForm(in.Address):
		style = token.Plus
	}
	c := smtp.Config{
		Security: map[config.Security]smtp.Security{config.TLS: smtp.TLS, config.StartTLS: smtp.StartTLS,
			config.Insecure: smtp.Plain}[out.Server.Security],
		Host: out.Server.Host, Port: out.Server.Port, User: out.User, Address: in.Address,
		Envelope: smtp.Envelope(out.Envelope), Style: style,
		Rate: mailout.Rate{Count: out.Rate.N, Per: out.Rate.Per}, LocalName: out.Hello, MaxConnections: out.Connections,
	}
	if c.LocalName == "" {
		c.LocalName = m.Domain
	}
	switch {
	case out.OAuth2 != nil:
		c.Token = tokens(out.OAuth2)
	case out.User != "":
		c.Password = out.Password.Read
	}
	if out.CAFile != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			return c, fmt.Errorf("the system's certificate authorities: %w", err)
		}
		pem, err := files.Read(out.CAFile, files.Most)
		if err != nil {
			return c, fmt.Errorf("ca_file of outgoing: %s cannot be read: %w; name a file of certificates in PEM form", out.CAFile, err)
		}
		if !roots.AppendCertsFromPEM(pem) {
			return c, fmt.Errorf("ca_file of outgoing: %s holds no certificate; name a file of certificates in PEM form", out.CAFile)
		}
		c.TLS = &tls.Config{RootCAs: roots}
	}
	if out.DKIM != nil {
		pem, err := files.Read(out.DKIM.KeyFile, files.Most)
		if err != nil {
			return c, fmt.Errorf("key_file of dkim: %s cannot be read: %w; name the file of the private key in PEM form",
				out.DKIM.KeyFile, err)
		}
		if c.DKIM, err = compose.NewDKIM(out.DKIM.Domain, out.DKIM.Selector, pem); err != nil {
			return c, err
		}
	}
	return c, nil
}

// tokens returns a source of OAuth tokens of the client credentials grant, each of which is reused
// while it is valid.
func tokens(o *config.OAuth2) func(ctx context.Context) (string, error) {
	var mu sync.Mutex
	var have *oauth2.Token
	return func(ctx context.Context) (string, error) {
		if o.Grant != "client" {
			return "", errors.New("oauth2 with grant: login needs a person to agree once, which this version does not support: use grant: client, or a password")
		}
		mu.Lock()
		defer mu.Unlock()
		if have.Valid() {
			return have.AccessToken, nil
		}
		secret, err := o.Secret.Read(ctx)
		if err != nil {
			return "", fmt.Errorf("the OAuth client's secret: %w", err)
		}
		cfg := clientcredentials.Config{ClientID: o.ClientID, ClientSecret: secret, TokenURL: o.TokenURL, Scopes: o.Scopes}
		t, err := cfg.Token(ctx)
		if err != nil {
			return "", fmt.Errorf("asking %s for a token: %w", o.TokenURL, err)
		}
		have = t
		return t.AccessToken, nil
	}
}
