package servers

import (
	"errors"
	"fmt"
	"testing"
)

// Outside is what the starters need to know of a test, for programs that use them: what would skip
// or fail a test becomes an error. The zero value is ready. It is used by one goroutine.
type Outside struct {
	testing.TB // for its methods that no starter calls
	cleanups   []func()
	err        error
}

// failure is what ends the work from inside of a starter.
type failure struct{ error }

// Helper does nothing.
func (o *Outside) Helper() {}

// Cleanup has End call f.
func (o *Outside) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// Fatalf ends the function that defers Caught with an error.
func (o *Outside) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// Fatal is Fatalf.
func (o *Outside) Fatal(args ...any) { panic(failure{errors.New(fmt.Sprint(args...))}) }

// Skipf is Fatalf.
func (o *Outside) Skipf(format string, args ...any) { o.Fatalf(format, args...) }

// Errorf notes an error for End.
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

// End undoes what was started, the last first, and gives what Errorf noted.
func (o *Outside) End() error {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
	o.cleanups = nil
	return o.err
}
