package e2e

import (
	"os"
	"testing"

	"tierdesk/migrations/dbtest"
)

func TestMain(m *testing.M) {
	dbtest.AtOnce(6)
	os.Exit(m.Run())
}
