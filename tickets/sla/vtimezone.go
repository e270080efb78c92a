package sla

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// Bounds of the time zones defined in a file.
const (
	maxZones    = 50
	maxOnsets   = 20_000 // of one zone
	maxObserved = 200    // parts of one zone
)

// onset is a change of a zone's clocks.
type onset struct {
	at        int64 // Unix seconds
	from, to  int   // seconds east of UTC
	isSummers bool
}

// zoneOf makes a time zone from a VTIMEZONE (RFC 5545 section 3.6.5), for zones whose name is
// unknown outside the file.
func (r *icsReader) zoneOf(name string, text []byte) (*time.Location, error) {
	var whole bytes.Buffer
	whole.WriteString("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\n")
	whole.Write(text)
	whole.WriteString("END:VTIMEZONE\r\nEND:VCALENDAR\r\n")
	calendar, err := decodeCalendar(&whole)
	if err != nil {
		return nil, err
	}
	parts := calendar.Children[0].Children
	if len(parts) > maxObserved {
		return nil, fmt.Errorf("it has more than %d parts", maxObserved)
	}
	var all []onset
	for _, part := range parts {
		if part.Name != ical.CompTimezoneStandard && part.Name != ical.CompTimezoneDaylight {
			continue
		}
		some, err := r.onsets(part)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(all) > maxOnsets {
			return nil, fmt.Errorf("its clocks change more than %d times", maxOnsets)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("it has neither STANDARD nor DAYLIGHT")
	}
	slices.SortStableFunc(all, func(a, b onset) int { return cmp.Compare(a.at, b.at) })
	return time.LoadLocationFromTZData(name, tzData(all))
}

// onsets returns the times at which one part of a zone begins.
func (r *icsReader) onsets(part *ical.Component) ([]onset, error) {
	from, err := offset(part, ical.PropTimezoneOffsetFrom)
	if err != nil {
		return nil, err
	}
	to, err := offset(part, ical.PropTimezoneOffsetTo)
	if err != nil {
		return nil, err
	}
	begin := part.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return nil, errors.New("a part of it has no DTSTART")
	}
	first, err := begin.DateTime(time.UTC)
	if err != nil {
		return nil, fmt.Errorf("DTSTART: %w", err)
	}
	walls := []time.Time{first} // in local time before the change
	dates, err := dateList(part.Props[ical.PropRecurrenceDates], false, time.UTC)
	if err != nil {
		return nil, fmt.Errorf("RDATE: %w", err)
	}
	for _, d := range dates {
		walls = append(walls, d.from)
	}
	option, err := part.Props.RecurrenceRule()
	if err != nil {
		return nil, fmt.Errorf("RRULE: %w", err)
	}
	if option != nil {
		if err := r.oneMoreRule(); err != nil {
			return nil, err
		}
		if option.Freq != rrule.YEARLY && option.Freq != rrule.MONTHLY {
			return nil, errors.New("RRULE: clocks change by the year or the month")
		}
		if !option.Until.IsZero() { // it is in UTC (RFC 5545 section 3.3.10)
			option.Until = option.Until.Add(time.Duration(from) * time.Second)
		}
		begin := first
		if floor := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC); option.Count == 0 && begin.Before(floor) { // Outlook begins in 1601
			begin = time.Date(firstYear, first.Month(), first.Day(), first.Hour(), first.Minute(), first.Second(), 0, time.UTC)
		}
		repeated, err := expand(*option, begin)
		if err != nil {
			return nil, fmt.Errorf("RRULE: %w", err)
		}
		walls = append(walls, repeated...)
	}
	out := make([]onset, 0, len(walls))
	for _, wall := range walls {
		out = append(out, onset{at: wall.Unix() - int64(from), from: from, to: to, isSummers: part.Name == ical.CompTimezoneDaylight})
	}
	return out, nil
}

// offset parses an offset from UTC: +0100, -033000.
func offset(part *ical.Component, name string) (int, error) {
	p := part.Props.Get(name)
	if p == nil {
		return 0, fmt.Errorf("a part of it has no %s", name)
	}
	v := p.Value
	if len(v) != len("+0100") && len(v) != len("+010000") || v[0] != '+' && v[0] != '-' {
		return 0, fmt.Errorf("%s: %q is not an offset like +0100", name, v)
	}
	seconds := 0
	for i, unit := 1, 3600; i < len(v); i, unit = i+2, unit/60 {
		n, err := strconv.ParseUint(v[i:i+2], 10, 8)
		if err != nil || i == 1 && n > 23 || i > 1 && n > 59 {
			return 0, fmt.Errorf("%s: %q is not an offset like +0100", name, v)
		}
		seconds += int(n) * unit
	}
	if v[0] == '-' {
		seconds = -seconds
	}
	return seconds, nil
}

// tzData encodes a zone in the file format that Go reads (RFC 8536), which is the only way to make
// a time.Location with more than one offset.
func tzData(all []onset) []byte {
	type kind struct {
		offset  int
		summers bool
	}
	kinds := []kind{{all[0].from, false}} // before the first change
	var times, which []byte
	for i, o := range all {
		if i+1 < len(all) && all[i+1].at == o.at {
			continue // the last one counts
		}
		k := kind{o.to, o.isSummers}
		n := slices.Index(kinds, k)
		if n < 0 && len(kinds) < 255 {
			n, kinds = len(kinds), append(kinds, k)
		}
		times, which = binary.BigEndian.AppendUint64(times, uint64(o.at)), append(which, byte(max(n, 0)))
	}
	header := func(changes, kinds, letters int) []byte {
		out := append([]byte("TZif2"), make([]byte, 15)...)
		for _, n := range []int{0, 0, 0, changes, kinds, letters} {
			out = binary.BigEndian.AppendUint32(out, uint32(n))
		}
		return out
	}
	const letters = "X\x00" // the name of each kind
	out := header(0, 1, len(letters))
	out = append(append(out, 0, 0, 0, 0, 0, 0), letters...)
	out = append(out, header(len(which), len(kinds), len(letters))...)
	out = append(append(out, times...), which...)
	for _, k := range kinds {
		out = binary.BigEndian.AppendUint32(out, uint32(int32(k.offset)))
		summers := byte(0)
		if k.summers {
			summers = 1
		}
		out = append(out, summers, 0)
	}
	return append(append(out, letters...), "\n\n"...)
}
