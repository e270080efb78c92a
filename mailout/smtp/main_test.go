package smtp

import (
	"os"
	"testing"

	"tierdesk/migrations/dbtest"
)

func TestMain(m *testing.M) {
	dbtest.AtOnce(2)
	os.Exit(m.Run())
}
