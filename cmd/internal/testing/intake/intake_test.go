// Package intake runs the tests of mailin/imap against real IMAP servers.
package intake

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// accounts starts a Dovecot and gives one account after another, by TLS or by STARTTLS.
func accounts(t testing.TB, n int, security imap.Security) func(t testing.TB) imaptest.Account {
	var users []string
	for i := range n {
		users = append(users, fmt.Sprintf("support%d@acme.example", i))
	}
	d := servers.Dovecot(t, users...)
	address := d.IMAPS
	if security != imap.TLS {
		address = d.IMAP
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return func(t testing.TB) imaptest.Account {
		if len(users) == 0 {
			t.Fatal("more accounts are needed")
		}
		a := imaptest.Account{
			Server: imap.Server{Host: host, Port: number, Security: security, CAFile: d.CA.File},
			User:   users[0], Password: servers.Password,
		}
		users = users[1:]
		return a
	}
}

func TestDovecot(t *testing.T) {
	t.Parallel()
	imaptest.Conformance(t, imaptest.Ground{
		Account: accounts(t, 40, imap.TLS),
		DB:      func(t testing.TB) *sqldb.DB { return dbtest.SQLite(t).Open(t) },
		Move:    true,
	})
}

func TestDovecotAndPostgres(t *testing.T) {
	t.Parallel()
	imaptest.Conformance(t, imaptest.Ground{
		Account: accounts(t, 40, imap.StartTLS),
		DB:      func(t testing.TB) *sqldb.DB { return dbtest.Postgres(t).Open(t) },
		Move:    true,
	})
}
