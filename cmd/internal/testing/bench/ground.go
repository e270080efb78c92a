package main

import (
	"errors"
	"fmt"
	"testing"
)

// ground is what the starters of test servers need to know of a test: this program uses them too.
type ground struct {
	testing.TB // for its methods that no starter calls
	cleanups   []func()
	err        error
}

func (g *ground) Helper()          {}
func (g *ground) Cleanup(f func()) { g.cleanups = append(g.cleanups, f) }
func (g *ground) note(err error)   { g.err = errors.Join(g.err, err) }

// failure is what ends the work from inside of a starter.
type failure struct{ error }

func (g *ground) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }
func (g *ground) Fatal(args ...any)                 { panic(failure{errors.New(fmt.Sprint(args...))}) }
func (g *ground) Skipf(format string, args ...any)  { g.Fatalf(format, args...) }
func (g *ground) Errorf(format string, args ...any) { g.note(fmt.Errorf(format, args...)) }

// caught turns a failure of a starter into the error of the function that defers it.
func (g *ground) caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case failure:
		*err = v.error
	default:
		panic(v)
	}
}

// end undoes what was started, the last first.
func (g *ground) end() error {
	for i := len(g.cleanups) - 1; i >= 0; i-- {
		g.cleanups[i]()
	}
	g.cleanups = nil
	return g.err
}
