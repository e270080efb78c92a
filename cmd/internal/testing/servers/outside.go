package servers

import (
	"errors"
	"fmt"
	"testing"
)

// Outside implements the part of testing.TB that the starters need, for programs that are not
// tests: what would skip or fail a test becomes an error. The zero value is ready to use. It is not
// safe for concurrent use.
type Outside struct {
	testing.TB // for the methods that no starter calls
	cleanups   []func()
	err        error
}

// failure is the panic with which a starter ends its caller.
type failure struct{ error }

// Helper does nothing.
func (o *Outside) Helper() {}

// Cleanup registers f to be called by End.
func (o *Outside) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// Fatalf ends the function that defers Caught with an error.
func (o *Outside) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// Fatal is Fatalf.
func (o *Outside) Fatal(args ...any) { panic(failure{errors.New(fmt.Sprint(args...))}) }

// Skipf is Fatalf.
func (o *Outside) Skipf(format string, args ...any) { o.Fatalf(format, args...) }

// Errorf records an error, which End returns.
func (o *Outside) Errorf(format string, args ...any) {
	o.err = errors.Join(o.err, fmt.Errorf(format, args...))
}

// Caught turns a failure of a starter into the error of the function that defers it.
func (o *Outside) Caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case failure:
		*err = v.error
	default:
		panic(v)
	}
}

// End calls the cleanup functions in reverse order, and returns the errors recorded by Errorf.
func (o *Outside) End() error {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
	o.cleanups = nil
	return o.err
}
