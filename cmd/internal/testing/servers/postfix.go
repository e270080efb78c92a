package servers

import (
	"fmt"
	"io/fs"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/dbtest/child"
)

// PostfixServer is a running Postfix that delivers to one Dovecot.
type PostfixServer struct {
	SMTP       string // host:port, for other mail servers; accepts mail for its domains and, from loopback, for its routes
	Submission string // host:port, STARTTLS, only with a login of Dovecot's users
	CA         CA     // of its certificate, which is for localhost and 127.0.0.1

	process *child.Process
	dir     string
}

// PostfixOptions are the options of a Postfix.
type PostfixOptions struct {
	// Routes maps other domains to the SMTP server (host:port) for their mail. Everything else is
	// refused: nothing leaves the machine.
	Routes map[string]string
	// Settings are further lines of main.cf.
	Settings []string
}

// Postfix starts a Postfix for the domains of Dovecot's users, which must be on the same machine.
// It knows these users and their plus addresses and refuses others with 550 5.1.1. Mail that cannot
// be delivered is tried again every second or two.
func Postfix(t testing.TB, d *DovecotServer, o PostfixOptions) *PostfixServer {
	t.Helper()
	postconf, ok := child.Find("postconf", "/usr/sbin", "/usr/local/sbin")
	if !ok {
		dbtest.Left(t, "Postfix", "no postconf on the PATH or in /usr/sbin; Debian: postfix")
	}
	if os.Geteuid() != 0 {
		dbtest.Left(t, "Postfix", "it can be started by root alone")
	}
	// The master is started directly, since `postfix start` first checks the system's installation
	// for some seconds.
	daemons, err := exec.Command(postconf, "-d", "-h", "daemon_directory").Output()
	if err != nil {
		t.Fatalf("asking Postfix for its folder: %v", err)
	}
	master := filepath.Join(strings.TrimSpace(string(daemons)), "master")
	p := &PostfixServer{}
	p.dir, p.process = launch(t, "postfix", "", func(dir string) (child.Command, error) {
		// Its parts run as other users and need access to their own folders.
		if err := os.Chmod(dir, 0o755); err != nil {
			return child.Command{}, err
		}
		var err error
		if p.CA, err = certify(dir); err != nil {
			return child.Command{}, err
		}
		conf := filepath.Join(dir, "conf")
		data := filepath.Join(dir, "data")
		if err := os.Mkdir(conf, 0o755); err != nil {
			return child.Command{}, err
		}
		if err := folders(dir, data); err != nil {
			return child.Command{}, err
		}
		facts := postfixFacts{Dir: dir, LMTP: d.LMTP, Auth: d.Auth, SMTPPort: port(), SubmissionPort: port(), Domains: domains(d.Users),
			Settings: o.Settings}
		p.SMTP, p.Submission = local(facts.SMTPPort), local(facts.SubmissionPort)
		var mailboxes, routes strings.Builder
		for _, u := range d.Users {
			fmt.Fprintf(&mailboxes, "%s x\n", u)
		}
		for domain, addr := range o.Routes {
			host, port, err := net.SplitHostPort(addr)
			if err != nil {
				return child.Command{}, err
			}
			fmt.Fprintf(&routes, "%s smtp:[%s]:%s\n", domain, host, port)
		}
		for name, text := range map[string]string{"mailboxes": mailboxes.String(), "routes": routes.String()} {
			if err := os.WriteFile(filepath.Join(conf, name), []byte(text), 0o644); err != nil {
				return child.Command{}, err
			}
		}
		for name, tmpl := range map[string]*template.Template{"main.cf": mainCF, "master.cf": masterCF} {
			f, err := os.Create(filepath.Join(conf, name))
			if err != nil {
				return child.Command{}, err
			}
			if err := tmpl.Execute(f, facts); err != nil {
				return child.Command{}, err
			}
			if err := f.Close(); err != nil {
				return child.Command{}, err
			}
		}
		// Postfix waits until a file has not been modified for two seconds.
		past := time.Now().Add(-time.Hour)
		for _, name := range []string{"main.cf", "master.cf", "mailboxes", "routes"} {
			if err := os.Chtimes(filepath.Join(conf, name), past, past); err != nil {
				return child.Command{}, err
			}
		}
		return child.Command{Path: master, Args: []string{"-c", conf, "-s"}}, nil
	}, func() error {
		for _, addr := range []string{p.SMTP, p.Submission} {
			c, err := smtp.Dial(addr)
			if err != nil {
				return err
			}
			if err := c.Quit(); err != nil {
				return err
			}
		}
		return nil
	})
	return p
}

// Stop stops the server before the end of the test. The mails in its queue are lost.
func (p *PostfixServer) Stop() { p.process.Stop() }

// Log returns what the server has logged so far.
func (p *PostfixServer) Log() string {
	b, err := os.ReadFile(filepath.Join(p.dir, "mail.log"))
	if err != nil {
		return err.Error() + "\n" + p.process.Log()
	}
	return p.process.Log() + string(b)
}

// Queued returns the number of mails in its queue.
func (p *PostfixServer) Queued(t testing.TB) int {
	t.Helper()
	n := 0
	for _, queue := range []string{"maildrop", "hold", "incoming", "active", "deferred"} {
		err := filepath.WalkDir(filepath.Join(p.dir, "queue", queue), func(_ string, e fs.DirEntry, err error) error {
			if os.IsNotExist(err) { // it has been delivered in the meantime
				return nil
			}
			if err == nil && e.Type().IsRegular() {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatalf("reading Postfix's queue: %v", err)
		}
	}
	return n
}

// Send sends a mail to an SMTP server without login, as another mail server would. from is the
// envelope sender; "" is the null sender.
func Send(addr, from string, to []string, raw []byte) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Hello("sender.example"); err != nil {
		return err
	}
	if err := c.Mail(from); err != nil {
		return fmt.Errorf("MAIL FROM: %w", err)
	}
	for _, r := range to {
		if err := c.Rcpt(r); err != nil {
			return fmt.Errorf("RCPT TO: %w", err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return fmt.Errorf("DATA: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return fmt.Errorf("sending the mail: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("after DATA: %w", err)
	}
	return c.Quit()
}

// Swaks runs swaks, an independent mail client, with these arguments. It returns the transcript,
// which is also part of the error.
func Swaks(t testing.TB, args ...string) (string, error) {
	t.Helper()
	program, ok := child.Find("swaks")
	if !ok {
		dbtest.Left(t, "swaks", "Debian: swaks")
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("swaks: %w\n%s", err, out)
	}
	return string(out), nil
}

// folders makes the folders of the queue and the data, with the owners and permissions that Postfix
// requires.
func folders(dir, data string) error {
	uid, _, err := ids("postfix")
	if err != nil {
		return err
	}
	drop, err := user.LookupGroup("postdrop")
	if err != nil {
		return err
	}
	dropID, err := strconv.Atoi(drop.Gid)
	if err != nil {
		return err
	}
	queue := filepath.Join(dir, "queue")
	if err := os.Mkdir(queue, 0o755); err != nil {
		return err
	}
	type folder struct {
		path string
		mode os.FileMode
		gid  int
	}
	all := []folder{{data, 0o700, 0}, {filepath.Join(queue, "maildrop"), 0o730, dropID}, {filepath.Join(queue, "public"), 0o710, dropID}}
	for _, name := range []string{"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
		"saved", "trace"} {
		all = append(all, folder{filepath.Join(queue, name), 0o700, 0})
	}
	for _, f := range all {
		if err := os.Mkdir(f.path, 0o700); err != nil {
			return err
		}
		if err := os.Chown(f.path, uid, f.gid); err != nil {
			return err
		}
		if err := os.Chmod(f.path, f.mode); err != nil {
			return err
		}
	}
	return os.Mkdir(filepath.Join(queue, "pid"), 0o755) // owned by root
}

// ids returns the numbers of a user and of their group.
func ids(name string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

type postfixFacts struct {
	Dir, LMTP, Auth          string
	SMTPPort, SubmissionPort int
	Domains, Settings        []string
}

func domains(users []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, u := range users {
		if _, domain, ok := strings.Cut(u, "@"); ok && !seen[domain] {
			seen[domain] = true
			out = append(out, domain)
		}
	}
	sort.Strings(out)
	return out
}

var mainCF = template.Must(template.New("main.cf").Parse(`
compatibility_level = 3.6
queue_directory = {{.Dir}}/queue
data_directory = {{.Dir}}/data
maillog_file = {{.Dir}}/mail.log
maillog_file_prefixes = {{.Dir}}
myhostname = postfix.example
myorigin = postfix.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
biff = no
message_size_limit = 60000000
mailbox_size_limit = 0
recipient_delimiter = +
virtual_mailbox_domains ={{range .Domains}} {{.}}{{end}}
virtual_mailbox_maps = texthash:{{.Dir}}/conf/mailboxes
virtual_transport = lmtp:inet:{{.LMTP}}
transport_maps = texthash:{{.Dir}}/conf/routes
default_transport = error:5.1.2 nothing leaves this machine
relay_transport = error:5.1.2 nothing leaves this machine
smtp_host_lookup = native
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{{.Auth}}
smtpd_tls_cert_file = {{.Dir}}/cert.pem
smtpd_tls_key_file = {{.Dir}}/key.pem
smtpd_tls_security_level = may
smtpd_tls_session_cache_database =
smtp_tls_security_level = may
smtp_tls_CAfile = {{.Dir}}/ca.pem
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
lmtp_destination_concurrency_limit = 20
{{range .Settings}}{{.}}
{{end}}`))

var masterCF = template.Must(template.New("master.cf").Parse(`
127.0.0.1:{{.SMTPPort}} inet n - n - - smtpd
127.0.0.1:{{.SubmissionPort}} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup    unix  n  -  n  60     1  pickup
cleanup   unix  n  -  n  -      0  cleanup
qmgr      unix  n  -  n  300    1  qmgr
tlsmgr    unix  -  -  n  1000?  1  tlsmgr
rewrite   unix  -  -  n  -      -  trivial-rewrite
bounce    unix  -  -  n  -      0  bounce
defer     unix  -  -  n  -      0  bounce
trace     unix  -  -  n  -      0  bounce
verify    unix  -  -  n  -      1  verify
flush     unix  n  -  n  1000?  0  flush
proxymap  unix  -  -  n  -      -  proxymap
proxywrite unix -  -  n  -      1  proxymap
smtp      unix  -  -  n  -      -  smtp
relay     unix  -  -  n  -      -  smtp
showq     unix  n  -  n  -      -  showq
error     unix  -  -  n  -      -  error
retry     unix  -  -  n  -      -  error
discard   unix  -  -  n  -      -  discard
lmtp      unix  -  -  n  -      -  lmtp
anvil     unix  -  -  n  -      1  anvil
scache    unix  -  -  n  -      1  scache
postlog   unix-dgram n -  n  -  1  postlogd
`))
