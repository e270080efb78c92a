package sqldb

import (
	"net/url"
	"testing"
)

// A password goes to another machine only through TLS, wherever in the URL the machine is named, unless the admin says otherwise.
func TestPostgresOnAnotherMachineIsAskedForTLS(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://desk@localhost/desk":                           "disable",
		"postgres://desk@127.0.0.1:5433/desk":                      "disable",
		"postgres://desk@/desk?host=/run/postgresql":               "disable",
		"postgres://desk@db.acme.example/desk":                     "require",
		"postgres://desk@/desk?host=localhost,127.0.0.1&port=1,2":  "disable",
		"postgres://desk@/desk?host=localhost,db2.acme.example":    "require",
		"postgres://desk@localhost/desk?host=db.acme.example":      "require",
		"postgres://desk@db.acme.example/desk?sslmode=verify-full": "verify-full",
		"postgres://desk@db.acme.example/desk?sslmode=disable":     "disable",
	} {
		got, err := withDefaults(dsn)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		if mode := u.Query().Get("sslmode"); mode != want {
			t.Errorf("%s: sslmode %q, want %q", dsn, mode, want)
		}
	}
}
