package sla

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// Bounds of an iCalendar file. Holiday files are a few kilobytes; a rule without an end is followed to the horizon.
const (
	maxICS      = 2 << 20
	maxDaysOff  = 100_000
	maxEventOff = 400 * 24 * time.Hour
	horizon     = 2100
)

// timeOff is a part of a day that is taken off.
type timeOff struct {
	day  Date
	span Span
}

// parseICS reads the events of an iCalendar file (RFC 5545) as times off. An event without times takes whole days; one with times
// takes these out of the hours. Cancelled events are left out; "transparent" ones are not, because files of public holidays mark
// all their days so. Times without a zone are those of the given location.
func parseICS(file []byte, location *time.Location) (off []timeOff, err error) {
	// go-ical v0.0.0-20250329 panics on a parameter at the end of a line.
	defer func() {
		if p := recover(); p != nil {
			off, err = nil, fmt.Errorf("this is no iCalendar file: %v", p)
		}
	}()
	if len(file) > maxICS {
		return nil, fmt.Errorf("the file has %d bytes: more than %d are not read", len(file), maxICS)
	}
	file = bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\ufeff")))
	if len(file) == 0 {
		return nil, errors.New("the file is empty")
	}
	// The decoder tells the end of the file and a file that is cut off by the same error, so the calendars are counted first.
	calendars := len(reCalendar.FindAll(file, -1))
	if calendars == 0 {
		return nil, errors.New("this is no iCalendar file: there is no BEGIN:VCALENDAR")
	}
	var errs []error
	for d := ical.NewDecoder(bytes.NewReader(file)); calendars > 0; calendars-- {
		calendar, err := d.Decode()
		if errors.Is(err, io.EOF) {
			err = errors.New("it ends too early")
		}
		if err != nil {
			return nil, fmt.Errorf("this is no iCalendar file: %w", err)
		}
		replaced := overrides(calendar)
		for _, e := range calendar.Events() {
			more, err := eventOff(e, replaced, location)
			if err != nil {
				errs = append(errs, fmt.Errorf("event %q: %w", summary(e), err))
			}
			off = append(off, more...)
			if len(off) > maxDaysOff {
				return nil, fmt.Errorf("the events take more than %d days off", maxDaysOff)
			}
		}
	}
	return off, errors.Join(errs...)
}

var reCalendar = regexp.MustCompile(`(?mi)^BEGIN:VCALENDAR[ \t]*\r?$`)

func summary(e ical.Event) string {
	if p := e.Props.Get(ical.PropSummary); p != nil {
		return p.Value
	}
	return "without a name"
}

// overrides gives, for each UID, the instances that have an event of their own (RFC 5545 section 3.8.4.4).
func overrides(c *ical.Calendar) map[string][]ical.Prop {
	out := map[string][]ical.Prop{}
	for _, e := range c.Events() {
		if id, uid := e.Props.Get(ical.PropRecurrenceID), e.Props.Get(ical.PropUID); id != nil && uid != nil {
			out[uid.Value] = append(out[uid.Value], *id)
		}
	}
	return out
}

func eventOff(e ical.Event, replaced map[string][]ical.Prop, location *time.Location) ([]timeOff, error) {
	if status, err := e.Status(); err == nil && status == ical.EventCancelled {
		return nil, nil
	}
	begin := e.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return nil, errors.New("it has no DTSTART")
	}
	// Whole days are reckoned in UTC, where each has 24 hours and UNTIL (which is in UTC) means the same day.
	wholeDays := len(strings.TrimSpace(begin.Value)) == len("20060102")
	if wholeDays {
		location = time.UTC
		for _, name := range []string{ical.PropDateTimeStart, ical.PropDateTimeEnd} {
			if p := e.Props.Get(name); p != nil {
				p.SetValueType(ical.ValueDate) // some programs leave it out
			}
		}
	}
	start, err := e.DateTimeStart(location)
	if err != nil {
		return nil, fmt.Errorf("DTSTART: %w", err)
	}
	end, err := e.DateTimeEnd(location)
	if err != nil {
		return nil, fmt.Errorf("DTEND: %w", err)
	}
	length := end.Sub(start)
	if wholeDays && length < 24*time.Hour {
		length = 24 * time.Hour // some programs write the last day, not the day after it
	}
	if length > maxEventOff {
		return nil, fmt.Errorf("it lasts %d days", int(length.Hours()/24))
	}
	starts := []time.Time{start}
	if e.Props.Get(ical.PropRecurrenceID) == nil {
		if starts, err = instances(e, start, wholeDays, replaced, location); err != nil {
			return nil, err
		}
	}
	var out []timeOff
	for _, from := range starts {
		if wholeDays {
			for day, n := dateOf(from), int(length/(24*time.Hour)); n > 0; day, n = day.add(1), n-1 {
				out = append(out, timeOff{day, Span{0, endOfDay}})
			}
		} else {
			out = append(out, onDays(from.In(location), from.Add(length).In(location))...)
		}
		if len(out) > maxDaysOff {
			return nil, fmt.Errorf("it takes more than %d days off", maxDaysOff)
		}
	}
	return out, nil
}

// onDays cuts a stretch of time into days.
func onDays(from, to time.Time) []timeOff {
	var out []timeOff
	for day, last := dateOf(from), dateOf(to); ; day = day.add(1) {
		s := Span{0, endOfDay}
		if day == dateOf(from) {
			s.From = TimeOfDay(from.Hour()*60 + from.Minute())
		}
		if day == last {
			s.To = TimeOfDay(to.Hour()*60 + to.Minute())
		}
		if s.From < s.To {
			out = append(out, timeOff{day, s})
		}
		if day == last {
			return out
		}
	}
}

// instances gives when the event begins, each time. RecurrenceSet of go-ical is not used: it takes EXDATE for RDATE and no lists.
func instances(e ical.Event, start time.Time, wholeDays bool, replaced map[string][]ical.Prop, location *time.Location) ([]time.Time, error) {
	option, err := e.Props.RecurrenceRule()
	if err != nil {
		return nil, err
	}
	var except, more []time.Time
	if except, err = dateList(e.Props.Values(ical.PropExceptionDates), wholeDays, location); err != nil {
		return nil, fmt.Errorf("EXDATE: %w", err)
	}
	if uid := e.Props.Get(ical.PropUID); uid != nil {
		others, err := dateList(replaced[uid.Value], wholeDays, location)
		if err != nil {
			return nil, fmt.Errorf("RECURRENCE-ID: %w", err)
		}
		except = append(except, others...)
	}
	if more, err = dateList(e.Props.Values(ical.PropRecurrenceDates), wholeDays, location); err != nil {
		return nil, fmt.Errorf("RDATE: %w", err)
	}
	out := append([]time.Time{start}, more...)
	if option != nil {
		if option.Freq > rrule.DAILY {
			return nil, fmt.Errorf("RRULE: a holiday cannot come every %s", strings.TrimSuffix(strings.ToLower(option.Freq.String()), "ly"))
		}
		option.Dtstart = start
		if last := time.Date(horizon, 1, 1, 0, 0, 0, 0, time.UTC); option.Count == 0 && (option.Until.IsZero() || option.Until.After(last)) {
			option.Until = last
		}
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			return nil, fmt.Errorf("RRULE: %w", err)
		}
		for next := rule.Iterator(); ; {
			at, ok := next()
			if !ok || at.Year() >= horizon {
				break
			}
			if out = append(out, at); len(out) > maxDaysOff {
				return nil, fmt.Errorf("RRULE: it comes more than %d times", maxDaysOff)
			}
		}
	}
	out = slices.DeleteFunc(out, func(t time.Time) bool { return slices.ContainsFunc(except, t.Equal) })
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal), nil
}

// dateList reads properties that hold lists of dates or times (RFC 5545 sections 3.8.5.1 and 3.8.5.2). Of whole days only the date
// counts, however it is written; of a period only its beginning.
func dateList(props []ical.Prop, wholeDays bool, location *time.Location) ([]time.Time, error) {
	var out []time.Time
	for _, p := range props {
		for _, value := range strings.Split(p.Value, ",") {
			value, _, _ = strings.Cut(strings.TrimSpace(value), "/")
			one := ical.NewProp(p.Name)
			if one.SetValueType(ical.ValueDateTime); len(value) == len("20060102") || wholeDays {
				one.SetValueType(ical.ValueDate)
				value = value[:min(len(value), len("20060102"))]
			} else if zone := p.Params.Get(ical.PropTimezoneID); zone != "" {
				one.Params.Set(ical.PropTimezoneID, zone)
			}
			one.Value = value
			t, err := one.DateTime(location)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}
