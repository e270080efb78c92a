package dbtest

import (
	"flag"
	"runtime"
	"strconv"
)

// AtOnce sets the number of parallel tests for each processor, unless the flag -parallel is given.
// It is for TestMain of packages whose tests mostly wait.
func AtOnce(perProcessor int) {
	flag.Parse()
	f := flag.Lookup("test.parallel")
	if f.Value.String() != strconv.Itoa(runtime.GOMAXPROCS(0)) {
		return
	}
	if err := f.Value.Set(strconv.Itoa(perProcessor * runtime.GOMAXPROCS(0))); err != nil {
		panic(err) // a number
	}
}
