package imap

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// The range of arrival times that are plausible. No mail is older than IMAP, and none is from later
// than tomorrow: a time outside this range comes from a clock that was not set or from a missing
// value.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

const farthest = 48 * time.Hour

// possible reports whether t is a plausible arrival time.
func possible(t, now time.Time) bool { return !t.Before(earliest) && !t.After(now.Add(farthest)) }

// arrival returns when a mail arrived: the server's time or, if that is implausible, the time in
// the topmost Received field, which our own server wrote. It is zero if unknown.
func (m *fetched) arrival(now time.Time) time.Time {
	if possible(m.received, now) {
		return m.received.UTC()
	}
	return traceTime(m.body, now, "Received")
}

// traceTime returns the time in the first of these fields with a plausible one; zero if there is
// none.
func traceTime(text []byte, now time.Time, fields ...string) time.Time {
	header, _, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	for _, key := range fields {
		value := field(header, key)
		if i := strings.LastIndexByte(value, ';'); i >= 0 { // RFC 5321 section 4.4: the time comes last
			value = value[i+1:]
		}
		if t, err := mail.ParseDate(strings.TrimSpace(value)); err == nil && possible(t, now) {
			return t.UTC()
		}
	}
	return time.Time{}
}
