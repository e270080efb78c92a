package imap_test

import (
	"net"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"go.uber.org/goleak"

	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func TestMain(m *testing.M) {
	dbtest.AtOnce(3)
	goleak.VerifyTestMain(m)
}

// memory starts an embedded server with one user.
func memory(t testing.TB, caps ...goimap.Cap) imaptest.Account {
	t.Helper()
	store := imapmemserver.New()
	user := imapmemserver.NewUser("support@acme.example", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	store.AddUser(user)
	set := goimap.CapSet{}
	for _, c := range caps {
		set[c] = struct{}{}
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		Caps: set, InsecureAuth: true,
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(ln) }()
	t.Cleanup(func() { server.Close(); <-done })
	return imaptest.Account{
		Server: imap.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, Security: imap.Insecure},
		User:   "support@acme.example", Password: "secret",
	}
}

func sqlite(t testing.TB) *sqldb.DB { return dbtest.SQLite(t).Open(t) }

func TestConformance(t *testing.T) {
	t.Parallel()
	imaptest.Conformance(t, imaptest.Ground{
		Account: func(t testing.TB) imaptest.Account { return memory(t, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2) },
		DB:      sqlite, Move: true,
	})
}

// A server of the old kind: no MOVE, no UIDPLUS.
func TestConformanceWithoutExtensions(t *testing.T) {
	t.Parallel()
	imaptest.Conformance(t, imaptest.Ground{
		Account: func(t testing.TB) imaptest.Account { return memory(t, goimap.CapIMAP4rev1) },
		DB:      sqlite,
	})
}
