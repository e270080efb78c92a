package ops

import (
	"io"
	"net/http/httptest"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"tierdesk/mailin/clamd"
	"tierdesk/mailin/imap"
	"tierdesk/mailout/smtp"
)

// What a scraper reads is what there is, also where a name holds what the format escapes. It is
// read by the parser of those who made the format.
func TestMetrics(t *testing.T) {
	d := &ill{folder: imap.FolderStatus{Folder: "a \"b\" \\ c\nd \xff", Connected: true, Taken: 1 << 40, Backlog: 7}}
	d.outgoing.Waiting, d.outgoing.Oldest = 3, time.Now().Add(-time.Hour)
	d.outgoing.Accounts = []smtp.AccountStatus{{Account: "support", Sent: 5, Paused: true}, {Account: "sales", Sent: 6}}
	w := d.watch()
	w.parts.Scanner = func() (clamd.Status, bool) { return clamd.Status{Clean: 2, Found: 1}, true }
	s := httptest.NewServer(w.Handler())
	defer s.Close()
	r, err := s.Client().Get(s.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if form := expfmt.ResponseFormat(r.Header); form.FormatType() != expfmt.TypeTextPlain {
		t.Errorf("a scraper takes %q for %v", r.Header.Get("Content-Type"), form)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(r.Body)
	if err != nil {
		text, _ := io.ReadAll(r.Body)
		t.Fatalf("%v before %s", err, text)
	}
	for _, c := range []struct {
		name   string
		labels map[string]string
		want   float64
	}{
		{"tierdesk_mails_taken_total", map[string]string{"inbox": "support", "folder": "a \"b\" \\ c\nd \ufffd"}, 1 << 40},
		{"tierdesk_inbox_connected", map[string]string{"inbox": "support"}, 1},
		{"tierdesk_inbox_backlog", map[string]string{"inbox": "support"}, 7},
		{"tierdesk_outbox_waiting", nil, 3},
		{"tierdesk_mails_sent_total", map[string]string{"account": "support"}, 5},
		{"tierdesk_mails_sent_total", map[string]string{"account": "sales"}, 6},
		{"tierdesk_outgoing_paused", map[string]string{"account": "support"}, 1},
		{"tierdesk_outgoing_paused", map[string]string{"account": "sales"}, 0},
		{"tierdesk_scanner_up", nil, 1},
		{"tierdesk_scans_total", map[string]string{"result": "clean"}, 2},
		{"tierdesk_info", map[string]string{"folder": "abc"}, 1},
	} {
		if got, ok := value(families[c.name], c.labels); !ok || got != c.want {
			t.Errorf("%s%v: %v, %v; wanted %v", c.name, c.labels, got, ok, c.want)
		}
	}
	if age, _ := value(families["tierdesk_outbox_oldest_seconds"], nil); age < 3600 || age > 3700 {
		t.Errorf("the oldest mail waits for %v s, not for an hour", age)
	}
	for name, f := range families {
		if f.GetHelp() == "" && len(name) > 9 && name[:9] == "tierdesk_" {
			t.Errorf("%s: no help", name)
		}
	}
	if _, ok := value(families["process_resident_memory_bytes"], nil); !ok {
		t.Error("nothing of the process")
	}
}

// value returns the value of the only metric of a family that has these labels.
func value(f *dto.MetricFamily, labels map[string]string) (float64, bool) {
	found, value := 0, 0.0
	for _, m := range f.GetMetric() {
		fits := 0
		for _, l := range m.GetLabel() {
			if want, is := labels[l.GetName()]; is && want == l.GetValue() {
				fits++
			}
		}
		if fits == len(labels) {
			found++
			value = m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return value, found == 1
}
