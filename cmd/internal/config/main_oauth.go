package config

import (
	"net/url"

	"tierdesk/rules/fault"
)

// OAuth2 configures how to get a token, which is used in place of a password.
type OAuth2 struct {
	Provider string // "microsoft", "google" or "custom"
	Tenant   string // of Microsoft
	ClientID string
	Secret   Secret // of the client; may be unset
	Grant    string // "login": a person consents once (tierdesk login INBOX); "client": the desk uses its own credentials
	TokenURL string // filled in for Microsoft and Google, as are Scopes
	Scopes   []string
}

type oauthBlock struct {
	position
	Provider text `yaml:"provider" jsonschema:"required,enum=microsoft,enum=google,enum=custom" eg:"microsoft" doc:"microsoft knows its addresses; custom needs them. google gives no mail to an application by itself, and is refused until a person can sign in: use an app password."`
	ClientID text `yaml:"client_id" jsonschema:"required" eg:"6731de76-14a6-49ae-97bc-6eba6914391e" doc:"The ID of the application that you registered there."`
	clientSecretKeys
	Tenant   text  `yaml:"tenant" eg:"acme.example" doc:"Microsoft: your organisation."`
	Grant    text  `yaml:"grant" jsonschema:"enum=login,enum=client" default:"login" eg:"client" doc:"client: the application has the right to the mailbox by itself and needs a secret. login, where a person agrees once, is not possible yet and refused: so the key must be there."`
	AuthURL  text  `yaml:"auth_url" jsonschema:"-" notyet:"nobody can sign in by hand"`
	TokenURL text  `yaml:"token_url" eg:"https://login.acme.example/token" doc:"custom: where tokens come from."`
	Scopes   words `yaml:"scopes" eg:"[mail]" doc:"The scopes to ask for; not needed for Microsoft."`
}

func (b *oauthBlock) build(dir string, faults, warnings *fault.List) *OAuth2 {
	o := &OAuth2{Provider: b.Provider.s, Tenant: b.Tenant.s, ClientID: b.ClientID.s, Grant: "login",
		TokenURL: b.TokenURL.s, Scopes: b.Scopes.strings()}
	if b.Grant.given() {
		o.Grant = b.Grant.s
	}
	if o.Grant == "login" {
		at, hint := b.At, "use grant: client, or a password"
		if b.Grant.given() {
			at = b.Grant.at
		}
		if o.Provider == "google" {
			hint = "use an app password: password_file: FILE"
		}
		if b.Keys["grant"].Line == 0 || b.Grant.given() { // otherwise a fault has been reported
			faults.Add(at, hint, "nobody can sign in by hand yet (grant: login)")
		}
	}
	if o.Provider != "microsoft" && b.Tenant.given() {
		faults.Add(b.Tenant.at, "leave it out", `"tenant" would have no effect: it is Microsoft's`)
	}
	o.Secret = b.clientSecretKeys.build("client_secret", dir, o.Grant == "client", b.At, faults, warnings)
	if o.Grant == "client" && o.Provider == "microsoft" && !b.Tenant.given() {
		faults.Add(b.At, "for example tenant: acme.example", `with grant: client Microsoft wants to know your "tenant"`)
	}
	u := &b.TokenURL
	if p, err := url.Parse(u.s); u.given() && (err != nil || p.Scheme != "https" || p.Host == "") {
		faults.Add(u.at, "like https://login.acme.example/token", "%q is not an https:// URL", u.s)
	}
	if o.Provider != "custom" {
		if at, given := b.Keys["token_url"]; given && b.Provider.given() {
			faults.Add(at, "leave it out, or provider: custom", "%s knows its own addresses", o.Provider)
		}
		if o.Provider == "google" && o.Grant == "client" {
			faults.Add(b.At, "use an app password: password_file: FILE", "Google gives no mail to an application by itself")
		}
		o.known()
		return o
	}
	if !b.TokenURL.given() && b.Keys["token_url"].Line == 0 {
		faults.Add(b.At, "for example token_url: https://login.acme.example/token", `a custom provider needs "token_url"`)
	}
	return o
}

// known fills in the published values of Microsoft and Google that the file does not set.
func (o *OAuth2) known() {
	scopes := []string{"https://mail.google.com/"}
	switch o.Provider {
	case "google":
		o.TokenURL = "https://oauth2.googleapis.com/token"
	case "microsoft":
		tenant := o.Tenant
		if tenant == "" {
			tenant = "organizations" // any company's or school's account
		}
		o.TokenURL = "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/token"
		scopes = []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}
		if o.Grant == "client" {
			scopes = []string{"https://outlook.office365.com/.default"}
		}
	}
	if len(o.Scopes) == 0 {
		o.Scopes = scopes
	}
}
