package sla

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// Bounds of an iCalendar file. Files of holidays are a few kilobytes; a rule without an end is
// expanded up to the horizon. The counts keep a file from taking more than seconds, since the
// libraries cannot be interrupted within an event.
const (
	maxICS        = 2 << 20
	maxEvents     = 10_000
	maxRules      = 300  // events with an RRULE: one without any instance takes up to 80 ms
	maxRuleLength = 1000 // octets of an RRULE
	maxParameters = 1000 // octets in front of a value: go-ical takes quadratic time for them
	maxNesting    = 10   // components within components
	maxDaysOff    = 100_000
	maxEventOff   = 400 * 24 * time.Hour
	maxInterval   = 1000
	maxTimesADay  = 24 // of one RRULE
	firstYear     = 1900
	horizon       = 2100
)

// timeOff is a part of a day that is off.
type timeOff struct {
	day  Date
	span Span
}

// icsError is a mistake in an iCalendar file. Line 0 means the file as a whole.
type icsError struct {
	line int
	err  error
}

func (e *icsError) Error() string { return e.err.Error() }
func (e *icsError) Unwrap() error { return e.err }

// parseICS parses the events of an iCalendar file (RFC 5545) as times off. An event without times
// means whole days; one with times means just those. Cancelled events are ignored. "Transparent"
// ones are not, because files of public holidays mark all their days so. Times without a zone are
// in X-WR-TIMEZONE, which most programs write, or else in the given location. It returns all
// mistakes, each an *icsError. After a mistake, or if ctx ends, it returns no times off at all.
func parseICS(ctx context.Context, file []byte, location *time.Location) ([]timeOff, []error) {
	s, err := splitEvents(file)
	if err != nil {
		return nil, []error{err}
	}
	events := s.events
	r := icsReader{location: location, moved: map[string][]*ical.Prop{}, zones: s.zones, calendars: s.calendars,
		cancelled: map[string]int{}, latest: map[version]int{}}
	var errs []error
	for i := range events {
		if err := givenUp(ctx, events[i].line); err != nil {
			return nil, []error{err}
		}
		if err := r.decode(&events[i]); err != nil {
			events[i].Component = nil
			errs = append(errs, &icsError{events[i].line, err})
		}
	}
	var off []timeOff
	for i := range events {
		e := &events[i]
		if e.Component == nil {
			continue // already reported
		}
		if err := givenUp(ctx, e.line); err != nil {
			return nil, []error{err}
		}
		more, err := r.timesOff(e)
		if err != nil {
			errs = append(errs, &icsError{e.line, fmt.Errorf("event %q: %w", e.summary(), err)})
		}
		if off = append(off, more...); len(off) > maxDaysOff {
			return nil, []error{&icsError{e.line, fmt.Errorf("the events up to this one cover more than %d days off", maxDaysOff)}}
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return off, nil
}

// givenUp returns an error if ctx has ended before the event at a line was read.
func givenUp(ctx context.Context, line int) error {
	if ctx.Err() == nil {
		return nil
	}
	return &icsError{line, fmt.Errorf("stopped reading the events here: %w", context.Cause(ctx))}
}

// event is a VEVENT: its text and first line, then its parsed content.
type event struct {
	line     int
	text     []byte
	calendar int // the index of its VCALENDAR in the file
	ical.Event
	location *time.Location // of its times without a zone known to Go; nil for the desk's
	days     int            // of its DURATION: each as long as the clocks make it (RFC 5545 section 3.3.6)
}

// occurrence is when an event takes place.
type occurrence struct {
	from time.Time
	to   time.Time // zero: as long as the event lasts
}

// calendarHead holds the properties of a VCALENDAR that apply to all its events.
type calendarHead struct {
	zone     string // X-WR-TIMEZONE
	zoneLine int
}

// answers are the methods of mails about events (RFC 5546 section 1.4), which are not lists of
// events.
var answers = []string{"CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}

// fileZone is a VTIMEZONE.
type fileZone struct {
	line int
	text []byte
	name string
	// location and err are the parsed text, set once an event refers to the zone.
	read     bool
	location *time.Location
	err      error
}

func (e *event) summary() string {
	if p := e.Props.Get(ical.PropSummary); p != nil {
		return p.Value
	}
	return "without a name"
}

// splitEvents finds the events of a file without parsing them: go-ical does not know lines, and
// stops at the first mistake. It also checks that the file is an iCalendar file within the bounds.
func splitEvents(file []byte) (*splitter, error) {
	if len(file) > maxICS {
		return nil, &icsError{0, fmt.Errorf("the file has %d bytes: more than %d are not read", len(file), maxICS)}
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if len(bytes.TrimSpace(file)) == 0 {
		return nil, &icsError{0, errors.New("the file is empty")}
	}
	s := &splitter{}
	for line := 1; len(file) > 0; line++ {
		text, rest, _ := bytes.Cut(file, []byte("\n"))
		if err := s.line(line, text, file, rest); err != nil {
			return nil, &icsError{line, err}
		}
		file = rest
	}
	switch {
	case !s.calendar:
		return nil, &icsError{1, errors.New("this is not an iCalendar file: there is no BEGIN:VCALENDAR")}
	case len(s.open) > 0:
		return nil, &icsError{s.begun,
			fmt.Errorf("this is not an iCalendar file: it ends too early, without END:%s", s.open[len(s.open)-1])}
	}
	return s, nil
}

// splitter scans the lines of a file.
type splitter struct {
	events     []event
	zones      []fileZone
	calendars  []calendarHead
	zoneGoesOn bool     // the previous line named a calendar's zone
	open       []string // names of the open components
	begun      int      // the line at which the innermost one began
	calendar   bool     // a VCALENDAR has begun
	start      []byte   // the file below the event's first line
	parameters int      // octets in front of the value in a line that may be continued; -1 after the colon
	quoted     bool
}

// line scans one line. from is the file from that line on, rest is what follows it.
func (s *splitter) line(n int, text, from, rest []byte) error {
	if s.calendar && len(text) > 0 && (text[0] == ' ' || text[0] == '\t') { // a folded line continues
		if s.zoneGoesOn {
			s.calendars[len(s.calendars)-1].zone += strings.TrimRight(string(text[1:]), " \t\r")
		}
		return s.measure(text[1:])
	}
	s.parameters, s.quoted, s.zoneGoesOn = 0, false, false
	if err := s.measure(text); err != nil {
		return err
	}
	name, typed, _ := strings.Cut(strings.TrimSpace(string(text)), ":")
	value := strings.ToUpper(typed)
	if len(s.open) == 1 {
		if err := s.head(n, strings.ToUpper(name), strings.TrimSpace(typed)); err != nil {
			return err
		}
	}
	switch strings.ToUpper(name) {
	case "BEGIN":
		return s.begin(n, value, rest)
	case "END":
		return s.end(value, from)
	default:
		if !s.calendar && len(bytes.TrimSpace(text)) > 0 {
			return errors.New("this is not an iCalendar file: there is no BEGIN:VCALENDAR above this line")
		}
	}
	return nil
}

// head parses the properties of a calendar that apply to all its events.
func (s *splitter) head(n int, name, value string) error {
	name, _, _ = strings.Cut(name, ";")
	switch method := strings.ToUpper(value); {
	case name == "X-WR-TIMEZONE" && value != "":
		head := &s.calendars[len(s.calendars)-1]
		head.zone, head.zoneLine, s.zoneGoesOn = value, n, true
	case name == ical.PropMethod && slices.Contains(answers, method):
		return fmt.Errorf("METHOD:%s: this is a mail about events, not a list of them; name the file that lists them, as it is now", method)
	}
	return nil
}

func (s *splitter) begin(n int, name string, rest []byte) error {
	if len(s.open) == 0 && name != ical.CompCalendar {
		return fmt.Errorf("this is not an iCalendar file: BEGIN:%s is outside a VCALENDAR", name)
	}
	if len(s.open) >= maxNesting {
		return fmt.Errorf("components are nested more than %d deep", maxNesting)
	}
	if s.open, s.begun, s.calendar = append(s.open, name), n, true; len(s.open) == 1 {
		s.calendars = append(s.calendars, calendarHead{})
	}
	if len(s.open) == 2 && name == ical.CompEvent {
		if len(s.events) >= maxEvents {
			return fmt.Errorf("there are more than %d events", maxEvents)
		}
		s.events, s.start = append(s.events, event{line: n, calendar: len(s.calendars) - 1}), rest
	}
	if len(s.open) == 2 && name == ical.CompTimezone {
		if len(s.zones) >= maxZones {
			return fmt.Errorf("there are more than %d time zones", maxZones)
		}
		s.zones, s.start = append(s.zones, fileZone{line: n}), rest
	}
	return nil
}

func (s *splitter) end(name string, from []byte) error {
	if len(s.open) == 0 || s.open[len(s.open)-1] != name {
		return fmt.Errorf("this is not an iCalendar file: END:%s has no BEGIN", name)
	}
	if len(s.open) == 2 && name == ical.CompEvent {
		s.events[len(s.events)-1].text = s.start[:len(s.start)-len(from)]
	}
	if len(s.open) == 2 && name == ical.CompTimezone {
		z := &s.zones[len(s.zones)-1]
		z.text = s.start[:len(s.start)-len(from)]
		z.name = zoneName(z.text)
	}
	s.open = s.open[:len(s.open)-1]
	return nil
}

// measure bounds the part of a line in front of its value.
func (s *splitter) measure(text []byte) error {
	for _, c := range text {
		switch {
		case s.parameters < 0:
			return nil
		case c == '"':
			s.quoted = !s.quoted
		case c == ':' && !s.quoted:
			s.parameters = -1
			return nil
		}
		if s.parameters++; s.parameters > maxParameters {
			return fmt.Errorf("more than %d characters precede the value", maxParameters)
		}
	}
	return nil
}

// icsReader reads the events of one file.
type icsReader struct {
	location  *time.Location
	rules     int
	zones     []fileZone
	moved     map[string][]*ical.Prop // by UID: the instances that have an event of their own (RFC 5545 section 3.8.4.4)
	calendars []calendarHead
	// cancelled has the highest SEQUENCE that is cancelled, by UID; latest the highest of all, by
	// version.
	cancelled map[string]int
	latest    map[version]int
}

// version is what all versions of an event, or of one of its instances, have in common.
type version struct{ uid, instance string }

// version returns what the versions of the event have in common, and false if it has no UID.
func (e *event) version() (version, bool) {
	uid, id := e.Props.Get(ical.PropUID), e.Props.Get(ical.PropRecurrenceID)
	switch {
	case uid == nil || uid.Value == "":
		return version{}, false
	case id == nil:
		return version{uid.Value, ""}, true
	}
	return version{uid.Value, id.Value}, true
}

// decodeCalendar parses a calendar.
func decodeCalendar(file io.Reader) (calendar *ical.Calendar, err error) {
	// go-ical v0.0.0-20250329 panics on a parameter at the end of a line.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this is not an iCalendar file: %v", p)
		}
	}()
	if calendar, err = ical.NewDecoder(file).Decode(); err != nil {
		return nil, fmt.Errorf("this is not an iCalendar file: %w", err)
	}
	return calendar, nil
}

// decode parses the properties of an event.
func (r *icsReader) decode(e *event) error {
	var whole bytes.Buffer
	whole.WriteString("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
	whole.Write(e.text)
	whole.WriteString("END:VEVENT\r\nEND:VCALENDAR\r\n")
	calendar, err := decodeCalendar(&whole)
	if err != nil {
		return err
	}
	e.Event, e.text = calendar.Events()[0], nil
	for _, props := range e.Props {
		for i := range props {
			props[i].Value = strings.TrimRight(props[i].Value, " \t")
			if err := r.locate(e, &props[i]); err != nil {
				return fmt.Errorf("event %q: %w", e.summary(), err)
			}
		}
	}
	if err := r.float(e); err != nil {
		return fmt.Errorf("event %q: %w", e.summary(), err)
	}
	for i := range e.Props[ical.PropRecurrenceRule] { // names and values are case-insensitive (RFC 5545 section 2)
		rule := &e.Props[ical.PropRecurrenceRule][i]
		rule.Value = strings.TrimRight(strings.ToUpper(strings.ReplaceAll(rule.Value, " ", "")), ";")
	}
	if v, ok := e.version(); ok {
		r.latest[v] = max(r.latest[v], e.sequence())
	}
	if id, uid := e.Props.Get(ical.PropRecurrenceID), e.Props.Get(ical.PropUID); id != nil && uid != nil {
		if strings.EqualFold(id.Params.Get(ical.ParamRange), "THISANDFUTURE") {
			return fmt.Errorf("event %q: RANGE=THISANDFUTURE is not read; end the RRULE with UNTIL and make another event", e.summary())
		}
		r.moved[uid.Value] = append(r.moved[uid.Value], id)
	} else if uid != nil && e.isCancelled() {
		r.cancelled[uid.Value] = max(r.cancelled[uid.Value], e.sequence())
	}
	return nil
}

// float gives times without a zone in an event the zone of its calendar.
func (r *icsReader) float(e *event) error {
	head, begin := r.calendars[e.calendar], e.Props.Get(ical.PropDateTimeStart)
	if head.zone == "" || e.location != nil || begin == nil || begin.Params.Get(ical.PropTimezoneID) != "" ||
		len(begin.Value) == len("20060102") || strings.HasSuffix(strings.ToUpper(begin.Value), "Z") {
		return nil
	}
	var err error
	if name := ianaZone(head.zone); name == "Local" { // which is the machine's
		e.location = r.location
	} else if e.location, err = time.LoadLocation(name); err != nil {
		if e.location, err = r.defined(head.zone); err == nil && e.location == nil {
			err = fmt.Errorf("its time zone is X-WR-TIMEZONE in line %d, and there is no time zone %q", head.zoneLine, head.zone)
		}
	}
	return err
}

// isCancelled reports whether the event is marked as cancelled.
func (e *event) isCancelled() bool {
	p := e.Props.Get(ical.PropStatus)
	return p != nil && (strings.EqualFold(p.Value, "CANCELLED") || strings.EqualFold(p.Value, "CANCELED"))
}

// sequence returns the version number of the event.
func (e *event) sequence() int {
	if p := e.Props.Get(ical.PropSequence); p != nil {
		if n, err := p.Int(); err == nil {
			return n
		}
	}
	return 0
}

// locate resolves the zone that a property refers to. The name of a zone defined in the file itself
// is replaced by its definition.
func (r *icsReader) locate(e *event, p *ical.Prop) error {
	name := p.Params.Get(ical.PropTimezoneID)
	if name == "" {
		return nil
	}
	known := ianaZone(name)
	if _, err := time.LoadLocation(known); err == nil && known != "Local" { // which is the machine's
		p.Params.Set(ical.PropTimezoneID, known)
		return nil
	}
	location, err := r.defined(name)
	switch {
	case err != nil:
		return err
	case location != nil:
	case known == "Local":
		location = r.location
	default:
		return nil // reported where it is needed
	}
	if p.Params.Del(ical.PropTimezoneID); p.Name == ical.PropDateTimeStart {
		e.location = location
		return nil
	}
	// The other properties only hold instants.
	var out []string
	for value := range strings.SplitSeq(p.Value, ",") {
		ends := strings.Split(strings.TrimSpace(value), "/") // of a period, or one time alone
		for i, at := range ends {
			if t, err := time.ParseInLocation("20060102T150405", at, location); err == nil {
				ends[i] = t.UTC().Format("20060102T150405Z")
			}
		}
		out = append(out, strings.Join(ends, "/"))
	}
	p.Value = strings.Join(out, ",")
	return nil
}

// defined returns the zone with that name that is defined in the file, nil for none.
func (r *icsReader) defined(name string) (*time.Location, error) {
	name = withoutEscapes(name)
	i := slices.IndexFunc(r.zones, func(z fileZone) bool { return z.name == name })
	if name == "" || i < 0 {
		return nil, nil
	}
	z := &r.zones[i]
	if !z.read {
		z.read = true
		if z.location, z.err = r.zoneOf(name, z.text); z.err != nil {
			z.err = fmt.Errorf("its time zone %q (line %d): %w", name, z.line, z.err)
		}
	}
	return z.location, z.err
}

// zoneName returns the name of a VTIMEZONE, "" for none.
func zoneName(text []byte) string {
	unfolded := strings.NewReplacer("\r\n ", "", "\n ", "", "\r\n\t", "", "\n\t", "").Replace(string(text))
	for line := range strings.Lines(unfolded) {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		field, _, _ = strings.Cut(field, ";")
		if strings.EqualFold(field, ical.PropTimezoneID) {
			return withoutEscapes(value)
		}
	}
	return ""
}

func withoutEscapes(name string) string { return strings.ReplaceAll(name, "\\", "") }

// timesOff returns the times off of an event.
func (r *icsReader) timesOff(e *event) ([]timeOff, error) {
	if e.isCancelled() {
		return nil, nil
	}
	if uid := e.Props.Get(ical.PropUID); uid != nil {
		if last, ok := r.cancelled[uid.Value]; ok && e.sequence() <= last {
			return nil, nil
		}
	}
	if v, ok := e.version(); ok && e.sequence() < r.latest[v] {
		return nil, nil // an older version of another event in the file
	}
	if e.Props.Get("EXRULE") != nil { // RFC 2445, which RFC 5545 has replaced
		return nil, errors.New("an EXRULE is not read; name the days in EXDATE")
	}
	start, length, wholeDays, err := e.extent(cmp.Or(e.location, r.location))
	if err != nil {
		return nil, err
	}
	if length == 0 {
		return nil, nil
	}
	all := []occurrence{{from: start}}
	if e.Props.Get(ical.PropRecurrenceID) == nil {
		if all, err = r.instances(e, start, wholeDays); err != nil {
			return nil, err
		}
	}
	var out []timeOff
	for _, o := range all {
		if wholeDays {
			for day, n := dateOf(o.from), int(length/(24*time.Hour)); n > 0; day, n = day.add(1), n-1 {
				out = append(out, timeOff{day, Span{0, endOfDay}})
			}
		} else {
			if o.to.IsZero() {
				o.to = o.from.AddDate(0, 0, e.days).Add(length - time.Duration(e.days)*24*time.Hour)
			}
			out = append(out, onDays(o.from.In(r.location), lastMinute(o.to, r.location))...)
		}
		if len(out) > maxDaysOff {
			return nil, fmt.Errorf("it covers more than %d days off", maxDaysOff)
		}
	}
	return out, nil
}

// extent returns the first start of an event and its length. Whole days are computed in UTC, where
// each has 24 hours and UNTIL (which is in UTC) means the same day.
func (e *event) extent(location *time.Location) (start time.Time, length time.Duration, wholeDays bool, err error) {
	begin := e.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return start, 0, false, errors.New("it has no DTSTART")
	}
	if wholeDays = len(strings.TrimSpace(begin.Value)) == len("20060102"); wholeDays {
		location = time.UTC
		for _, name := range []string{ical.PropDateTimeStart, ical.PropDateTimeEnd} {
			if p := e.Props.Get(name); p != nil {
				p.SetValueType(ical.ValueDate) // some programs leave it out
				p.Value = wholeDay(p.Value)
				e.Props.Set(p)
			}
		}
	}
	if start, err = e.DateTimeStart(location); err != nil {
		return start, 0, false, fmt.Errorf("DTSTART: %w", err)
	}
	end, err := e.DateTimeEnd(location)
	if err != nil {
		return start, 0, false, fmt.Errorf("DTEND or DURATION: %w", err)
	}
	length = end.Sub(start)
	if p := e.Props.Get(ical.PropDuration); p != nil && !wholeDays && length > 0 && e.Props.Get(ical.PropDateTimeEnd) == nil {
		e.days = min(daysOf(p.Value), int(length/(24*time.Hour)))
	}
	switch {
	case start.Year() < firstYear || start.Year() > horizon:
		return start, 0, false, fmt.Errorf("it begins in the year %d: between %d and %d are read", start.Year(), firstYear, horizon)
	case length < 0:
		return start, 0, false, errors.New("it ends before it begins")
	case length > maxEventOff:
		return start, 0, false, fmt.Errorf("it lasts %d days", int(length.Hours()/24))
	case wholeDays && length < 24*time.Hour:
		length = 24 * time.Hour // some programs write the last day, not the day after it
	}
	return start, length, wholeDays, nil
}

// daysOf returns the days and weeks of a duration such as P1DT2H, in days.
func daysOf(duration string) (days int) {
	date, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(duration)), "T")
	n := 0
	for _, c := range date {
		switch {
		case '0' <= c && c <= '9':
			n = min(n*10+int(c-'0'), maxDaysOff)
		case c == 'W':
			days, n = days+7*n, 0
		case c == 'D':
			days, n = days+n, 0
		}
	}
	return days
}

// wholeDay returns the day that ends at a time, for an end of whole days that is written as a time.
func wholeDay(value string) string {
	date, clock, isTime := strings.Cut(value, "T")
	day, err := time.Parse("20060102", date)
	if !isTime || err != nil || strings.TrimRight(clock, "0Z") == "" {
		return date
	}
	return day.AddDate(0, 0, 1).Format("20060102")
}

// lastMinute treats the last minute of a day, in the event's zone or in ours, as the end of that
// day: many programs end whole days at 23:59. Likewise it treats the last second of any minute as
// the end of that minute.
func lastMinute(end time.Time, location *time.Location) time.Time {
	if end.Second() == 59 {
		end = end.Add(time.Second)
	}
	for _, local := range []time.Time{end, end.In(location)} {
		if local.Hour() == 23 && local.Minute() == 59 {
			end = local.Truncate(time.Minute).Add(time.Minute)
		}
	}
	return end.In(location)
}

// onDays splits a period into days. It returns nothing if the period ends before it begins.
func onDays(from, to time.Time) []timeOff {
	var out []timeOff
	for day, last := dateOf(from), dateOf(to); !last.before(day); day = day.add(1) {
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
	}
	return out
}

// instances returns when an event takes place. It does not use RecurrenceSet of go-ical, which
// treats EXDATE as RDATE and does not accept lists.
func (r *icsReader) instances(e *event, start time.Time, wholeDays bool) ([]occurrence, error) {
	if rule := e.Props.Get(ical.PropRecurrenceRule); rule != nil && len(rule.Value) > maxRuleLength {
		return nil, fmt.Errorf("an RRULE of more than %d characters is not read", maxRuleLength)
	}
	if len(e.Props[ical.PropRecurrenceRule]) > 1 { // RFC 5545 section 3.8.5.3 leaves open what that means
		return nil, errors.New("it has more than one RRULE; make an event of each")
	}
	option, err := e.Props.RecurrenceRule()
	if err != nil {
		return nil, fmt.Errorf("RRULE: %w", err)
	}
	location := cmp.Or(e.location, r.location)
	if wholeDays {
		location = time.UTC
		if option != nil && !option.Until.Equal(option.Until.Truncate(24*time.Hour)) { // the end of a local day, given in UTC
			local := option.Until.In(r.location)
			option.Until = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
		}
	}
	except, err := dateList(e.Props[ical.PropExceptionDates], wholeDays, location)
	if err != nil {
		return nil, fmt.Errorf("EXDATE: %w", err)
	}
	if uid := e.Props.Get(ical.PropUID); uid != nil && option != nil {
		var moved []ical.Prop
		for _, p := range r.moved[uid.Value] {
			moved = append(moved, *p)
		}
		others, err := dateList(moved, wholeDays, location)
		if err != nil {
			return nil, fmt.Errorf("RECURRENCE-ID: %w", err)
		}
		except = append(except, others...)
	}
	out, err := dateList(e.Props[ical.PropRecurrenceDates], wholeDays, location)
	if err != nil {
		return nil, fmt.Errorf("RDATE: %w", err)
	}
	out = append(out, occurrence{from: start})
	if option != nil {
		if err := r.oneMoreRule(); err != nil {
			return nil, err
		}
		more, err := expand(*option, start)
		if err != nil {
			return nil, fmt.Errorf("RRULE: %w", err)
		}
		for _, from := range more {
			out = append(out, occurrence{from: from})
		}
	}
	left := make(map[int64]bool, len(except))
	for _, o := range except {
		left[o.from.Unix()] = true
	}
	days := exceptedDays(e, wholeDays)
	out = slices.DeleteFunc(out, func(o occurrence) bool {
		t := o.from
		return left[t.Unix()] || days[t.In(location).Format("20060102")] || t.Year() < firstYear || t.Year() > horizon
	})
	// A period (of RDATE, which stands first) says for itself how long it lasts.
	slices.SortStableFunc(out, func(a, b occurrence) int { return a.from.Compare(b.from) })
	return slices.CompactFunc(out, func(a, b occurrence) bool { return a.from.Equal(b.from) }), nil
}

func (r *icsReader) oneMoreRule() error {
	if r.rules++; r.rules > maxRules {
		return fmt.Errorf("it is one of more than %d with an RRULE", maxRules)
	}
	return nil
}

// exceptedDays returns the days on which an event with times does not take place, for programs that
// give only the day of an exception.
func exceptedDays(e *event, wholeDays bool) map[string]bool {
	out := map[string]bool{}
	for _, p := range e.Props[ical.PropExceptionDates] {
		for value := range strings.SplitSeq(p.Value, ",") {
			if value = strings.TrimSpace(value); !wholeDays && len(value) == len("20060102") {
				out[value] = true
			}
		}
	}
	return out
}

// expand returns the instants of a rule, up to the horizon.
func expand(option rrule.ROption, start time.Time) ([]time.Time, error) {
	times := max(1, len(option.Byhour)) * max(1, len(option.Byminute)) * max(1, len(option.Bysecond))
	switch {
	case option.Freq > rrule.DAILY:
		return nil, fmt.Errorf("a holiday cannot come every %s", strings.TrimSuffix(strings.ToLower(option.Freq.String()), "ly"))
	case option.Interval < 0 || option.Interval > maxInterval: // a large one overflows in rrule-go, which then never ends
		return nil, fmt.Errorf("an INTERVAL of %d is not read, only up to %d", option.Interval, maxInterval)
	case times > maxTimesADay:
		return nil, fmt.Errorf("it comes %d times a day", times)
	}
	option.Dtstart = start
	if last := time.Date(horizon, 1, 1, 0, 0, 0, 0, time.UTC); option.Count == 0 && (option.Until.IsZero() || option.Until.After(last)) {
		option.Until = last
	}
	rule, err := rrule.NewRRule(option)
	if err != nil {
		return nil, err
	}
	var out []time.Time
	for next := rule.Iterator(); ; {
		at, ok := next()
		if !ok || at.Year() >= horizon {
			return out, nil
		}
		if out = append(out, at); len(out) > maxDaysOff {
			return nil, fmt.Errorf("it comes more than %d times", maxDaysOff)
		}
	}
}

// dateList parses properties with lists of dates, times or periods (RFC 5545 sections 3.8.5.1
// and 3.8.5.2). For whole days only the date counts, however it is written.
func dateList(props []ical.Prop, wholeDays bool, location *time.Location) ([]occurrence, error) {
	var out []occurrence
	for _, p := range props {
		for value := range strings.SplitSeq(p.Value, ",") {
			value, until, isPeriod := strings.Cut(strings.TrimSpace(value), "/")
			from, err := dateIn(&p, value, wholeDays, location)
			if err != nil {
				return nil, err
			}
			o := occurrence{from: from}
			if isPeriod && !wholeDays {
				if o.to, err = periodEnd(&p, from, until, location); err != nil {
					return nil, err
				}
			}
			if out = append(out, o); len(out) > maxDaysOff {
				return nil, fmt.Errorf("there are more than %d dates", maxDaysOff)
			}
		}
	}
	return out, nil
}

// dateIn parses a date or time of a property that may hold several.
func dateIn(p *ical.Prop, value string, wholeDays bool, location *time.Location) (time.Time, error) {
	one := ical.NewProp(p.Name)
	if one.SetValueType(ical.ValueDateTime); len(value) == len("20060102") || wholeDays {
		one.SetValueType(ical.ValueDate)
		value = value[:min(len(value), len("20060102"))]
	} else if zone := p.Params.Get(ical.PropTimezoneID); zone != "" {
		one.Params.Set(ical.PropTimezoneID, zone)
	}
	one.Value = value
	return one.DateTime(location)
}

// periodEnd parses the end of a period: a time, or how long it lasts (RFC 5545 section 3.3.9).
func periodEnd(p *ical.Prop, from time.Time, until string, location *time.Location) (to time.Time, err error) {
	if strings.ContainsAny(until, "Pp") {
		lasts := ical.NewProp(ical.PropDuration)
		lasts.Value = strings.ToUpper(until)
		length, err := lasts.Duration()
		if err != nil {
			return to, err
		}
		days := min(daysOf(until), int(length/(24*time.Hour)))
		to = from.AddDate(0, 0, days).Add(length - time.Duration(days)*24*time.Hour)
	} else if to, err = dateIn(p, until, false, location); err != nil {
		return to, err
	}
	switch length := to.Sub(from); {
	case length < 0:
		return to, errors.New("a period ends before it begins")
	case length > maxEventOff:
		return to, fmt.Errorf("a period lasts %d days", int(length.Hours()/24))
	}
	return to, nil
}
