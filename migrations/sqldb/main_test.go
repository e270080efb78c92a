package sqldb_test

import (
	"testing"

	"go.uber.org/goleak"
)

// A closed database leaves no goroutine behind; but a listener whose connection was lost sleeps out its second before it sees the end.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/lib/pq.(*Listener).listenerConnLoop"))
}
