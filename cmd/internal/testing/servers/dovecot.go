package servers

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/emersion/go-smtp"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/dbtest/child"
)

// DovecotServer is a running Dovecot: IMAP and LMTP, plus addresses (user+anything@domain), mails
// in Maildir.
type DovecotServer struct {
	IMAP  string // host:port, plain and STARTTLS
	IMAPS string // host:port, TLS from the first byte
	LMTP  string // host:port
	Auth  string // host:port of Dovecot's authentication, for Postfix
	CA    CA     // of its certificate, which is for localhost and 127.0.0.1
	Users []string

	process *child.Process
	dir     string
	user    string // the owner of the mailboxes; "" is the current user
}

// Dovecot starts a Dovecot with these users, given as addresses. All have the same Password and
// empty mailboxes.
func Dovecot(t testing.TB, users ...string) *DovecotServer {
	t.Helper()
	program, ok := child.Find("dovecot", "/usr/sbin", "/usr/local/sbin")
	if !ok {
		dbtest.Left(t, "Dovecot", "no dovecot on the PATH or in /usr/sbin; Debian: dovecot-imapd dovecot-lmtpd")
	}
	if _, ok := child.Find("lmtp", "/usr/lib/dovecot", "/usr/libexec/dovecot"); !ok {
		dbtest.Left(t, "Dovecot's LMTP", "Debian: dovecot-lmtpd")
	}
	version, err := exec.Command(program, "--version").Output()
	if err != nil {
		t.Fatalf("asking Dovecot for its version: %v", err)
	}
	if !strings.HasPrefix(string(version), "2.3.") {
		dbtest.Left(t, "Dovecot 2.3", "the one installed is "+strings.TrimSpace(string(version)))
	}
	// Everything runs as one user without privileges, who owns the password file and the mailboxes.
	runAs := ""
	if os.Geteuid() == 0 {
		runAs = "nobody"
	}
	d := &DovecotServer{Users: users, user: runAs}
	d.dir, d.process = launch(t, "dovecot", runAs, func(dir string) (child.Command, error) {
		var err error
		if d.CA, err = certify(dir); err != nil {
			return child.Command{}, err
		}
		ports := struct {
			Dir, User, Group        string
			IMAP, IMAPS, LMTP, Auth int
		}{Dir: dir, IMAP: port(), IMAPS: port(), LMTP: port(), Auth: port()}
		d.IMAP, d.IMAPS, d.LMTP, d.Auth = local(ports.IMAP), local(ports.IMAPS), local(ports.LMTP), local(ports.Auth)
		if ports.User, ports.Group, err = names(runAs); err != nil {
			return child.Command{}, err
		}
		var passwd strings.Builder
		for _, u := range users {
			fmt.Fprintf(&passwd, "%s:{PLAIN}%s::::::\n", u, Password)
		}
		if err := os.WriteFile(filepath.Join(dir, "passwd"), []byte(passwd.String()), 0o644); err != nil {
			return child.Command{}, err
		}
		f, err := os.Create(filepath.Join(dir, "dovecot.conf"))
		if err != nil {
			return child.Command{}, err
		}
		defer f.Close()
		return child.Command{Path: program, Args: []string{"-F", "-c", f.Name()}}, dovecotConf.Execute(f, ports)
	}, func() error {
		for _, addr := range []string{d.IMAP, d.IMAPS, d.LMTP, d.Auth} {
			if err := listening(addr); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

// Stop stops the server before the end of the test. Its mailboxes are lost.
func (d *DovecotServer) Stop() { d.process.Stop() }

// MakeMaildir makes the empty mailbox of a user and returns its folder, so that mails can be put
// there without delivering each. The files must be readable for others.
func (d *DovecotServer) MakeMaildir(user string) (string, error) {
	owner, err := child.Owner(d.user)
	if err != nil {
		return "", err
	}
	box := filepath.Join(d.dir, "home", user, "Maildir")
	for _, folder := range []string{filepath.Dir(filepath.Dir(box)), filepath.Dir(box), box, filepath.Join(box, "cur"),
		filepath.Join(box, "new"), filepath.Join(box, "tmp")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
		if err := owner(folder); err != nil {
			return "", err
		}
	}
	return box, nil
}

// Deliver puts a mail into a user's mailbox over LMTP (RFC 2033). It is safe for concurrent use.
func (d *DovecotServer) Deliver(from, to string, raw []byte) error {
	conn, err := net.Dial("tcp", d.LMTP)
	if err != nil {
		return err
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := c.SendMail(from, []string{to}, bytes.NewReader(raw)); err != nil {
		return fmt.Errorf("delivering to %s: %w", to, err)
	}
	return c.Quit()
}

// Log returns what the server has logged so far.
func (d *DovecotServer) Log() string { return d.process.Log() }

// names returns the names of a user ("" is the current one) and of their group.
func names(name string) (userName, group string, err error) {
	u, err := user.Current()
	if name != "" {
		u, err = user.Lookup(name)
	}
	if err != nil {
		return "", "", err
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return "", "", err
	}
	return u.Username, g.Name, nil
}

var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = no
mail_location = maildir:~/Maildir
mail_max_userip_connections = 1000
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
postmaster_address = postmaster@localhost.example
hostname = dovecot.example
passdb {
  driver = passwd-file
  args = username_format=%Lu {{.Dir}}/passwd
}
userdb {
  driver = passwd-file
  args = username_format=%Lu {{.Dir}}/passwd
  default_fields = uid={{.User}} gid={{.Group}} home={{.Dir}}/home/%Lu
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \Junk
  }
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
service imap-login {
  chroot =
  process_limit = 400
  inet_listener imap {
    port = {{.IMAP}}
  }
  inet_listener imaps {
    port = {{.IMAPS}}
    ssl = yes
  }
}
service imap {
  process_limit = 1000
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTP}}
  }
}
service auth {
  inet_listener auth {
    address = 127.0.0.1
    port = {{.Auth}}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))
