package e2e

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// Stories mostly wait, so more of them go on at once than there are cores, unless -parallel says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		if err := f.Value.Set(strconv.Itoa(3 * runtime.GOMAXPROCS(0))); err != nil {
			panic(err) // a number
		}
	}
	os.Exit(m.Run())
}
