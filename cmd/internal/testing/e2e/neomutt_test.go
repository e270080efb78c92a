package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
)

// An agent works with NeoMutt, in a terminal: reads a notice, answers below it above their signature, writes a note, passes the notice on. The others' mails
// show what the desk made of it.
func TestNeoMutt(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Pump in hall 2", text: "Hello,\n\nit hums.\n\nIs it the fuse?\n\nMax"})
		w.next(max)
		w.next(ben)
		notice := w.next(ann)
		open := func(m got) string {
			return "<limit>~i " + strings.Trim(m.Header.Get("Message-Id"), "<>") + "<enter><display-message>"
		}
		above := func(text string) string { // the quoted notice, with the signature below it, is what the editor gets
			return `{ printf '` + text + `\n\n'; cat "$1"; } >"$1.new" && mv "$1.new" "$1"`
		}
		beside := func(program string) string { return `awk '` + program + `' "$1" >"$1.new" && mv "$1.new" "$1"` }

		w.neomutt(ann, open(notice)+"<reply><send-message>", above("/note\nMax never pays."))
		w.next(ann).has("Your text is a note")
		w.next(ben).says("Max never pays.")

		w.neomutt(ann, open(notice)+"<reply><send-message>", beside(`/^-- $/ { print "\nIt is the fuse.\n" } { print }`))
		answer := w.next(max)
		answer.says("It is the fuse.")
		w.endsFor(ben)

		w.send(letter{from: max, to: answer.replyTo(), subject: "Re: Pump in hall 2", text: "Which one?\n\nAnd can somebody come?"})
		again := w.next(ann).has("Which one?")
		w.neomutt(ann, open(again)+"<reply><send-message>", beside(`{ print } /Which one/ { print "\nThe one on the left.\n" } /can somebody come/ { print "\nOn Friday.\n" }`))
		between := w.next(max)
		between.says("> Which one? The one on the left. > And can somebody come? On Friday.")

		w.neomutt(ann, open(again)+"<forward-message>"+support+"<enter><send-message>", above("Look at this fool."))
		if back := w.next(ann); back.event() != "held" && back.event() != "confirm" {
			t.Errorf("Ann got %q about a mail that passes a notice on:\n%s", back.event(), back.text())
		}
		w.nothing(max, ben, ann)
		w.never(max, "never pays", "fool", "555-0177", "tierdesk", ann)
	})
}

// neomutt runs NeoMutt in a terminal as the owner of a mailbox, who presses these keys. edit is what they do in their editor: commands of a shell, with the
// file that they edit in $1.
func (w *world) neomutt(user, keys, edit string) {
	w.t.Helper()
	for _, program := range []string{"neomutt", "script"} {
		if _, err := exec.LookPath(program); err != nil {
			dbtest.Left(w.t, "NeoMutt", "no "+program+" on the PATH; Debian: neomutt, bsdutils")
		}
	}
	dir := w.t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), mode); err != nil {
			w.t.Fatal(err)
		}
		return file
	}
	signature := write("signature", "Ann Able\nCabin 4\nMy own mobile: 555-0177\n", 0o600)
	editor := write("editor", "#!/bin/sh\n"+edit+"\n", 0o700)
	rc := write("rc", fmt.Sprintf(`set folder="imap://%s@%s" spoolfile=+INBOX imap_pass="%s" ssl_starttls=no ssl_force_tls=no
set smtp_url="smtp://%s" from="%s" realname="Ann Able" use_from=yes
set editor="%s" signature="%s" edit_headers=no autoedit=no fast_reply=yes include=yes reply_to=yes mime_forward=no forward_quote=no forward_edit=yes
set copy=no record="" header_cache="" message_cachedir="" confirmappend=no quit=yes abort_unmodified=no abort_nosubject=no wait_key=no beep=no
set mail_check=600 timeout=600 net_inc=0 read_inc=0 sort=date pager_stop=yes
push "%s<quit><quit>"
`, url.PathEscape(user), w.imap, servers.Password, w.smtp, user, editor, signature, keys), 0o600)
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "script", "-qec", "neomutt -n -F "+rc, os.DevNull)
	cmd.Env = append(os.Environ(), "TERM=xterm", "HOME="+dir, "TMPDIR="+dir, "LC_ALL=C.UTF-8")
	cmd.WaitDelay = time.Second
	var screen bytes.Buffer
	cmd.Stdout, cmd.Stderr = &screen, &screen
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("NeoMutt: %v\n%q", err, screen.String())
	}
}
