package sla

import (
	"context"
	"errors"
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

// headed is a calendar with a line above its events.
func headed(line string, events ...string) string {
	return strings.Replace(ics(events...), "VERSION:2.0\r\n", "VERSION:2.0\r\n"+line+"\r\n", 1)
}

// defines is a calendar that defines a time zone: its winters begin in October, its summers in March, once, or by a rule.
func defines(name, winter, summer, rule string) string {
	back := ""
	if rule != "" {
		rule += "\n"
		back = strings.ReplaceAll(rule, "BYMONTH=3", "BYMONTH=10")
	}
	return "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:" + name + "\n" +
		"BEGIN:DAYLIGHT\nDTSTART:19700329T020000\n" + rule + "TZOFFSETFROM:" + winter + "\nTZOFFSETTO:" + summer + "\nEND:DAYLIGHT\n" +
		"BEGIN:STANDARD\nDTSTART:19701025T030000\n" + back + "TZOFFSETFROM:" + summer + "\nTZOFFSETTO:" + winter + "\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n"
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
		{name: "an hour with an exception and another date", file: ics("DTSTART:20261123T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261124T100000\nRDATE;VALUE=PERIOD:20261127T100000/PT2H"), want: []string{"2026-11-23 10:00-11:00", "2026-11-25 10:00-11:00", "2026-11-27 10:00-12:00"}},
		{name: "periods, each as long as it says", file: ics("DTSTART:20261223T120000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20261224T110000Z/PT6H,20261228T110000Z/20261228T133000Z"), want: []string{"2026-12-23 13:00-14:00", "2026-12-24 12:00-18:00", "2026-12-28 12:00-14:30"}},
		{
			name: "a period in a zone that the file defines",
			file: defines("Office", "+0200", "+0200", "") + ics("DTSTART;TZID=Office:20261223T120000\nDURATION:PT1H\nRDATE;VALUE=PERIOD;TZID=Office:20261224T120000/20261224T150000"),
			want: []string{"2026-12-23 11:00-12:00", "2026-12-24 11:00-14:00"},
		},
		{name: "a DURATION of a day ends at the same hour, over a change of clocks", file: ics("DTSTART:20260328T120000\nDURATION:P1D"), want: []string{"2026-03-28 12:00-24:00", "2026-03-29 00:00-12:00"}},
		{name: "one of 24 hours does not", file: ics("DTSTART:20260328T120000\nDURATION:PT24H"), want: []string{"2026-03-28 12:00-24:00", "2026-03-29 00:00-13:00"}},
		{name: "weeks, days and hours", file: ics("DTSTART:20261020T120000\nDURATION:P1DT2H", "DTSTART:20261024T080000\nRDATE;VALUE=PERIOD:20261031T080000/P1DT1H\nDURATION:P1W"), n: 12, want: []string{"2026-10-20 12:00-24:00", "2026-10-21 00:00-14:00", "2026-10-24 08:00-24:00"}},
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
		{name: "an afternoon told in Outlook's name of a zone", file: ics("DTSTART;TZID=Eastern Standard Time:20261224T090000\nDTEND;TZID=Eastern Standard Time:20261224T100000"), want: []string{"2026-12-24 15:00-16:00"}},
		{name: "a zone behind a path", file: ics("DTSTART;TZID=/calendar.example/Tables/America/New_York:20261224T090000\nDURATION:PT1H"), want: []string{"2026-12-24 15:00-16:00"}},
		{name: "blanks behind a date", file: ics("DTSTART;VALUE=DATE:20261225 \nDTEND;VALUE=DATE:20261226 "), want: []string{"2026-12-25"}},
		{name: "over midnight", file: ics("DTSTART:20261224T220000\nDTEND:20261226T030000"), want: []string{"2026-12-24 22:00-24:00", "2026-12-25", "2026-12-26 00:00-03:00"}},
		{name: "weekly at the same time on the wall", file: ics("DTSTART:20260322T100000\nDTEND:20260322T110000\nRRULE:FREQ=WEEKLY;COUNT=2"), want: []string{"2026-03-22 10:00-11:00", "2026-03-29 10:00-11:00"}},
		{name: "no length", file: ics("DTSTART:20261224T120000"), want: nil},
		{name: "a whole day that ends at 23:59", file: ics("DTSTART:20261224T000000\nDTEND:20261224T235900"), want: []string{"2026-12-24"}},
		{name: "a whole day that ends at 23:59:59", file: ics("DTSTART:20261224T000000\nDTEND:20261224T235959"), want: []string{"2026-12-24"}},
		{name: "two whole days that end at 23:59", file: ics("DTSTART:20261224T000000\nDTEND:20261225T235900"), want: []string{"2026-12-24", "2026-12-25"}},
		{name: "a whole day told in UTC that ends at 23:59:59", file: ics("DTSTART:20261223T230000Z\nDTEND:20261224T225959Z"), want: []string{"2026-12-24"}},
		{name: "a whole day of another zone that ends at 23:59", file: ics("DTSTART;TZID=America/New_York:20261224T000000\nDTEND;TZID=America/New_York:20261224T235900"), want: []string{"2026-12-24 06:00-24:00", "2026-12-25 00:00-06:00"}},
		{name: "a whole day by its DURATION of 23:59", file: ics("DTSTART:20261224T000000\nDURATION:PT23H59M"), want: []string{"2026-12-24"}},
		{name: "whole days that end at 23:59, every year", file: ics("DTSTART:20261224T000000\nDTEND:20261224T235900\nRRULE:FREQ=YEARLY;COUNT=2"), want: []string{"2026-12-24", "2027-12-24"}},
		{name: "an hour that ends with the last second before the next", file: ics("DTSTART:20261224T090000\nDTEND:20261224T095959"), want: []string{"2026-12-24 09:00-10:00"}},
		{name: "an evening until the last minute", file: ics("DTSTART:20261224T200000\nDTEND:20261224T235900"), want: []string{"2026-12-24 20:00-24:00"}},
		{name: "a reminder in the last minute", file: ics("DTSTART:20261224T235900"), want: nil},
		{name: "names with blanks behind them", file: strings.ReplaceAll(ics("DTSTART;VALUE=DATE:20261225"), "VEVENT\r", "VEVENT \r"), want: []string{"2026-12-25"}},
		{name: "an alarm within the event", file: ics("DTSTART;VALUE=DATE:20261225\nBEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM"), want: []string{"2026-12-25"}},
		{name: "byte order mark and bare line feeds", file: "\ufeff" + strings.ReplaceAll(ics("DTSTART;VALUE=DATE:20261225"), "\r\n", "\n"), want: []string{"2026-12-25"}},
		{name: "folded lines", file: ics("DTSTART;VALUE=\n DATE:2026\n 1225"), want: []string{"2026-12-25"}},
		{name: "over New Year, every year", file: ics("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270102\nRRULE:FREQ=YEARLY;COUNT=2"), want: []string{"2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01"}},
		{name: "29 February, every year that has one", file: ics("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;COUNT=3"), want: []string{"2024-02-29", "2028-02-29", "2032-02-29"}},
		{name: "until the end of a day, told in UTC", file: ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;UNTIL=20281224T230000Z"), want: []string{"2026-12-25", "2027-12-25", "2028-12-25"}},
		{name: "until the end of the day before, told in UTC", file: ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;UNTIL=20281224T225959Z"), want: []string{"2026-12-25", "2027-12-25"}},
		{name: "an exception to times that names the day", file: ics("DTSTART:20261224T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261225"), want: []string{"2026-12-24 10:00-11:00", "2026-12-26 10:00-11:00"}},
		{name: "names and rules in small letters", file: ics("dtstart;value=date:20261225\nrrule:freq=yearly; count=2;"), want: []string{"2026-12-25", "2027-12-25"}},
		{name: "a whole day that ends with a time", file: ics("DTSTART;VALUE=DATE:20261225\nDTEND:20261226T000000"), want: []string{"2026-12-25"}},
		{name: "a whole day that ends with its last second", file: ics("DTSTART;VALUE=DATE:20261225\nDTEND:20261225T235959"), want: []string{"2026-12-25"}},
		{name: "what Apple adds", file: ics("DTSTART;VALUE=DATE:20261225\nX-APPLE-UNIVERSAL-ID:1\nX-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=\"Berlin: Mitte\":geo:52.5,13.4"), want: []string{"2026-12-25"}},
		{name: "a zone that is the machine's", file: ics("DTSTART;TZID=Local:20261224T060000\nDURATION:PT1H"), want: []string{"2026-12-24 06:00-07:00"}},
		{name: "a zone that the file defines", file: defines("Office", "+0200", "+0200", "") + ics("DTSTART;TZID=Office:20261224T120000\nDTEND;TZID=Office:20261224T180000"), want: []string{"2026-12-24 11:00-17:00"}},
		{name: "a zone that the file defines below", file: ics("DTSTART;TZID=\"Office, here\":20261224T120000\nDURATION:PT1H") + defines("Office\\, here", "-0330", "-0330", ""), want: []string{"2026-12-24 16:30-17:30"}},
		{
			name: "a zone that the file defines, over a change of clocks",
			file: defines("Custom", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") +
				ics("DTSTART;TZID=Custom:20260322T100000\nDTEND;TZID=Custom:20260322T110000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Custom:20260329T100000"),
			want: []string{"2026-03-22 10:00-11:00", "2026-04-05 10:00-11:00"},
		},
		{
			name: "a zone of two summers, long ago",
			file: strings.ReplaceAll(defines("Custom", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=2"), "DTSTART:1970", "DTSTART:1850") +
				ics("DTSTART;TZID=Custom:19010724T120000\nDTEND;TZID=Custom:19010724T130000"),
			want: []string{"1901-07-24 12:00-13:00"},
		},
		{
			name: "a zone that begins in 1601, and names the days of its changes",
			file: strings.ReplaceAll(defines("Custom", "+0100", "+0200", "RDATE:20260329T020000"), "DTSTART:1970", "DTSTART:1601") +
				ics("DTSTART;TZID=Custom:20260724T120000\nDTEND;TZID=Custom:20260724T130000"),
			want: []string{"2026-07-24 12:00-13:00"},
		},
		{name: "times without a zone are those of X-WR-TIMEZONE", file: headed("X-WR-TIMEZONE:America/New_York", "DTSTART:20261224T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261225T090000"), want: []string{"2026-12-24 15:00-16:00", "2026-12-26 15:00-16:00"}},
		{name: "X-WR-TIMEZONE says nothing of other times", file: headed("X-WR-TIMEZONE:America/New_York", "DTSTART:20261224T090000Z\nDURATION:PT1H", "DTSTART;TZID=Asia/Tokyo:20261225T090000\nDURATION:PT1H", "DTSTART;VALUE=DATE:20261226"), want: []string{"2026-12-24 10:00-11:00", "2026-12-25 01:00-02:00", "2026-12-26"}},
		{name: "X-WR-TIMEZONE in Outlook's words, folded, below the events", file: strings.Replace(ics("DTSTART:20261224T090000\nDURATION:PT1H"), "END:VCALENDAR", "x-wr-timezone;VALUE=TEXT:Eastern Standard\r\n  Time\r\nEND:VCALENDAR", 1), want: []string{"2026-12-24 15:00-16:00"}},
		{name: "X-WR-TIMEZONE that the file defines", file: strings.Replace(defines("Office", "+0200", "+0200", ""), "BEGIN:VTIMEZONE", "X-WR-TIMEZONE:Office\nBEGIN:VEVENT\nDTSTART:20261224T120000\nDURATION:PT1H\nEND:VEVENT\nBEGIN:VTIMEZONE", 1), want: []string{"2026-12-24 11:00-12:00"}},
		{name: "X-WR-TIMEZONE is its own calendar's", file: headed("X-WR-TIMEZONE:America/New_York", "DTSTART:20261224T090000\nDURATION:PT1H") + ics("DTSTART:20261225T090000\nDURATION:PT1H"), want: []string{"2026-12-24 15:00-16:00", "2026-12-25 09:00-10:00"}},
		{name: "an unknown X-WR-TIMEZONE that nothing needs", file: headed("X-WR-TIMEZONE:Middle Earth", "DTSTART;VALUE=DATE:20261225"), want: []string{"2026-12-25"}},
		{name: "a list that is published", file: headed("METHOD:PUBLISH", "DTSTART;VALUE=DATE:20261225"), want: []string{"2026-12-25"}},
		{name: "cancelled by a later version", file: ics("UID:x\nDTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY", "UID:x\nSEQUENCE:1\nDTSTART;VALUE=DATE:20261225\nSTATUS:Cancelled"), want: nil},
		{name: "cancelled, and on again", file: ics("UID:x\nSEQUENCE:1\nDTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", "UID:x\nSEQUENCE:2\nDTSTART;VALUE=DATE:20261226"), want: []string{"2026-12-26"}},
		{name: "moved by a later version", file: ics("UID:x\nSEQUENCE:1\nDTSTART;VALUE=DATE:20261228", "UID:x\nDTSTART;VALUE=DATE:20261224"), want: []string{"2026-12-28"}},
		{name: "an instance moved twice", file: ics("UID:x\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=2", "UID:x\nSEQUENCE:1\nRECURRENCE-ID;VALUE=DATE:20211225\nDTSTART;VALUE=DATE:20211227", "UID:x\nSEQUENCE:2\nRECURRENCE-ID;VALUE=DATE:20211225\nDTSTART;VALUE=DATE:20211228"), want: []string{"2020-12-25", "2021-12-28"}},
		{name: "two of one UID, and no version", file: ics("UID:x\nDTSTART;VALUE=DATE:20261224", "UID:x\nDTSTART;VALUE=DATE:20261228"), want: []string{"2026-12-24", "2026-12-28"}},
		{name: "one instance is cancelled", file: ics("UID:x\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY;COUNT=3", "UID:x\nRECURRENCE-ID;VALUE=DATE:20211225\nDTSTART;VALUE=DATE:20211225\nSTATUS:CANCELED"), want: []string{"2020-12-25", "2022-12-25"}},
		{name: "two calendars in a file", file: ics("DTSTART;VALUE=DATE:20261225") + ics("DTSTART;VALUE=DATE:20261226"), want: []string{"2026-12-25", "2026-12-26"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			where := c.where
			if where == "" {
				where = "Europe/Berlin"
			}
			off, errs := parseICS(t.Context(), []byte(c.file), zone(t, where))
			if errs != nil {
				t.Fatal(errs)
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

// Mistakes are told with the line at which the event begins, or of the line itself.
func TestICSFaults(t *testing.T) {
	many := func(n int, event string) string { return ics(slices.Repeat([]string{event}, n)...) }
	for _, c := range []struct {
		name, file string
		line       int
		want       string
	}{
		{"empty", "", 0, "empty"},
		{"something else", "<html>not found</html>", 1, "not an iCalendar"},
		{"a parameter that ends the line", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", 2, "not an iCalendar"},
		{"cut off", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\n", 2, "ends too early"},
		{"an end without a beginning", "BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", 2, "END:VEVENT has no BEGIN"},
		{"an event on its own", "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\n", 1, "is outside a VCALENDAR"},
		{"no start", ics("SUMMARY:Founders' Day"), 3, `event "Founders' Day": it has no DTSTART`},
		{"a date that is none", ics("DTSTART;VALUE=DATE:20261225", "DTSTART;VALUE=DATE:20261332"), 6, "DTSTART"},
		{"a mail that cancels", headed("METHOD:CANCEL", "DTSTART;VALUE=DATE:20261225"), 3, "METHOD:CANCEL"},
		{"an answer to an invitation", ics("DTSTART;VALUE=DATE:20261224") + headed("method:reply", "DTSTART;VALUE=DATE:20261225"), 9, "METHOD:REPLY"},
		{"an unknown X-WR-TIMEZONE", headed("X-WR-TIMEZONE:Middle Earth", "DTSTART:20261224T120000"), 4, `X-WR-TIMEZONE in line 3, and there is no time zone "Middle Earth"`},
		{"an unknown zone", ics("DTSTART;TZID=Middle Earth:20261224T120000"), 3, "Middle Earth"},
		{"a zone without offsets", strings.ReplaceAll(defines("Office", "+0200", "+0200", ""), "TZOFFSETTO", "X-TO") + ics("DTSTART;TZID=Office:20261224T120000"), 18, "TZOFFSETTO"},
		{"a zone of an odd offset", defines("Office", "+0200", "+2h", "") + ics("DTSTART;TZID=Office:20261224T120000"), 18, "is not an offset"},
		{"a zone without parts", "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Office\nEND:VTIMEZONE\nEND:VCALENDAR\n" + ics("DTSTART;TZID=Office:20261224T120000"), 8, "neither STANDARD nor DAYLIGHT"},
		{"a rule that leaves out by another", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=DAILY;COUNT=3\nEXRULE:FREQ=DAILY;INTERVAL=2"), 3, "EXRULE"},
		{"all from one on are moved", ics("UID:x\nDTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY", "UID:x\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20271225\nDTSTART;VALUE=DATE:20271226"), 8, "THISANDFUTURE"},
		{"two rules", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY\nRRULE:FREQ=MONTHLY"), 3, "more than one RRULE"},
		{"every second", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=SECONDLY"), 3, "RRULE"},
		{"ten years long", ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20361225"), 3, "lasts"},
		{"too many", ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20261231\nRRULE:FREQ=DAILY"), 3, "more than"},
		{"too large", strings.Repeat("x", maxICS+1), 0, "more than"},
		{"ends before it begins", ics("DTSTART:20260501T180000\nDTEND:20260430T090000"), 3, "ends before it begins"},
		{"ends before it begins by a minute", ics("DTSTART:20260501T180000\nDTEND:20260501T175900"), 3, "ends before it begins"},
		{"ends before it begins, whole days", ics("DTSTART;VALUE=DATE:20260502\nDTEND;VALUE=DATE:20260430"), 3, "ends before it begins"},
		{"lasts less than nothing", ics("DTSTART:20260501T180000\nDURATION:-PT1H"), 3, "ends before it begins"},
		{"ends before it begins, again and again", ics("DTSTART:20260501T180000\nDTEND:20260430T090000\nRRULE:FREQ=YEARLY"), 3, "ends before it begins"},
		{"the year one", ics("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"), 3, "in the year 1"},
		{"the year 9999", ics("DTSTART;VALUE=DATE:99991231\nRRULE:FREQ=DAILY"), 3, "in the year 9999"},
		{"an interval that overflows", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;INTERVAL=9223372036854775807"), 3, "INTERVAL"},
		{"an interval that overflows by months", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=MONTHLY;INTERVAL=9223372036854775807"), 3, "INTERVAL"},
		{"every second of the day", ics("DTSTART:20261225T000000\nDURATION:PT1S\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + counted(24) + ";BYMINUTE=" + counted(60) + ";BYSECOND=" + counted(60)), 3, "times a day"},
		{"a very long rule", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=DAILY;BYYEARDAY=" + strings.Repeat("366,", 100_000) + "366"), 3, "RRULE of more than"},
		{"a very long rule, folded", ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=DAILY;BYYEARDAY=366" + strings.Repeat(",366\n ", 1000) + ",1"), 3, "RRULE of more than"},
		{"a very long parameter", ics("DTSTART;VALUE=DATE;X-P=" + strings.Repeat("a", 500_000) + ":20261225"), 4, "precede the value"},
		{"a very long parameter, folded", ics("DTSTART;VALUE=DATE;X-P=a" + strings.Repeat("\n "+strings.Repeat("a", 60), 1000) + ":20261225"), 20, "precede the value"},
		{"events without end", many(maxEvents+1, "DTSTART;VALUE=DATE:20261225"), 3 + 3*maxEvents, "more than 10000 events"},
		{"too many rules", many(maxRules+1, "DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=1"), 3 + 4*maxRules, "with an RRULE"},
		{"components without end", "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 100_000), 11, "nested more than"},
	} {
		off, errs := parseICS(t.Context(), []byte(c.file), time.UTC)
		at := new(icsError)
		if len(errs) == 0 || off != nil || !strings.Contains(errs[0].Error(), c.want) || !errors.As(errs[0], &at) || at.line != c.line {
			t.Errorf("%s: %v, %v (line %d); want %q in line %d", c.name, off, errs, at.line, c.want, c.line)
		}
	}
	// One bad event does not hide the others' faults.
	if _, errs := parseICS(t.Context(), []byte(ics("SUMMARY:one", "DTSTART;VALUE=DATE:20261225", "SUMMARY:two")), time.UTC); len(errs) != 2 {
		t.Errorf("both faults are wanted: %v", errs)
	}
}

// counted is 0,1,2,... n-1.
func counted(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return strings.Join(out, ",")
}

// Reading ends with its context, between two events.
func TestICSGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the desk stops"))
	off, errs := parseICS(ctx, []byte(ics("DTSTART;VALUE=DATE:20261225")), time.UTC)
	if off != nil || len(errs) != 1 || !strings.Contains(errs[0].Error(), "the desk stops") {
		t.Errorf("%v, %v", off, errs)
	}
}

// A zone is read once, whether or not it is one: many events name it.
func TestICSZoneOnce(t *testing.T) {
	broken := strings.ReplaceAll(defines("Office", "+0200", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"), "TZOFFSETTO:+0200\nEND:STANDARD", "END:STANDARD")
	event := "DTSTART;TZID=Office:20260101T100000"
	_, errs := parseICS(t.Context(), []byte(broken+ics(slices.Repeat([]string{event}, maxRules+1)...)), time.UTC)
	if len(errs) != maxRules+1 {
		t.Fatal(len(errs), errs)
	}
	for _, err := range errs { // not that there are too many rules
		if !strings.Contains(err.Error(), "TZOFFSETTO") {
			t.Fatal(err)
		}
	}
}

// A stretch of time that ends before it begins has no days, and ends.
func TestOnDaysEnds(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, back := range []time.Duration{time.Minute, 24 * time.Hour, 48 * time.Hour, 365 * 24 * time.Hour} {
		if off := onDays(noon, noon.Add(-back)); off != nil {
			t.Errorf("%s back: %v", back, off)
		}
	}
}

// The costliest files that the bounds let through take seconds; the race detector makes a minute of
// it. Without the bounds it would be an hour.
func TestICSCost(t *testing.T) {
	exceptions := "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"
	for day := (Date{2026, 1, 1}); day.Year < 2100; day = day.add(1) {
		exceptions += "\nEXDATE;VALUE=DATE:" + strings.ReplaceAll(day.String(), "-", "")
	}
	moved := slices.Repeat([]string{"UID:x\nRECURRENCE-ID;VALUE=DATE:20270101\nDTSTART;VALUE=DATE:20270102"}, 9_000)
	zones := ""
	for i := range maxZones {
		zones += "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\n" + strings.Repeat("X-A:yyyyyyyyyyyyyyyyyyyyyyyy\n", 800) + fmt.Sprintf("TZID:Office %d\nEND:VTIMEZONE\nEND:VCALENDAR\n", i)
	}
	for name, file := range map[string]string{
		"zones that are none":          zones + ics(slices.Repeat([]string{fmt.Sprintf("DTSTART;TZID=Office %d:20260101T100000", maxZones-1)}, 8_000)...),
		"as many exceptions as days":   ics(exceptions),
		"as many moved days as events": ics(append(moved, slices.Repeat([]string{"UID:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY"}, 20)...)...),
		"rules that never come true":   ics(slices.Repeat([]string{"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, maxRules)...),
	} {
		before := used(t)
		_, errs := parseICS(t.Context(), []byte(file), time.UTC)
		if name != "zones that are none" && errs != nil {
			t.Errorf("%s: %v", name, errs)
		}
		if took := used(t) - before; took > 3*time.Minute {
			t.Errorf("%s took %s", name, took)
		} else {
			t.Logf("%s took %s", name, took)
		}
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
		off, err := parseICS(t.Context(), []byte(ics("DTSTART;VALUE=DATE:20260101\nRRULE:"+rule)), time.UTC)
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
		off, errs := parseICS(t.Context(), []byte(s), time.UTC)
		if errs != nil {
			return
		}
		for _, o := range off {
			if o.span.From >= o.span.To || o.span.To > endOfDay || o.day != o.day.add(0) {
				t.Fatalf("%v", o)
			}
		}
	})
}
