package sla

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func ics(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(strings.TrimSpace(e), "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func TestICS(t *testing.T) {
	for _, c := range []struct {
		name, file string
		where      string
		want       []string // the first ones
		n          int      // all of them, if more
	}{
		{name: "one day", file: ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226"), want: []string{"2026-12-25"}},
		{name: "one day without an end", file: ics("DTSTART;VALUE=DATE:20261225"), want: []string{"2026-12-25"}},
		{name: "one day that ends on itself", file: ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225"), want: []string{"2026-12-25"}},
		{name: "a date that does not say so", file: ics("DTSTART:20261225"), want: []string{"2026-12-25"}},
		{name: "several days", file: ics("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"), want: []string{"2026-12-24", "2026-12-25", "2026-12-26"}},
		{name: "several days by DURATION", file: ics("DTSTART;VALUE=DATE:20261224\nDURATION:P2D"), want: []string{"2026-12-24", "2026-12-25"}},
		{name: "days over a change of clocks", file: ics("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260331"), want: []string{"2026-03-28", "2026-03-29", "2026-03-30"}},
		{name: "every year", file: ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY"), want: []string{"2020-12-25", "2021-12-25"}, n: 80},
		{name: "every year, three times", file: ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=3"), want: []string{"2020-12-25", "2021-12-25", "2022-12-25"}},
		{name: "until, west of Greenwich", where: "America/New_York", file: ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;UNTIL=20221225"), want: []string{"2020-12-25", "2021-12-25", "2022-12-25"}},
		{name: "the fourth Thursday of November", file: ics("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2"), want: []string{"2026-11-26", "2027-11-25"}},
		{name: "with exceptions in a list", file: ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=4\nEXDATE;VALUE=DATE:20211225,20221225"), want: []string{"2020-12-25", "2023-12-25"}},
		{name: "with an exception told as a time", file: ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;TZID=Asia/Tokyo:20211225T000000"), want: []string{"2020-12-25", "2022-12-25"}},
		{name: "an hour with an exception and another date", file: ics("DTSTART:20261123T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261124T100000\nRDATE;VALUE=PERIOD:20261127T100000/PT2H"), want: []string{"2026-11-23 10:00-11:00", "2026-11-25 10:00-11:00", "2026-11-27 10:00-11:00"}},
		{name: "with more dates", file: ics("DTSTART;VALUE=DATE:20201225\nRDATE;VALUE=DATE:20210102,20220103"), want: []string{"2020-12-25", "2021-01-02", "2022-01-03"}},
		{
			name: "an instance that was moved",
			file: ics("UID:x\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=3", "UID:x\nRECURRENCE-ID;VALUE=DATE:20211225\nDTSTART;VALUE=DATE:20211227"),
			want: []string{"2020-12-25", "2022-12-25", "2021-12-27"},
		},
		{
			name: "an instance that has another name",
			file: ics("UID:x\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=2", "UID:x\nRECURRENCE-ID;VALUE=DATE:20211225\nDTSTART;VALUE=DATE:20211225"),
			want: []string{"2020-12-25", "2021-12-25"},
		},
		{name: "cancelled", file: ics("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED"), want: nil},
		{name: "transparent, as public holidays are", file: ics("DTSTART;VALUE=DATE:20261225\nTRANSP:TRANSPARENT"), want: []string{"2026-12-25"}},
		{name: "half a day", file: ics("DTSTART:20261224T120000\nDTEND:20261225T000000"), want: []string{"2026-12-24 12:00-24:00"}},
		{name: "an afternoon told in UTC", file: ics("DTSTART:20261224T120000Z\nDTEND:20261224T150000Z"), want: []string{"2026-12-24 13:00-16:00"}},
		{name: "an afternoon told in another zone", file: ics("DTSTART;TZID=America/New_York:20261224T090000\nDURATION:PT1H"), want: []string{"2026-12-24 15:00-16:00"}},
		{name: "over midnight", file: ics("DTSTART:20261224T220000\nDTEND:20261226T030000"), want: []string{"2026-12-24 22:00-24:00", "2026-12-25", "2026-12-26 00:00-03:00"}},
		{name: "weekly at the same time on the wall", file: ics("DTSTART:20260322T100000\nDTEND:20260322T110000\nRRULE:FREQ=WEEKLY;COUNT=2"), want: []string{"2026-03-22 10:00-11:00", "2026-03-29 10:00-11:00"}},
		{name: "no length", file: ics("DTSTART:20261224T120000"), want: nil},
		{name: "byte order mark and bare line feeds", file: "\ufeff" + strings.ReplaceAll(ics("DTSTART;VALUE=DATE:20261225"), "\r\n", "\n"), want: []string{"2026-12-25"}},
		{name: "folded lines", file: ics("DTSTART;VALUE=\n DATE:2026\n 1225"), want: []string{"2026-12-25"}},
		{name: "two calendars in a file", file: ics("DTSTART;VALUE=DATE:20261225") + ics("DTSTART;VALUE=DATE:20261226"), want: []string{"2026-12-25", "2026-12-26"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			where := c.where
			if where == "" {
				where = "Europe/Berlin"
			}
			off, err := parseICS([]byte(c.file), zone(t, where))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range off {
				s := o.day.String()
				if o.span != (Span{0, endOfDay}) {
					s += fmt.Sprintf(" %s-%s", o.span.From, o.span.To)
				}
				got = append(got, s)
			}
			n := c.n
			if n == 0 {
				n = len(c.want)
			}
			if len(got) != n || !slices.Equal(got[:len(c.want)], c.want) {
				t.Errorf("got %d: %v\nwant %d: %v", len(got), got[:min(len(got), 10)], n, c.want)
			}
		})
	}
}

func TestICSFaults(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "empty"},
		{"something else", "<html>not found</html>", "no iCalendar file"},
		{"a parameter that ends the line", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "no iCalendar file"},
		{"cut off", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\n", "no iCalendar file"},
		{"no start", ics("SUMMARY:Founders' Day"), `event "Founders' Day": it has no DTSTART`},
		{"a date that is none", ics("DTSTART;VALUE=DATE:20261332"), "DTSTART"},
		{"an unknown zone", ics("DTSTART;TZID=Middle Earth:20261224T120000"), "Middle Earth"},
		{"every second", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=SECONDLY"), "RRULE"},
		{"ten years long", ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20361225"), "lasts"},
		{"too many", ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20261231\nRRULE:FREQ=DAILY"), "more than"},
		{"too large", strings.Repeat("x", maxICS+1), "more than"},
	} {
		if off, err := parseICS([]byte(c.file), time.UTC); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", c.name, off, err, c.want)
		}
	}
	// One bad event does not hide the others' faults.
	_, err := parseICS([]byte(ics("SUMMARY:one", "SUMMARY:two")), time.UTC)
	if err == nil || !strings.Contains(err.Error(), "one") || !strings.Contains(err.Error(), "two") {
		t.Errorf("both faults are wanted: %v", err)
	}
}

// used is the time that this process has had of the processors: others on the machine do not change it.
func used(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// A rule that never comes true may not keep the desk from starting.
func TestICSRuleThatNeverComes(t *testing.T) {
	for _, rule := range []string{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31"} {
		before := used(t)
		off, err := parseICS([]byte(ics("DTSTART;VALUE=DATE:20260101\nRRULE:"+rule)), time.UTC)
		if len(off) != 1 {
			t.Errorf("%s: %d days off, %v", rule, len(off), err)
		}
		if took := used(t) - before; took > 10*time.Second {
			t.Errorf("%s took %s", rule, took)
		} else {
			t.Logf("%s took %s", rule, took)
		}
	}
}

func TestPartOfADayOff(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"mon-fri": "08:00-12:00 13:00-17:00"}, nil,
		ics("DTSTART:20261123T103000\nDTEND:20261123T140000", "DTSTART:20261123T110000\nDTEND:20261123T113000", "DTSTART:20261123T160000\nDTEND:20261123T200000"))
	day := Date{2026, 11, 23}
	want := []Span{{8 * 60, 10*60 + 30}, {14 * 60, 16 * 60}}
	if got := c.day(day); !slices.Equal(got, want) {
		t.Errorf("the day has %v, want %v", got, want)
	}
}

func FuzzICS(f *testing.F) {
	f.Add(ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20211225"))
	f.Add(ics("DTSTART;TZID=Europe/Berlin:20261224T120000\nDURATION:PT1H"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE")
	f.Fuzz(func(t *testing.T, s string) {
		off, err := parseICS([]byte(s), time.UTC)
		if err != nil {
			return
		}
		for _, o := range off {
			if o.span.From >= o.span.To || o.span.To > endOfDay || o.day != o.day.add(0) {
				t.Fatalf("%v", o)
			}
		}
	})
}
