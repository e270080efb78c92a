package ops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tierdesk/mailin/imap"
	"tierdesk/mailout"
	"tierdesk/mailout/smtp"
)

// ill is a desk whose parts can be spoilt.
type ill struct {
	mu       sync.Mutex
	database error
	folder   imap.FolderStatus
	outgoing smtp.Status
}

func (d *ill) watch() *Watch {
	return New(Parts{
		Now:  time.Now,
		Ping: func(context.Context) error { d.mu.Lock(); defer d.mu.Unlock(); return d.database },
		Inboxes: func() []imap.Status {
			d.mu.Lock()
			defer d.mu.Unlock()
			return []imap.Status{{Inbox: "support", Folders: []imap.FolderStatus{d.folder}}}
		},
		Outgoing: func(context.Context) (smtp.Status, error) { d.mu.Lock(); defer d.mu.Unlock(); return d.outgoing, nil },
		Hash:     func() string { return "abc" },
	})
}

func (d *ill) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

// told are the alarms that were raised.
type told struct {
	mu   sync.Mutex
	all  []string
	fail bool // the way does not work
}

func (a *told) way(_ context.Context, subject, text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fail {
		return errors.New("no way")
	}
	a.all = append(a.all, subject+"\n"+text)
	return nil
}

func (a *told) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.all
	a.all = nil
	return out
}

// Whatever breaks, the admin is told once by the second way, when it has lasted, and told again
// when it works.
func TestAlarms(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(d *ill)
		after time.Duration
		words []string
	}{
		{"the inbox cannot be reached", func(d *ill) { d.folder.Error = "connection refused" }, 5 * time.Minute, []string{"inbox support", "connection refused"}},
		{"the login to the inbox is refused", func(d *ill) { d.folder.Error, d.folder.Refused = "wrong password", true }, time.Minute, []string{"inbox support", "wrong password"}},
		{"taken mail cannot be put away", func(d *ill) { d.folder.AcknowledgeError = "over quota" }, 5 * time.Minute, []string{"inbox support", "over quota"}},
		{"outgoing mail is paused", func(d *ill) {
			d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Paused: true, Reason: "421 go away"}}
		}, 5 * time.Minute, []string{"outgoing", "421 go away"}},
		{"the login of outgoing mail is refused", func(d *ill) {
			d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Paused: true, Refused: true, Reason: "535 who are you"}}
		}, time.Minute, []string{"outgoing", "535 who are you"}},
		{"mail does not leave though nothing is paused", func(d *ill) { d.outgoing.Waiting, d.outgoing.Due = 7, time.Now().Add(-time.Hour) }, 5 * time.Minute, []string{"outgoing", "7 mails are waiting"}},
		{"the database is away", func(d *ill) { d.database = errors.New("disk full") }, 5 * time.Minute, []string{"database", "disk full"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, a := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}, &told{}
				alarm := &Alarm{Watch: d.watch(), Ways: []func(context.Context, string, string) error{a.way}, Log: slog.New(slog.DiscardHandler)}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go alarm.Run(ctx)
				time.Sleep(time.Hour + time.Second)
				if all := a.take(); len(all) != 0 {
					t.Fatalf("an alarm though all is well: %q", all)
				}
				d.set(func() { c.spoil(d) })
				time.Sleep(c.after - 20*time.Second)
				if all := a.take(); len(all) != 0 {
					t.Errorf("an alarm before %v: %q", c.after, all)
				}
				time.Sleep(time.Minute)
				all := a.take()
				if len(all) != 1 {
					t.Fatalf("%d alarms after %v: %q", len(all), c.after, all)
				}
				for _, word := range c.words {
					if !strings.Contains(all[0], word) {
						t.Errorf("%q is not in the alarm: %q", word, all[0])
					}
				}
				time.Sleep(24 * time.Hour)
				if all := a.take(); len(all) != 0 {
					t.Errorf("told again: %q", all)
				}
				d.set(func() { d.database, d.folder, d.outgoing = nil, imap.FolderStatus{Folder: "INBOX"}, smtp.Status{} })
				time.Sleep(time.Minute)
				if all := a.take(); len(all) != 1 || !strings.Contains(all[0], "works again") {
					t.Errorf("when it works again: %q", all)
				}
			})
		})
	}
}

// Every connection works, and yet no mail leaves: what becomes of mail counts. It has been waited
// for long enough, so the alarm is raised at once; the desk is not ready.
func TestNoMailLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, a := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}, &told{}
		watch := d.watch()
		alarm := &Alarm{Watch: watch, Ways: []func(context.Context, string, string) error{a.way}, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go alarm.Run(ctx)
		d.set(func() {
			d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Connections: 1, Silent: mailout.Silence{Since: time.Now(), Recipients: 3, Reason: "550 each time another word"}}}
		})
		time.Sleep(14 * time.Minute)
		if all := a.take(); len(all) != 0 {
			t.Fatalf("an alarm already: %q", all)
		}
		time.Sleep(2 * time.Minute)
		if all := a.take(); len(all) != 1 || !strings.Contains(all[0], "no mail has left") || !strings.Contains(all[0], "550 each time another word") {
			t.Errorf("alarms: %q", all)
		}
		if p := watch.Problems(ctx); len(p) != 1 || p[0].Minor {
			t.Errorf("problems: %+v", p)
		}
		// A new slice: the watch reads the one that it was given.
		d.set(func() { d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Connections: 1}} })
		time.Sleep(time.Minute)
		if all := a.take(); len(all) != 1 || !strings.Contains(all[0], "works again") {
			t.Errorf("when mail leaves again: %q", all)
		}
		// Mail that is put off by its recipients' servers waits, while other mail leaves: nothing
		// is wrong here.
		d.set(func() { d.outgoing.Waiting, d.outgoing.Oldest = 3, time.Now().Add(-24*time.Hour) })
		time.Sleep(time.Hour)
		if all := a.take(); len(all) != 0 {
			t.Errorf("mail that is merely put off: %q", all)
		}
	})
}

// A hiccup rings nobody.
func TestAShortFaultRingsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, a := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}, &told{}
		alarm := &Alarm{Watch: d.watch(), Ways: []func(context.Context, string, string) error{a.way}, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go alarm.Run(ctx)
		for range 20 {
			d.set(func() { d.folder.Error = "connection reset" })
			time.Sleep(4 * time.Minute)
			d.set(func() { d.folder.Error = "" })
			time.Sleep(time.Minute)
		}
		if all := a.take(); len(all) != 0 {
			t.Errorf("alarms: %q", all)
		}
	})
}

// An alarm that nobody could be told of is tried again, and one way that fails stops no other.
func TestAnAlarmThatDoesNotRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, a, b := &ill{folder: imap.FolderStatus{Folder: "INBOX", Error: "gone"}}, &told{fail: true}, &told{fail: true}
		alarm := &Alarm{Watch: d.watch(), Ways: []func(context.Context, string, string) error{a.way, b.way}, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go alarm.Run(ctx)
		time.Sleep(time.Hour)
		b.mu.Lock()
		b.fail = false
		b.mu.Unlock()
		time.Sleep(time.Minute)
		if all := b.take(); len(all) != 1 {
			t.Errorf("once a way works again: %q", all)
		}
	})
}

// The command gets the alarm on its standard input, and a command that fails says so.
func TestTheAlarmsCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "alarm")
	if err := Command([]string{"sh", "-c", "cat > " + file})(t.Context(), "Tierdesk: inbox support does not work", "connection refused"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !strings.Contains(string(got), "inbox support does not work") || !strings.Contains(string(got), "connection refused") {
		t.Errorf("the command read %q, %v", got, err)
	}
	if err := Command([]string{"sh", "-c", "echo the line is dead; exit 3"})(t.Context(), "x", "y"); err == nil || !strings.Contains(err.Error(), "the line is dead") {
		t.Errorf("a command that failed: %v", err)
	}
}

// Whoever asks over HTTP hears the same.
func TestReadiness(t *testing.T) {
	d := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}
	s := httptest.NewServer(d.watch().Handler())
	defer s.Close()
	ask := func(path string) (int, string) {
		t.Helper()
		r, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(text)
	}
	expect := func(path string, code int, words ...string) {
		t.Helper()
		got, text := ask(path)
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is not in %s", path, word, text)
			}
		}
		if got != code {
			t.Errorf("%s: %d, not %d: %s", path, got, code, text)
		}
	}
	expect("/healthz", 200, `"ok":true`)
	expect("/readyz", 200, `"ok":true`)
	expect("/metrics", 200, "tierdesk_problems 0", `tierdesk_info{folder="abc"`)
	d.set(func() {
		d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Paused: true, Refused: true, Reason: "535 no", Since: time.Now()}}
	})
	expect("/healthz", 200)
	expect("/readyz", 503, "535 no")
	expect("/metrics", 200, "tierdesk_problems 1", `tierdesk_outgoing_paused{account="support"} 1`)
	d.set(func() { d.outgoing.Accounts = nil; d.folder.Error, d.folder.Since = "gone", time.Now() })
	expect("/readyz", 200) // it has only just begun
	d.set(func() { d.folder.Since = time.Now().Add(-time.Minute) })
	expect("/readyz", 503, "gone")
	d.set(func() { d.folder.Since = time.Now().AddDate(1, 0, 0) }) // by a clock that was a year ahead
	expect("/readyz", 503, "gone")
	d.set(func() { d.folder.Error, d.database = "", fmt.Errorf("disk full") })
	expect("/healthz", 503, "disk full")
}

// What leaves mail alone is told by mail as well: once, and once when it is over; also where no way
// works. What has waited long enough is told at once.
func TestAlarmByMail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var others []Problem
		var mails []string
		d, a := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}, &told{fail: true}
		watch := d.watch()
		watch.parts.Others = func(context.Context) ([]Problem, error) { mu.Lock(); defer mu.Unlock(); return others, nil }
		alarm := &Alarm{Watch: watch, Ways: []func(context.Context, string, string) error{a.way}, Log: slog.New(slog.DiscardHandler), Mail: func(_ context.Context, p Problem, over bool) error {
			mu.Lock()
			defer mu.Unlock()
			mails = append(mails, fmt.Sprint(p.Key, " over:", over))
			return nil
		}}
		go alarm.Run(t.Context())
		set := func(p ...Problem) { mu.Lock(); others = p; mu.Unlock() }
		expect := func(after time.Duration, want ...string) {
			t.Helper()
			time.Sleep(after)
			mu.Lock()
			defer mu.Unlock()
			if !slices.Equal(mails, want) {
				t.Errorf("mails %q, wanted %q", mails, want)
			}
			mails = nil
		}
		set(Problem{Key: "scanner", Since: time.Now(), ByMail: &Words{}, Minor: true})
		expect(4 * time.Minute)
		expect(2*time.Minute, "scanner over:false")
		expect(time.Hour)
		a.mu.Lock()
		a.fail = false
		a.mu.Unlock()
		expect(time.Minute)
		if all := a.take(); len(all) != 1 {
			t.Errorf("the second way, when it works again, says %q", all)
		}
		set()
		expect(time.Minute, "scanner over:true")
		set(Problem{Key: "canary", Since: time.Now(), ByMail: &Words{}, Waited: true})
		expect(20*time.Second, "canary over:false")
	})
}
