package answers

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// However long a letter is, the decision for which all other mail waits is soon made; up to a length that no filled form
// reaches it is read.
func TestLongLettersAreNotRead(t *testing.T) {
	used := func() time.Duration { // processor time: a busy machine does not lengthen it
		var r syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
			t.Fatal(err)
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	const answer = "2. yes\n\n"
	read := func(name, body string, want bool) {
		before := used()
		got := Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en", Sent: asked})
		if read := len(got.Values)+len(got.Unclear) > 0; read != want || got.TooLong == want {
			t.Errorf("%s: of %d octets read is %v: %+v", name, len(body), read, got)
		}
		if took := used() - before; took > 10*time.Second { // of a minute without the bounds, with room for the race detector
			t.Errorf("%s: of %d octets it took %s", name, len(body), took)
		}
	}
	for name, line := range map[string]string{"labels": "Serial: x, Since: y\n", "prose": "The belt slips and nobody knows why. ",
		"addresses": "a@b ", "letters": "x\n", "cells": "a | b | c\n"} {
		most := min((maxReply-200)/len(line), (maxReplyLines-10)/max(1, strings.Count(line, "\n"))) // just below the bounds
		for n, want := range map[int]bool{min(1000/len(line), most): true, most: true, 20_000 / len(line): false} {
			if n == most && !strings.Contains(line, "\n") {
				n -= most / 20 // the lines are wrapped
			}
			read(name, answer+strings.Repeat(line, n), want)
		}
	}
	for _, line := range []string{"> 2. Have you restarted it?\n", "> x\n", "> a | b | c\n", "> The belt slips and nobody knows why.\n"} {
		for _, n := range []int{1000, 47_000, 60_000, 400_000} { // what is quoted may be as long as it likes
			read("quoted "+line, answer+"> Please answer:\n"+strings.Repeat(line, n/len(line)), true)
		}
	}
}

// The answers stand above a thread that was quoted as a whole.
func TestAboveALongThread(t *testing.T) {
	const answers = "1. X-1\n2. yes\n3. yesterday\n4. 3\n5. laptop\n\nOn Fri, 27 Nov 2026, Desk <desk@example.org> wrote:\n"
	got := Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", answers+strings.Repeat("> The belt slips and nobody knows why.\n", 1500)),
		When{Now: sunday, Language: "en", Sent: asked})
	if len(got.Values) != 5 {
		t.Errorf("read is %+v", got)
	}
}
