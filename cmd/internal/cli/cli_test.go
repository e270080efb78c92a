package cli

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/migrations/dbtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tierdesk": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// mailboxes of the embedded mail server that every script may talk to, at $IMAP and $SMTP; the password of all is in the file secret.
var mailboxes = []string{"support@acme.example", "it@acme.example", "jane@staff.example", "max@customer.example"}

// Each script is one command: what it shows, what it refuses and with which exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts("script", nil))
}

// The commands on PostgreSQL, where there is one.
func TestPostgres(t *testing.T) {
	g := dbtest.Postgres(t)
	testscript.Run(t, scripts("postgres", map[string]string{"DATABASE": g.URL}))
}

func scripts(folder string, env map[string]string) testscript.Params {
	return testscript.Params{
		Dir: filepath.Join("testdata", folder),
		Setup: func(e *testscript.Env) error {
			if err := notify(e); err != nil {
				return err
			}
			s, err := mailserver.Start(mailserver.Options{Addresses: mailboxes, Password: "open"})
			if err != nil {
				return err
			}
			e.Defer(func() { s.Close() })
			e.Values[serverKey{}] = s
			e.Setenv("IMAP", s.IMAP)
			e.Setenv("SMTP", s.SMTP)
			e.Setenv("TERM", "xterm")
			e.Setenv("TIERDESK_MUTANT", os.Getenv("TIERDESK_MUTANT")) // the defect that is tried: scripts begin with an empty environment
			l, err := net.Listen("tcp", "127.0.0.1:0")                // a port that is free, for health
			if err != nil {
				return err
			}
			e.Setenv("OPS", l.Addr().String())
			l.Close()
			for name, value := range env {
				e.Setenv(name, value)
			}
			// Where nothing but this program is found.
			alone, _, _ := strings.Cut(e.Getenv("PATH"), string(os.PathListSeparator))
			e.Setenv("TIERDESK_ONLY", alone)
			return os.WriteFile(filepath.Join(e.WorkDir, "secret"), []byte("open\n"), 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":      exits,
			"eventually": eventually,
			"desk":       deskFolder,
			"send":       send,
			"edit":       edit,
			"backdate":   backdate,
		},
		RequireUniqueNames: true,
	}
}

type serverKey struct{}

// exits CODE COMMAND...: the command ends with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// eventually PATTERN COMMAND...: before long the command succeeds and its output matches.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	out := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		err = ts.Exec(args[1], args[2:]...)
		if out = ts.ReadFile("stdout"); err == nil && pattern.MatchString(out) {
			return
		}
	}
	ts.Fatalf("%q never came (%v):\n%s", args[0], err, out)
}

// desk DIR: a desk folder whose mail goes by the embedded server, with jane as its only agent.
func deskFolder(ts *testscript.TestScript, neg bool, args []string) {
	dir := args[0]
	secret := ts.MkAbs("secret")
	ts.Check(ts.Exec("tierdesk", "init", dir, "--yes", "--address", "support@acme.example", "--imap", "insecure+imap://"+ts.Getenv("IMAP"), "--imap-password-file", secret,
		"--smtp", "insecure+smtp://"+ts.Getenv("SMTP"), "--smtp-password-file", secret, "--agent-address", "jane@staff.example"))
	edit(ts, false, []string{filepath.Join(dir, "tierdesk.yaml"), `ops: 127.0.0.1:9725`, `ops: none`})
	for name, text := range deskFiles {
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(dir), name), []byte(text), 0o600))
	}
}

// deskFiles are rules that act on words, and a mail for one of them: what init writes has neither.
var deskFiles = map[string]string{
	"templates/outage-ack.md": `Subject: Re: [#{{.Ticket.Number}}] {{or .Ticket.Subject "Your request"}}

Hello{{with .Customer.Name}} {{.}}{{end}},

thank you for telling us. Your ticket is **#{{.Ticket.Number}}**.

{{template "footer" .}}
`,
	"rules/10-routing.yaml": `rules:
  - name: an outage goes straight to the technicians
    on: [opened]
    when: subject matches "(?i)\\b(outage|down)\\b"
    do:
      - set: {priority: urgent, tier: 2, team: technicians, tags: [+outage]}
      - reply: outage-ack
      - notify: [lead]

  - name: newsletters wait for a look
    on: [opened]
    when: has_header("List-Unsubscribe") && customer.tickets == 0
    do:
      - quarantine: looks like a newsletter
    then: stop

tests:
  - name: an outage is urgent
    mail: {from: carol@customer.example, subject: "Network is DOWN", text: "Nothing works since 9:00."}
    expect: {priority: urgent, tier: 2, team: technicians, tags: [outage]}

  - name: a download is no outage
    mail: {from: carol@customer.example, subject: "Where do I download the client?", text: "I cannot find it."}
    expect: {priority: normal, tier: 1, rules: []}

  - name: a newsletter opens no ticket
    mail:
      from: news@shop.example
      subject: Big autumn sale
      text: Everything must go.
      headers: {List-Unsubscribe: "<https://shop.example/unsubscribe>"}
    expect: {quarantined: true}
`,
}

// send FILE FROM TO: a mail into a mailbox, as a mail server would put it there.
func send(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*mailserver.Server)
	ts.Check(s.Deliver(mailserver.Envelope{From: args[1], To: args[2:], Raw: []byte(ts.ReadFile(args[0]))}))
}

// backdate LENGTH: the mails that are sent from now on came so long ago.
func backdate(ts *testscript.TestScript, neg bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	ts.Value(serverKey{}).(*mailserver.Server).Backdate(d)
}

// notify stands in for systemd: what services tell it by $NOTIFY_SOCKET, a script finds in the file notified.
func notify(e *testscript.Env) error {
	socket := filepath.Join(e.WorkDir, "systemd")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(e.WorkDir, "notified"))
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 4096)
		for {
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			fmt.Fprintf(f, "%s\n", b[:n])
		}
	}()
	e.Defer(func() { conn.Close(); <-done; f.Close() })
	return nil
}

// edit FILE OLD NEW: one place in a file is changed.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	file := ts.MkAbs(args[0])
	b, err := os.ReadFile(file)
	ts.Check(err)
	if strings.Count(string(b), args[1]) != 1 {
		ts.Fatalf("%q stands %d times in %s", args[1], strings.Count(string(b), args[1]), args[0])
	}
	ts.Check(os.WriteFile(file, []byte(strings.Replace(string(b), args[1], args[2], 1)), 0o600))
}

// A person must be able to find out what each command does, and no command may be without a script.
func TestEveryCommandIsTold(t *testing.T) {
	k, err := newEnv(nil, os.Stdout, os.Stderr).kong(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range k.Model.Leaves(false) {
		command := strings.TrimSpace(leaf.Path())
		command, _, _ = strings.Cut(strings.TrimPrefix(command, "tierdesk "), " <")
		if leaf.Help == "" {
			t.Errorf("%s: no help", command)
		}
		for _, f := range leaf.Flags {
			if f.Help == "" {
				t.Errorf("%s --%s: no help", command, f.Name)
			}
		}
		top, _, _ := strings.Cut(command, " ")
		found := slices.ContainsFunc(scripts, func(s string) bool {
			b, err := os.ReadFile(s)
			return err == nil && regexp.MustCompile(`(?m)^[^#>]*tierdesk `+regexp.QuoteMeta(command)+`\b`).Match(b) && strings.HasPrefix(filepath.Base(s), top)
		})
		if !found {
			t.Errorf("%s: no script testdata/script/%s*.txtar runs it", command, top)
		}
	}
}

// What strangers write must not reach a terminal as more than words.
func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"plain ümläut 日本":       "plain ümläut 日本",
		"a\x1b[2Jb":             "a·[2Jb",
		"a\r\nb\tc":             "a  b c",
		"\u202egpj.exe\u2066":   "·gpj.exe·",
		"\u009b31m":             "·31m",
		"bad \xff byte":         "bad · byte",
		"zero\x00":              "zero·",
		"para\u2029line\u2028x": "para·line·x",
	} {
		if got := safe(in); got != want {
			t.Errorf("safe(%q) = %q, want %q", in, got, want)
		}
	}
	if got := safeText("a\r\nb\x1b\n\tc"); got != "a\nb·\n c" {
		t.Errorf("safeText: %q", got)
	}
}

func TestWordsOfPromises(t *testing.T) {
	for key, want := range map[string]string{
		"first_reply@80/normal#1":         "first_reply at 80 % (normal)",
		"resolution@100/urgent#1":         "resolution missed (urgent)",
		"next_reply@50/tier1/high#1":      "next_reply at 50 % at tier 1 (high)",
		"quiet@2h0m0s/tier1#1":            "no agent reply for 2h0m0s at tier 1",
		"quiet@2h0m0s#1":                  "no agent reply for 2h0m0s",
		"close#1":                         "the solved ticket closes",
		"rule/remind who does not write#": `rule "remind who does not write"`,
	} {
		if got := promiseWords(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestLogsAreForPeopleToo(t *testing.T) {
	var out strings.Builder
	newEnv(nil, nil, &out).logger("info", "json").Info("lost the folder", "next", 90*time.Second)
	if !strings.Contains(out.String(), `"next":"1m30s"`) {
		t.Error(out.String())
	}
}

func TestLengths(t *testing.T) {
	now := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		500 * time.Millisecond: "0s ago", 59 * time.Second: "59s ago", 90 * time.Minute: "1h30m ago", 2 * time.Hour: "2h ago", 30 * time.Hour: "30h ago", 72 * time.Hour: "3d ago",
		-5 * time.Minute: "in 5m",
	} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	if got := ago(time.Time{}, now); got != "" {
		t.Errorf("never: %q", got)
	}
	for n, want := range map[int64]string{999: "999 B", 1500: "1.5 kB", 30_000_000: "30.0 MB"} {
		if got := octets(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for word, want := range map[string]string{"inbox": "2 inboxes", "reply": "2 replies", "day": "2 days", "rule": "2 rules"} {
		if got := plural(2, word); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := fmt.Sprint(plural(1, "inbox")); got != "1 inbox" {
		t.Errorf("%q", got)
	}
}

// On a narrow terminal the columns that may be are cut, the widest first, none to nothing; what is empty is left out. Elsewhere nothing is cut.
func TestTable(t *testing.T) {
	table := func(width int) string {
		var b strings.Builder
		e := &env{out: &b, width: width}
		r := e.table("id>", "empty", "who*", "subject*")
		r.add(7, "", "somebody@customer.example", "a long subject that goes on and on")
		r.add(1042, "", "max", cell{"short\x1b[31m", red})
		r.print()
		return b.String()
	}
	if got, want := table(0), `  id  who                        subject
   7  somebody@customer.example  a long subject that goes on and on
1042  max                        short·[31m
`; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got, want := table(50), `  id  who                    subject
   7  somebody@customer.ex…  a long subject that …
1042  max                    short·[31m
`; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got, want := table(10), `  id  who           subject
   7  somebody@cu…  a long subj…
1042  max           short·[31m
`; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// What every other program understands is understood, and a file that is missing is not the database's fault.
func TestPlainErrors(t *testing.T) {
	for _, c := range []struct {
		args      []string
		code      int
		out, lack string
	}{
		{[]string{"--version"}, exitOK, "tierdesk ", "unknown flag"},
		{[]string{"inspect", "/no/such/file"}, exitFailed, "/no/such/file: no such file", "database"},
	} {
		var out strings.Builder
		e := newEnv(strings.NewReader(""), &out, &out)
		e.ctx = t.Context()
		if code := e.command(c.args); code != c.code || !strings.Contains(out.String(), c.out) || strings.Contains(out.String(), c.lack) {
			t.Errorf("%v: %d, %s", c.args, code, out.String())
		}
	}
	var out strings.Builder
	e := newEnv(strings.NewReader(""), &out, &out)
	e.ctx = t.Context()
	_, err := os.Open("/no/such/file")
	if e.fail(fmt.Errorf("writing the backup: %w", err)); strings.Contains(out.String(), "database") {
		t.Error(out.String())
	}
}
