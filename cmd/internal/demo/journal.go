package demo

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// journal is the handler of the desk's log. It writes to a file, keeps the last warnings and
// errors, and passes on what a person editing the desk folder wants to know. It is safe for
// concurrent use.
type journal struct {
	slog.Handler
	*pad
}

// pad is the state that all copies of a journal share.
type pad struct {
	told chan string // warnings, errors, and news of the desk folder

	mu   sync.Mutex
	last []string // complaints
}

func newJournal(out io.Writer) *journal {
	return &journal{Handler: slog.NewTextHandler(out, nil), pad: &pad{told: make(chan string, 20)}}
}

// Handle implements slog.Handler.
func (j *journal) Handle(ctx context.Context, r slog.Record) error {
	complaint := r.Level >= slog.LevelWarn
	if complaint || strings.Contains(r.Message, "desk folder") {
		words := r.Message
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "error" || a.Key == "faults" {
				words += "\n" + a.Value.String()
			}
			return true
		})
		if complaint {
			j.keep(words)
		}
		select {
		case j.told <- words:
		default: // nobody listens during the tour
		}
	}
	return j.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (j *journal) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &journal{Handler: j.Handler.WithAttrs(attrs), pad: j.pad}
}

// WithGroup implements slog.Handler.
func (j *journal) WithGroup(name string) slog.Handler {
	return &journal{Handler: j.Handler.WithGroup(name), pad: j.pad}
}

func (p *pad) keep(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last = append(p.last, strings.ReplaceAll(words, "\n", ": ")); len(p.last) > 5 {
		p.last = p.last[1:]
	}
}

// complaints returns the last few warnings and errors.
func (p *pad) complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.last)
}
