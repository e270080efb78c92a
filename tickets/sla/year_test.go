package sla

import (
	"testing"
	"time"
)

// The hours of an office, and those of a night shift: eight hours a night, written with both days.
var (
	officeHours = map[string]string{"mon-fri": "09:00-17:00"}
	nightHours  = map[string]string{"daily": "00:00-06:00 22:00-24:00"}
)

// dues returns when the first reply and the resolution are due, by the clock on the wall and with
// its offset, of a ticket that is opened then; by the function that the daemon asks.
func dues(t *testing.T, c *Calendar, opened string, promise Promise, later ...Mark) (first, whole string) {
	t.Helper()
	history := append([]Mark{{At: at(t, c.Location(), opened), Kind: MarkOpened, Priority: "normal"}}, later...)
	for _, clock := range Clocks(history, func(_, _ string) (Promise, *Calendar) { return promise, c }) {
		due := clock.Due.In(c.Location()).Format("Mon 2006-01-02 15:04 -0700")
		switch clock.Target {
		case FirstReply:
			first = due
		case Resolution:
			whole = due
		}
	}
	return first, whole
}

// A ticket comes at ten in the evening before the clocks change, to people who work from ten to six. The first reply is promised within five hours of
// their work, the solution within ten. A night has two hours before midnight and six behind it; that of the change has an hour less or more
// (half an hour on Lord Howe Island):
//
//	forward  2 + 5 = 7 hours. Five hours end an hour later on the wall than in other nights (03:00), at 04:00. Three of the ten are left: two
//	         before the next midnight, one behind it: 01:00.
//	back     2 + 7 = 9 hours. Five hours end an hour earlier on the wall, at 02:00. One of the ten is left: 23:00.
func TestANightShiftAsClocksChange(t *testing.T) {
	for _, c := range []struct {
		zone, change string
		opened       string
		first, whole string
	}{
		{"Europe/Berlin", "forward, 02:00 is 03:00", "2027-03-27 22:00", "Sun 2027-03-28 04:00 +0200", "Mon 2027-03-29 01:00 +0200"},
		{"Europe/Berlin", "back, 03:00 is 02:00", "2027-10-30 22:00", "Sun 2027-10-31 02:00 +0100", "Sun 2027-10-31 23:00 +0100"},
		{"America/New_York", "forward, 02:00 is 03:00", "2027-03-13 22:00", "Sun 2027-03-14 04:00 -0400", "Mon 2027-03-15 01:00 -0400"},
		{"America/New_York", "back, 02:00 is 01:00", "2027-11-06 22:00", "Sun 2027-11-07 02:00 -0500", "Sun 2027-11-07 23:00 -0500"},
		// Half an hour: 2 + 5:30, of the ten hours 2:30 are left; and 2 + 6:30, of them 1:30 are left.
		{"Australia/Lord_Howe", "forward, 02:00 is 02:30", "2027-10-02 22:00", "Sun 2027-10-03 03:30 +1100", "Mon 2027-10-04 00:30 +1100"},
		{"Australia/Lord_Howe", "back, 02:00 is 01:30", "2027-04-03 22:00", "Sun 2027-04-04 02:30 +1030", "Sun 2027-04-04 23:30 +1030"},
		// At midnight itself: the day begins at 01:00, or the hour before it comes twice.
		{"America/Sao_Paulo", "forward, 00:00 is 01:00", "2018-11-03 22:00", "Sun 2018-11-04 04:00 -0200", "Mon 2018-11-05 01:00 -0200"},
		{"America/Sao_Paulo", "back, 00:00 is 23:00", "2018-02-17 22:00", "Sun 2018-02-18 02:00 -0300", "Sun 2018-02-18 23:00 -0300"},
		{"Asia/Tehran", "forward, 00:00 is 01:00", "2021-03-21 22:00", "Mon 2021-03-22 04:00 +0430", "Tue 2021-03-23 01:00 +0430"},
		{"Asia/Tehran", "back, 00:00 is 23:00", "2021-09-21 22:00", "Wed 2021-09-22 02:00 +0330", "Wed 2021-09-22 23:00 +0330"},
		// In Morocco clocks go back for Ramadan and forward behind it.
		{"Africa/Casablanca", "back, 03:00 is 02:00", "2026-02-14 22:00", "Sun 2026-02-15 02:00 +0000", "Sun 2026-02-15 23:00 +0000"},
		{"Africa/Casablanca", "forward, 02:00 is 03:00", "2026-03-21 22:00", "Sun 2026-03-22 04:00 +0100", "Mon 2026-03-23 01:00 +0100"},
		// A minute behind midnight, so that midnight comes twice: the shift goes on.
		{"America/St_Johns", "back, 00:01 is 23:01", "2010-11-06 22:00", "Sun 2010-11-07 02:00 -0330", "Sun 2010-11-07 23:00 -0330"},
		// Samoa left out a Friday: 2 hours on Thursday, then Saturday's 00:00 to 06:00, and two more before its midnight.
		{"Pacific/Apia", "a day left out", "2011-12-29 22:00", "Sat 2011-12-31 03:00 +1400", "Sun 2012-01-01 00:00 +1400"},
		// An ordinary night, for comparison: 2 + 3, and 2 + 6 + 2.
		{"Europe/Berlin", "no change", "2027-04-03 22:00", "Sun 2027-04-04 03:00 +0200", "Mon 2027-04-05 00:00 +0200"},
	} {
		t.Run(c.zone+" "+c.change, func(t *testing.T) {
			night := calendar(t, c.zone, nightHours, nil)
			first, whole := dues(t, night, c.opened, Promise{FirstReply: 5 * time.Hour, Resolution: 10 * time.Hour})
			if first != c.first || whole != c.whole {
				t.Errorf("opened %s, due %s and %s; wanted %s and %s", c.opened, first, whole, c.first, c.whole)
			}
		})
	}
}

// An office that is closed as the clocks change knows nothing of it: half an hour of Friday and an hour and a half of Monday are two hours by the
// clock on the wall, whatever it did in between.
func TestAnOfficeOverAWeekendOfChange(t *testing.T) {
	for _, c := range []struct{ zone, opened, first string }{
		{"Europe/Berlin", "2027-03-26 16:30", "Mon 2027-03-29 10:30 +0200"},
		{"Europe/Berlin", "2027-10-29 16:30", "Mon 2027-11-01 10:30 +0100"},
		{"America/New_York", "2027-03-12 16:30", "Mon 2027-03-15 10:30 -0400"},
		{"America/New_York", "2027-11-05 16:30", "Mon 2027-11-08 10:30 -0500"},
		{"Australia/Lord_Howe", "2027-10-01 16:30", "Mon 2027-10-04 10:30 +1100"},
		{"Australia/Lord_Howe", "2027-04-02 16:30", "Mon 2027-04-05 10:30 +1030"},
		{"America/Sao_Paulo", "2018-11-02 16:30", "Mon 2018-11-05 10:30 -0200"},
		{"America/Sao_Paulo", "2018-02-16 16:30", "Mon 2018-02-19 10:30 -0300"},
		{"Africa/Casablanca", "2026-02-13 16:30", "Mon 2026-02-16 10:30 +0000"},
		{"Africa/Casablanca", "2026-03-20 16:30", "Mon 2026-03-23 10:30 +0100"},
		{"Asia/Tehran", "2021-03-19 16:30", "Mon 2021-03-22 10:30 +0430"},  // it changed in the night to Monday
		{"Pacific/Apia", "2011-12-29 16:30", "Mon 2012-01-02 10:30 +1400"}, // Thursday: there was no Friday
	} {
		t.Run(c.zone+" "+c.opened, func(t *testing.T) {
			if first, _ := dues(t, calendar(t, c.zone, officeHours, nil), c.opened, Promise{FirstReply: 2 * time.Hour}); first != c.first {
				t.Errorf("due %s, wanted %s", first, c.first)
			}
		})
	}
}

// Days that are off, from the list and from a file, and the day that comes every four years.
func TestDaysThatAreOff(t *testing.T) {
	list := func(days ...string) (out []Date) {
		for _, s := range days {
			d, err := ParseDate(s)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, d)
		}
		return out
	}
	leap := ics("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY")
	for _, c := range []struct {
		name   string
		hours  map[string]string
		off    []Date
		file   string
		opened string
		first  string // two hours
		whole  string // ten hours
	}{
		// An hour of Monday, and one of the 29th; of ten hours eight of the 29th, and one of 1 March.
		{"29 February is a day", officeHours, nil, "", "2028-02-28 16:00", "Tue 2028-02-29 10:00 +0100", "Wed 2028-03-01 10:00 +0100"},
		// 28 February 2027 is a Sunday: an hour of Friday, eight of Monday the 1st, one of Tuesday.
		{"and in other years there is none", officeHours, nil, "", "2027-02-26 16:00", "Mon 2027-03-01 10:00 +0100", "Tue 2027-03-02 10:00 +0100"},
		// Nor in 2100, in which 28 February is a Sunday too.
		{"nor in 2100", officeHours, nil, "", "2100-02-26 16:00", "Mon 2100-03-01 10:00 +0100", "Tue 2100-03-02 10:00 +0100"},
		// The 29th is off: an hour of the 28th, then 1 March; eight of that, and one of 2 March.
		{"29 February off, from a list", officeHours, list("2028-02-29"), "", "2028-02-28 16:00", "Wed 2028-03-01 10:00 +0100", "Thu 2028-03-02 10:00 +0100"},
		{"29 February off, yearly from a file", officeHours, nil, leap, "2028-02-28 16:00", "Wed 2028-03-01 10:00 +0100", "Thu 2028-03-02 10:00 +0100"},
		// In 2027 it takes neither 28 February nor 1 March.
		{"29 February off, in a year without", officeHours, nil, leap, "2027-02-26 16:00", "Mon 2027-03-01 10:00 +0100", "Tue 2027-03-02 10:00 +0100"},
		// Easter 2027: Good Friday from the list, Monday from the file, and clocks go forward on Sunday. An hour of Thursday, then Tuesday.
		{"Easter, and clocks go forward", officeHours, list("2027-03-26"), ics("DTSTART;VALUE=DATE:20270329"), "2027-03-25 16:00",
			"Tue 2027-03-30 10:00 +0200", "Wed 2027-03-31 10:00 +0200"},
		// Christmas Eve ends at noon, 25 and 26 December are a weekend: two hours of Friday, eight of Monday.
		{"half a day off", officeHours, nil, ics("DTSTART;TZID=Europe/Berlin:20271224T120000\nDTEND;TZID=Europe/Berlin:20271225T000000"), "2027-12-24 10:00",
			"Fri 2027-12-24 12:00 +0100", "Mon 2027-12-27 17:00 +0100"},
		// A day off is a day and no shift: of the night to it the two hours before midnight are worked, of the night behind it the six from midnight on.
		// Two more come before the next midnight.
		{"New Year's Eve off, for a night shift", nightHours, list("2027-12-31"), "", "2027-12-30 22:00", "Fri 2027-12-31 00:00 +0100", "Sun 2028-01-02 00:00 +0100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var files []string
			if c.file != "" {
				files = append(files, c.file)
			}
			first, whole := dues(t, calendar(t, "Europe/Berlin", c.hours, c.off, files...), c.opened,
				Promise{FirstReply: 2 * time.Hour, Resolution: 10 * time.Hour})
			if first != c.first || whole != c.whole {
				t.Errorf("opened %s, due %s and %s; wanted %s and %s", c.opened, first, whole, c.first, c.whole)
			}
		})
	}
}

// A ticket waits for its customer over the change: from 23:00 to 03:30, which is half an hour behind the gap. An hour of four was used; two and a half
// are left of the night from 03:30 to 06:00, and half an hour of the next: 22:30.
func TestAPauseOverTheChange(t *testing.T) {
	night := calendar(t, "Europe/Berlin", nightHours, nil)
	_, whole := dues(t, night, "2027-03-27 22:00", Promise{Resolution: 4 * time.Hour},
		Mark{At: at(t, night.Location(), "2027-03-27 23:00"), Kind: MarkPaused},
		Mark{At: at(t, night.Location(), "2027-03-28 03:30"), Kind: MarkResumed})
	if want := "Sun 2027-03-28 22:30 +0200"; whole != want {
		t.Errorf("due %s, wanted %s", whole, want)
	}
}

// Tickets that recur at a time of day come once on each of their days, also where clocks change at that time: at the moment of the change where the
// time is left out, and the first time where it comes twice. Cairo goes forward on the last Friday of April and back on the last Thursday of October,
// at midnight; Santiago and Havana at midnight to Sunday.
func TestASchedulesDaysAsClocksChange(t *testing.T) {
	for _, c := range []struct {
		zone, schedule, at string
		after              string
		want               []string
	}{
		{"Africa/Cairo", "daily", "00:00", "2027-04-28 12:00", []string{"2027-04-29 00:00 +0200", "2027-04-30 01:00 +0300", "2027-05-01 00:00 +0300"}},
		{"Africa/Cairo", "last friday", "00:00", "2027-04-01 12:00", []string{"2027-04-30 01:00 +0300", "2027-05-28 00:00 +0300"}},
		{"Africa/Cairo", "last day", "00:00", "2027-04-01 12:00", []string{"2027-04-30 01:00 +0300", "2027-05-31 00:00 +0300"}},
		{"Africa/Cairo", "every thursday", "23:30", "2027-10-27 12:00", []string{"2027-10-28 23:30 +0300", "2027-11-04 23:30 +0200"}},
		{"America/Santiago", "every sunday", "00:00", "2027-09-01 12:00", []string{"2027-09-05 01:00 -0300", "2027-09-12 00:00 -0300"}},
		{"America/Havana", "every sunday", "00:15", "2027-03-08 12:00", []string{"2027-03-14 01:00 -0400", "2027-03-21 00:15 -0400"}},
		{"Europe/Berlin", "daily", "02:30", "2027-03-27 12:00", []string{"2027-03-28 03:00 +0200", "2027-03-29 02:30 +0200"}},
		{"Europe/Berlin", "daily", "02:30", "2027-10-30 12:00", []string{"2027-10-31 02:30 +0200", "2027-11-01 02:30 +0100"}},
		{"Australia/Lord_Howe", "daily", "02:15", "2027-10-02 12:00", []string{"2027-10-03 02:30 +1100", "2027-10-04 02:15 +1100"}},
		{"Europe/Berlin", "last day", "09:00", "2028-02-01 12:00", []string{"2028-02-29 09:00 +0100", "2028-03-31 09:00 +0200"}},
	} {
		t.Run(c.zone+" "+c.schedule+" "+c.at, func(t *testing.T) {
			s, err := ParseSchedule(c.schedule, c.at)
			if err != nil {
				t.Fatal(err)
			}
			next := at(t, zone(t, c.zone), c.after)
			for _, want := range c.want {
				if next = s.Next(next); next.Format("2006-01-02 15:04 -0700") != want {
					t.Fatalf("%s, wanted %s", next.Format("2006-01-02 15:04 -0700"), want)
				}
			}
		})
	}
}
