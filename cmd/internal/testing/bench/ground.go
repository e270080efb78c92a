package main

import (
	"errors"
	"fmt"
	"testing"
)

// ground implements the part of testing.TB that the starters of test servers need, since this
// program also uses them.
type ground struct {
	testing.TB // for the methods that no starter calls
	cleanups   []func()
	err        error
}

func (g *ground) Helper()          {}
func (g *ground) Cleanup(f func()) { g.cleanups = append(g.cleanups, f) }
func (g *ground) note(err error)   { g.err = errors.Join(g.err, err) }

// failure is the panic with which a starter ends its caller.
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

// end runs the cleanup functions in reverse order.
func (g *ground) end() error {
	for i := len(g.cleanups) - 1; i >= 0; i-- {
		g.cleanups[i]()
	}
	g.cleanups = nil
	return g.err
}
