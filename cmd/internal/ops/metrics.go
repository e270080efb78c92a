package ops

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// metrics answers a scrape in the text format of Prometheus, version 0.0.4, with the desk's figures
// and those of the process. They are gathered at each scrape, so that nothing is counted in two
// places.
func (w *Watch) metrics(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	var page bytes.Buffer
	w.samples(ctx).write(&page)
	metrics.WriteProcessMetrics(&page)
	rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	rw.Write(page.Bytes()) // the client may have disconnected; nobody could be told
}

// metric is one of the desk's figures, with the help text for whoever scrapes it.
type metric struct {
	name, kind, help string
	labels           []string
}

const (
	gauge   = "gauge"
	counter = "counter"
)

var (
	byFolder  = []string{"folder", "inbox"}
	byInbox   = []string{"inbox"}
	byAccount = []string{"account"}
)

var (
	connected = &metric{"tierdesk_inbox_connected", gauge, "1 while the folder of an inbox is watched.", byFolder}
	leading   = &metric{"tierdesk_inbox_leading", gauge, "1 while this daemon, and not another, works on the inbox.", byInbox}
	taken     = &metric{"tierdesk_mails_taken_total", counter, "Mails that were taken from a folder since the start.", byFolder}
	octets    = &metric{"tierdesk_mails_taken_bytes_total", counter, "Their size.", byFolder}
	backlog   = &metric{"tierdesk_inbox_backlog", gauge, "Mails that wait at the server.", byFolder}
	parked    = &metric{"tierdesk_mails_parked_total", counter, "Mails that were set aside since they could not be fetched.", byFolder}
	waiting   = &metric{"tierdesk_outbox_waiting", gauge, "Mails that wait to be sent.", nil}
	oldest    = &metric{"tierdesk_outbox_oldest_seconds", gauge, "Age of the oldest mail that waits; 0 for none.", nil}
	sent      = &metric{"tierdesk_mails_sent_total", counter, "Mails that a mail server has taken since the start.", byAccount}
	failed    = &metric{"tierdesk_mails_failed_total", counter, "Mails that were refused for good since the start.", byAccount}
	held      = &metric{"tierdesk_mails_held_total", counter, "Mails that the last gate has held since the start.", byAccount}
	retried   = &metric{"tierdesk_mails_retried_total", counter, "Attempts that will be made again, since the start.", byAccount}
	pausedNow = &metric{"tierdesk_outgoing_paused", gauge, "1 while an outgoing account is paused.", byAccount}
	trip      = &metric{"tierdesk_canary_seconds", gauge,
		"How long the last mail of the desk to itself took that came back; 0 for none.", byInbox}
	tripWaits = &metric{"tierdesk_canary_waiting_seconds", gauge,
		"For how long the oldest has been waited for that is not back; 0 for none.", byInbox}
	scanning = &metric{"tierdesk_scanner_up", gauge, "1 while the virus scanner answers.", nil}
	scans    = &metric{"tierdesk_scans_total", counter,
		"Mails that the virus scanner was asked about since the start, by what it said: clean, found, failed.", []string{"result"}}
	problems = &metric{"tierdesk_problems", gauge, "What is wrong now.", nil}
	info     = &metric{"tierdesk_info", gauge, "Always 1; the version and the desk folder in force.", []string{"folder", "version"}}
)

// samples gathers the figures. Those that cannot be read are left out, and tierdesk_problems counts
// that.
func (w *Watch) samples(ctx context.Context) *samples {
	s := &samples{}
	for _, in := range w.parts.Inboxes() {
		s.add(leading, one(in.Leading), in.Inbox)
		for _, f := range in.Folders {
			s.add(connected, one(f.Connected), f.Folder, in.Inbox)
			s.add(backlog, float64(f.Backlog), f.Folder, in.Inbox)
			s.add(taken, float64(f.Taken), f.Folder, in.Inbox)
			s.add(octets, float64(f.Octets), f.Folder, in.Inbox)
			s.add(parked, float64(f.Parked), f.Folder, in.Inbox)
		}
	}
	if status, err := w.parts.Outgoing(ctx); err == nil {
		s.add(waiting, float64(status.Waiting))
		age := 0.0
		if !status.Oldest.IsZero() {
			age = max(0, w.parts.Now().Sub(status.Oldest).Seconds())
		}
		s.add(oldest, age)
		for _, a := range status.Accounts {
			s.add(pausedNow, one(a.Paused), a.Account)
			s.add(sent, float64(a.Sent), a.Account)
			s.add(failed, float64(a.Failed), a.Account)
			s.add(held, float64(a.Held), a.Account)
			s.add(retried, float64(a.Retried), a.Account)
		}
	}
	if w.parts.RoundTrips != nil {
		if trips, err := w.parts.RoundTrips(ctx); err == nil {
			for _, t := range trips {
				s.add(trip, t.Last.Seconds(), t.Inbox)
				s.add(tripWaits, t.Waiting.Seconds(), t.Inbox)
			}
		}
	}
	if w.parts.Scanner != nil {
		if status, is := w.parts.Scanner(); is {
			s.add(scanning, one(!status.Away))
			s.add(scans, float64(status.Clean), "clean")
			s.add(scans, float64(status.Found), "found")
			s.add(scans, float64(status.Failed), "failed")
		}
	}
	s.add(problems, float64(len(w.Problems(ctx))))
	s.add(info, 1, w.parts.Hash(), w.parts.Version)
	return s
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// samples are the values of metrics, grouped by metric as the format requires.
type samples struct {
	order  []*metric
	values map[*metric][]string
}

// add adds a value, with a value for each label.
func (s *samples) add(m *metric, value float64, labels ...string) {
	if s.values == nil {
		s.values = map[*metric][]string{}
	}
	if s.values[m] == nil {
		s.order = append(s.order, m)
	}
	var pairs []string
	for i, name := range m.labels {
		pairs = append(pairs, name+`="`+labelEscapes.Replace(strings.ToValidUTF8(labels[i], "\ufffd"))+`"`)
	}
	named := m.name
	if pairs != nil {
		named += "{" + strings.Join(pairs, ",") + "}"
	}
	s.values[m] = append(s.values[m], named+" "+strconv.FormatFloat(value, 'g', -1, 64))
}

// labelEscapes escapes the value of a label.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (s *samples) write(page *bytes.Buffer) {
	for _, m := range s.order {
		fmt.Fprintf(page, "# HELP %s %s\n# TYPE %s %s\n%s\n", m.name, m.help, m.name, m.kind, strings.Join(s.values[m], "\n"))
	}
}
