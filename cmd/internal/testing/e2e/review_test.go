package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const vpnArticle = "---\ntitle: Connecting to the VPN\npublic: true\nlanguage: en\ntags: [vpn, tunnel]\nowner: ann\nreview: 6 months\n---\n\nStart the client and choose the gateway Alpha.\n\nThen type the code.\n"

const day = 24 * time.Hour

// drafted returns the drafts of articles that lie in the desk folder, by their names.
func (w *world) drafted() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(filepath.Join(w.dir, "kb", "drafts"))
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(w.dir, "kb", "drafts", e.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}

// articles writes articles and waits until they are in force.
func (w *world) articles(files map[string]string) {
	w.t.Helper()
	for name, text := range files {
		before := w.app.Hash()
		w.write(filepath.Join("kb", name), text)
		w.until("the article is in force", func() bool {
			now := w.app.Hash()
			return now != before && strings.Contains(w.log.String(), `in force" hash=`+now)
		})
	}
	w.settle()
}

// An article falls due, and its owner gets it by mail. Its link says that it is still right: nothing else happens until the next review. Then the owner answers
// with the new text, which needs proof; the admin finds it as a draft, moves it into place, and the next customer reads it.
func TestAnArticleIsReviewed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(150 * day)
		w.nothing(ann, ben, admin)
		w.pass(40 * day)
		due := w.next(ann).has("Is this article still right? Connecting to the VPN", "choose the gateway Alpha", "kb/vpn.md").lacks("Reminder", "Review it")
		w.press("Ann Able <"+ann+">", due, "It is still right")
		w.next(ann).has("Connecting to the VPN is right as it is", "asked again on").lacks("draft")
		w.nothing(ann, ben, admin)
		w.pass(150 * day)
		w.nothing(ann, ben, admin)

		w.pass(40 * day)
		due = w.next(ann).has("Is this article still right? Connecting to the VPN")
		const text = "Title: The VPN, and how to get in\n\nStart the client and choose the gateway Beta.\n\nThen confirm on your phone."
		w.answer(ann, due, text)
		held := w.next(ann).has("A reply address alone does not prove that you wrote /reviewed")
		if got := w.drafted(); len(got) != 0 {
			t.Errorf("without proof there are drafts: %v", got)
		}
		w.answer(ann, held, "/send")
		w.next(ann).has("Your text goes to the admin as a draft")
		w.next(admin).has("Ann Able has written a new text for Connecting to the VPN", "kb/drafts/review-", "kb/vpn.md", "gateway Beta").lacks("Alpha")
		drafts := w.drafted()
		if len(drafts) != 1 {
			t.Fatalf("the drafts are %v", drafts)
		}
		for name, text := range drafts {
			want := strings.Replace(strings.Replace(vpnArticle, "Connecting to the VPN", `"The VPN, and how to get in"`, 1), "tags: [vpn, tunnel]", `tags: ["vpn", "tunnel"]`, 1)
			want = want[:strings.Index(want, "Start the client")] + "Start the client and choose the gateway Beta.\n\nThen confirm on your phone.\n"
			if text != want {
				t.Errorf("the draft is %q, not %q", text, want)
			}
			// A draft is no article: customers read the old one until the admin has moved it.
			asks := func(subject string) got {
				w.pass(day)
				w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: subject, text: "Hello,\n\nhow do I connect to the VPN? The tunnel does not open.\n\nMax"})
				return w.next(max)
			}
			asks("VPN tunnel").has("gateway Alpha").lacks("Beta")
			before := w.app.Hash()
			if err := os.Rename(filepath.Join(w.dir, "kb", "drafts", name), filepath.Join(w.dir, "kb", "vpn.md")); err != nil {
				t.Fatal(err)
			}
			w.until("the draft is in force", func() bool { return w.app.Hash() != before })
			asks("The VPN tunnel again").has("The VPN, and how to get in", "gateway Beta").lacks("Alpha")
		}
		for _, who := range []string{ann, ben, lead, max, admin} {
			w.rest(who)
		}
		w.never(max, "review-", "Ann Able has a new text")
	}, library(map[string]string{"vpn.md": vpnArticle}))
}

// Who does not answer is reminded a few times, in growing gaps, and then left alone until the next review; neither a restart nor an outage repeats anything.
func TestAReviewThatNobodyAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		var days []int
		count := func(upTo, step int) {
			for n := 0; n < upTo; n += step {
				w.pass(time.Duration(step) * day)
				for _, m := range w.rest(ann) {
					days = append(days, n+step)
					switch len(days) {
					case 1:
						m.lacks("Reminder")
					case 4:
						m.has("Reminder: Is this article", "this is the last reminder")
					default:
						m.has("Reminder: Is this article", fmt.Sprintf("this is reminder %d", len(days)-1)).lacks("last reminder")
					}
				}
			}
		}
		w.pass(180 * day)
		count(20, 1)
		w.stop()
		w.start()
		count(40, 2)
		count(100, 5)
		if len(days) != 4 {
			t.Errorf("the owner was told %d times: %v", len(days), days)
		}
		w.nothing(ann, ben, admin)
		// Down for a year: one mail when it is up again, and no more on that day.
		w.stop()
		w.mu.Lock()
		w.offset += 365 * day
		w.mu.Unlock()
		w.start()
		w.settle()
		if got := w.rest(ann); len(got) != 1 {
			t.Errorf("after the outage %d mails", len(got))
		}
		w.pass(3 * day)
		w.nothing(ann, ben, admin)
	}, library(map[string]string{"vpn.md": vpnArticle}))
}

// Many articles that fall due at once come to their owner a few a day.
func TestManyReviewsAtOnce(t *testing.T) {
	files := map[string]string{}
	for i := range 5 {
		files[fmt.Sprintf("a%d.md", i)] = fmt.Sprintf("---\ntitle: Article %d\nowner: ann\nreview: 2020-01-01\n---\nText %d.\n", i, i)
	}
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.articles(files)
		if got := w.rest(ann); len(got) != 3 {
			t.Errorf("%d mails on the first day", len(got))
		}
		w.pass(day)
		if got := w.rest(ann); len(got) != 2 {
			t.Errorf("%d mails on the second day", len(got))
		}
	})
}

// What falls due in an owner's quiet hours or at night comes when these are over; a new owner is asked on the next morning, and is not reminded of what another one was asked.
func TestAReviewWaitsForTheMorning(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(11 * time.Hour) // 20:00
		w.articles(map[string]string{"vpn.md": strings.Replace(vpnArticle, "6 months", "2020-01-01", 1)})
		w.nothing(ann)
		w.pass(12*time.Hour + 30*time.Minute) // 8:30
		w.nothing(ann)
		w.pass(time.Hour)
		w.next(ann).has("Is this article still right?").lacks("Reminder")
		w.articles(map[string]string{"vpn.md": strings.NewReplacer("6 months", "2020-01-01", "owner: ann", "owner: ben").Replace(vpnArticle)})
		w.pass(day)
		w.next(ben).has("Is this article still right?").lacks("Reminder")
		w.nothing(ann)
	}, people("ann: {", `ann: {quiet: "22:00-09:00", `), library(map[string]string{"vpn.md": vpnArticle}))
}

// Nobody but the owner says that an article is right or writes it anew: no colleague, and nobody who has the owner's mail.
func TestOnlyTheOwnerReviews(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(190 * day)
		due := w.next(ann)
		w.send(letter{from: ben, to: support, subject: "Review", text: "/reviewed vpn\nChoose whatever gateway you like.", header: []string{signedBy}})
		w.next(ben).has("belongs to somebody else")
		w.send(letter{from: ben, to: support, subject: "Review", text: "/reviewed nothing", header: []string{signedBy}})
		w.next(ben).has("nothing")
		w.answer("Mallory <"+mallory+">", due, "Choose the gateway at evil.example.")
		w.next(ann).has("A mail came in your name")
		w.answer(ann, due, "Thank you very much!")
		w.next(ann).has("Nothing was done: answer that the article is still right")
		w.pass(8 * day)
		w.next(ann).has("Reminder: Is this article still right?") // so nothing has been said of it yet
		w.send(letter{from: ann, to: support, subject: "Review", text: "/reviewed vpn", header: []string{signedBy}})
		w.next(ann).has("is right as it is")
		w.pass(60 * day)
		w.nothing(ann, admin)
		if got := w.drafted(); len(got) != 0 {
			t.Errorf("there are drafts: %v", got)
		}
	}, library(map[string]string{"vpn.md": vpnArticle}))
}

// An owner who says in few words what is wrong, or changes the quoted article in place, is told that this is no new text; the admin has the words, and no draft.
func TestARemarkIsNoNewText(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(190 * day)
		due := w.next(ann)
		edited := strings.Replace(quoted(due.text()), "Alpha", "Beta", 1)
		w.send(letter{from: ann, to: due.replyTo(), subject: "Re: " + due.subject(), text: "Not Alpha, see below.\n\nOn Mon, 2 Nov 2026, someone wrote:\n" + edited,
			header: []string{"In-Reply-To: " + due.Header.Get("Message-Id"), signedBy}})
		w.next(ann).has("as a remark and not as its new text", "changed in the quoted article was not read")
		w.next(admin).has("Ann Able has written a remark on Connecting to the VPN", "Not Alpha, see below.", "it did not become a draft").lacks("Beta")
		if got := w.drafted(); len(got) != 0 {
			t.Errorf("there are drafts: %v", got)
		}
	}, library(map[string]string{"vpn.md": vpnArticle}))
}

// A text that cannot be written into the desk folder reaches the admin all the same.
func TestADraftThatCannotBeWritten(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.write("kb/drafts", "no folder")
		w.pass(190 * day)
		w.answer(ann, w.next(ann), "Choose the gateway Beta.\n\nThat is all.", signedBy)
		w.next(ann).has("Your text goes to the admin")
		w.next(admin).has("could not be written into the desk folder", "not a directory", "gateway Beta", "it exists only in this mail")
	}, library(map[string]string{"vpn.md": vpnArticle}))
}
