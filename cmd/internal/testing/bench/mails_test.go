package main

import (
	"bytes"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/templates"
)

// The mails are what the program says of them, the same each time, and the desk reads them without a warning.
func TestMails(t *testing.T) {
	const n = 4000
	g, again := newMails(), newMails()
	again.day = g.day
	var octets, attached, replies, largest int
	forms, sets := map[string]int{}, map[string]int{}
	for i := range n {
		raw, f := g.next(i)
		if second, _ := again.next(i); !bytes.Equal(raw, second) {
			t.Fatalf("mail %d is another one the second time", i)
		}
		octets += len(raw)
		largest = max(largest, len(raw))
		forms[f.form]++
		sets[charsets[f.set].name]++
		if f.attached {
			attached++
		}
		if f.reply {
			replies++
		}
		if i >= 300 {
			continue
		}
		m := read.Mail(raw, read.Options{Limits: parse.DefaultLimits(), Markers: []string{templates.Marker}})
		if len(m.Warnings) > 0 || m.Class.Kind != mailin.KindPerson || m.MessageID != f.id || m.Author().Address != f.from {
			t.Errorf("mail %d is read as %v %v from %q with ID %q, wanted from %q with %q", i, m.Class, m.Warnings, m.Author().Address, m.MessageID, f.from, f.id)
		}
	}
	within := func(what string, got, low, high int) {
		if got < low || got > high {
			t.Errorf("%s: %d, wanted %d to %d", what, got, low, high)
		}
	}
	within("mean octets", octets/n, 12_000, 14_000)
	within("largest", largest, 500_000, 1_100_000)
	within("attached of 1000", attached*1000/n, 40, 60)
	within("replies of 1000", replies*1000/n, 370, 430)
	for _, form := range []string{"plain", "alternative", "html"} {
		within(form+" of 1000", forms[form]*1000/n, 100, 500)
	}
	if len(sets) != 9 {
		t.Errorf("%d charsets: %v", len(sets), sets)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		all  []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 3, 2}, 2}} {
		if got := median(c.all); got != c.want {
			t.Errorf("%v: %v, wanted %v", c.all, got, c.want)
		}
	}
}

// BenchmarkRead measures what reading a generated mail costs, without the database.
func BenchmarkRead(b *testing.B) {
	g := newMails()
	var all [][]byte
	for i := range 400 {
		raw, _ := g.next(i)
		all = append(all, raw)
	}
	limits := parse.DefaultLimits()
	limits.TextOnly = true // as the desk has it
	b.ResetTimer()
	for i := range b.N {
		read.Mail(all[i%len(all)], read.Options{Limits: limits, Markers: []string{templates.Marker}})
	}
}
