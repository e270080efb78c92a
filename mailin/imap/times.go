package imap

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// The times that a server may tell of a mail. No mail is older than IMAP, and none comes from the
// day after tomorrow: whatever says so is a clock that was not set, or nothing that anybody knew.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

const farthest = 48 * time.Hour

// possible reports whether a mail can have come at t.
func possible(t, now time.Time) bool { return !t.Before(earliest) && !t.After(now.Add(farthest)) }

// arrival returns when a mail came: as the server says, or if that cannot be, as the topmost
// Received field says, which our own server has written. It is zero if nobody knows.
func (m *fetched) arrival(now time.Time) time.Time {
	if possible(m.received, now) {
		return m.received.UTC()
	}
	return traceTime(m.body, now, "Received")
}

// traceTime returns the time that the first of these fields holds, if it can be; zero if none does.
func traceTime(text []byte, now time.Time, fields ...string) time.Time {
	header, _, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	for _, key := range fields {
		value := field(header, key)
		if i := strings.LastIndexByte(value, ';'); i >= 0 { // RFC 5321 section 4.4: the time stands last
			value = value[i+1:]
		}
		if t, err := mail.ParseDate(strings.TrimSpace(value)); err == nil && possible(t, now) {
			return t.UTC()
		}
	}
	return time.Time{}
}
